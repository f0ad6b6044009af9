using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Courses;

/// <summary>What a course leaves its students is remembered for seconds, and yet every change holds at the next question.</summary>
public abstract class CourseDatasetsTests(TestLabs labs)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limits_HoldAtTheNextQuestion_WhateverChangesThem()
    {
        await using var lab = await labs.OpenAsync();
        var (courses, datasets) = (lab.Get<CourseStore>(), lab.Get<CourseDatasets>());
        await courses.SetUpAsync("QRTXYA", isSet: false, Token);
        var (here, elsewhere) = (await courses.DefaultSectionAsync(Token), (await courses.CreateAsync("Vision", null, null, TestLab.Instructor, Token)).Sections[0]);
        Viewer[] students = [await lab.AddStudentAsync("Ada"), await lab.AddStudentAsync("Bo")];
        var (owner, other) = (students[0], students[1].MemberId!.Value);
        var run = await lab.LaunchAsync(owner);
        await AssertAsync(ada: true, bo: true);

        await courses.ChooseDatasetsAsync(here.CourseId, ["other"], TestLab.Instructor, Token);
        await AssertAsync(ada: true, bo: false);
        await lab.Launcher.ShareAsync(run.Id, true, owner, Token);
        await AssertAsync(ada: true, bo: true);
        await lab.Launcher.ShareAsync(run.Id, false, owner, Token);
        await AssertAsync(ada: true, bo: false);
        await courses.MoveAsync(other, elsewhere.Id, TestLab.Instructor, Token);
        await AssertAsync(ada: true, bo: true);
        await courses.MoveAsync(other, here.Id, TestLab.Instructor, Token);
        await AssertAsync(ada: true, bo: false);
        await lab.Launcher.CancelAsync(run.Id, owner, Token);
        await lab.Launcher.DeleteAsync(run.Id, owner, Token);
        await AssertAsync(ada: false, bo: false);
        await courses.ChooseDatasetsAsync(here.CourseId, null, TestLab.Instructor, Token);
        await AssertAsync(ada: true, bo: true);

        async Task AssertAsync(bool ada, bool bo)
        {
            // Twice: the second answer is a remembered one.
            for (var i = 0; i < 2; i++) Assert.Equal((ada, bo), (await OpensAsync(students[0]), await OpensAsync(students[1])));
        }

        async Task<bool> OpensAsync(Viewer viewer) => (await datasets.OfAsync(viewer, Token)).Opens("xray");
    }

    /// <summary>A class at work writes every second how far it is; that makes nobody ask the database again.</summary>
    [Fact]
    public async Task Progress_DecidesNothing()
    {
        await using var lab = await labs.OpenAsync();
        var changes = lab.Get<AccessChanges>();
        var before = changes.Version;
        var run = await lab.LaunchAsync(TestLab.Instructor);
        var launched = changes.Version;

        Assert.True(launched > before, "A launch was not counted.");
        Assert.True(await lab.Transitions.TryCancelQueuedAsync(run.Id, "Canceled.", Token));
        Assert.Equal(launched, changes.Version);
    }
}

public sealed class EmbeddedCourseDatasetsTests() : CourseDatasetsTests(TestLabs.Embedded);

public sealed class ScaledOutCourseDatasetsTests(PostgresServer server) : CourseDatasetsTests(new TestLabs(server));
