using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests;

public abstract class RunStoreTests(TestLabs labs)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_ShowsOwnAndReferenceToAStudent_AllToTheInstructor()
    {
        await using var lab = await labs.OpenAsync();
        var (ada, bo) = (await lab.AddStudentAsync("Ada"), await lab.AddStudentAsync("Bo"));
        var (of, reference) = (await lab.LaunchAsync(ada), await InstallReferenceAsync(lab));
        var other = await lab.LaunchAsync(bo);
        await lab.LaunchAsync(TestLab.Instructor);

        Assert.Equal([reference.Id, of.Id], (await lab.Store.ListAsync(ada, Token)).Select(run => run.Id));
        Assert.Equal(4, (await lab.Store.ListAsync(TestLab.Instructor, Token)).Count);
        Assert.Null(await lab.Store.FindAsync(other.Id, ada, Token));
        await Assert.ThrowsAsync<RunNotFoundException>(() => lab.Launcher.CancelAsync(other.Id, ada, Token));
        await Assert.ThrowsAsync<RunNotFoundException>(() => lab.Launcher.DeleteAsync(other.Id, ada, Token));
    }

    [Fact]
    public async Task SharedRun_IsReadByTheSectionOfItsOwner_WhicheverThatIs_AndLeftAsItIs()
    {
        await using var lab = await labs.OpenAsync();
        var courses = lab.Get<CourseStore>();
        await courses.SetUpAsync("QRTXYA", isSet: false, Token);
        var first = await courses.DefaultSectionAsync(Token);
        var other = (await courses.CreateAsync("Vision", null, null, TestLab.Instructor, Token)).Sections[0];
        var (ada, bo, cy) = (await lab.AddStudentAsync("Ada"), await lab.AddStudentAsync("Bo"), await lab.AddStudentAsync("Cy"));
        await MoveAsync(bo, first.Id);       // Ada is there too, without a word in her row
        await MoveAsync(cy, other.Id);
        var run = await lab.LaunchAsync(ada);
        await Assert.ThrowsAsync<RunNotFoundException>(() => lab.Launcher.ShareAsync(run.Id, true, bo, Token));

        await lab.Launcher.ShareAsync(run.Id, true, ada, Token);

        Assert.NotNull((await lab.Store.FindAsync(run.Id, bo, Token))?.SharedAt);
        Assert.Null(await lab.Store.FindAsync(run.Id, cy, Token));
        Assert.Null(await lab.Store.FindAsync(run.Id, new(null, "Nobody", IsInstructor: false), Token));
        Assert.Equal([run.Id], (await lab.Store.FindAllAsync([run.Id, 999], bo, Token)).Select(found => found.Id));
        Assert.Empty(await lab.Store.ListAsync(bo, Token));
        foreach (var change in (Func<Task>[])
            [() => lab.Launcher.CancelAsync(run.Id, bo, Token), () => lab.Launcher.ResumeAsync(run.Id, bo, Token), () => lab.Launcher.EvaluateAsync(run.Id, bo, Token),
             () => lab.Launcher.DeleteAsync(run.Id, bo, Token), () => lab.Launcher.ShareAsync(run.Id, false, bo, Token)])
        {
            Assert.True((await Assert.ThrowsAsync<RequestRefusedException>(change)).IsForbidden);
        }
        await MoveAsync(bo, other.Id);
        Assert.Null(await lab.Store.FindAsync(run.Id, bo, Token));
        await MoveAsync(bo, null);
        Assert.NotNull(await lab.Store.FindAsync(run.Id, bo, Token));

        // Those who teach may end it, and do not begin it.
        await lab.Launcher.ShareAsync(run.Id, false, TestLab.Instructor, Token);
        Assert.Null(await lab.Store.FindAsync(run.Id, bo, Token));
        Assert.True((await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Launcher.ShareAsync(run.Id, true, TestLab.Instructor, Token))).IsForbidden);

        async Task MoveAsync(Viewer viewer, int? section)
        {
            await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
            await db.Members.Where(member => member.Id == viewer.MemberId).ExecuteUpdateAsync(set => set.SetProperty(member => member.SectionId, section), Token);
        }
    }

    [Fact]
    public async Task List_ForSomebodyWithoutAMemberRow_HoldsNothingOfOthers()
    {
        await using var lab = await labs.OpenAsync();
        await lab.LaunchAsync(TestLab.Instructor);      // without an owner in this test

        Assert.Empty(await lab.Store.ListAsync(new(null, "Nobody", IsInstructor: false), Token));
    }

    [Fact]
    public async Task Reference_IsInstalledOnceWithItsFiles_AndStays()
    {
        await using var lab = await labs.OpenAsync();
        var reference = await InstallReferenceAsync(lab);
        await InstallReferenceAsync(lab);

        var run = Assert.Single(await lab.Store.ListAsync(TestLab.Instructor, Token));
        Assert.Equal(("Light reference", RunState.Completed, 40, 30), (run.Name, run.State, run.Step, run.BestStep));
        Assert.Equal([30], lab.Store.FolderOf(run).CheckpointSteps());
        var student = await lab.AddStudentAsync("Ada");
        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Launcher.DeleteAsync(reference.Id, student, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Launcher.CancelAsync(reference.Id, TestLab.Instructor, Token));
    }

    [Fact]
    public async Task Reference_OfATimeBeforeStatistics_GetsThem_ButOnlyThoseOfItsOwnWeights()
    {
        await using var lab = await labs.OpenAsync();
        var installed = lab.Store.FolderOf(await InstallReferenceAsync(lab));
        var source = new RunFolder(Path.Combine(lab.Directory, "reference"));
        File.WriteAllText(source.WeightsPath(30), "these weights");
        File.WriteAllText(source.FeaturesPath, "their features");
        File.WriteAllText(installed.WeightsPath(30), "other weights");

        await InstallReferenceAsync(lab);
        Assert.False(File.Exists(installed.FeaturesPath));

        File.WriteAllText(installed.WeightsPath(30), "these weights");
        await InstallReferenceAsync(lab);
        Assert.Equal("their features", File.ReadAllText(installed.FeaturesPath));

        File.WriteAllText(installed.FeaturesPath, "fewer");
        await InstallReferenceAsync(lab);
        Assert.Equal("their features", File.ReadAllText(installed.FeaturesPath));      // the shorter ones know less

        File.WriteAllText(installed.FeaturesPath, "measured by the instructor");
        await InstallReferenceAsync(lab);
        Assert.Equal("measured by the instructor", File.ReadAllText(installed.FeaturesPath));
    }

    private static async Task<Run> InstallReferenceAsync(TestLab lab)
    {
        var source = new RunFolder(Path.Combine(lab.Directory, "reference"));
        source.WriteSpec(new() { Name = "Light reference", Dataset = "phantom", Network = "lite", Hyperparameters = new() { Steps = 40 } });
        Directory.CreateDirectory(source.CheckpointPath(30));
        await lab.Get<ReferenceRun>().InstallAsync(source, bestStep: 30, Token);
        return (await lab.Store.ListAsync(TestLab.Instructor, Token)).Single(run => run.IsReference);
    }
}

public sealed class EmbeddedRunStoreTests() : RunStoreTests(TestLabs.Embedded);

public sealed class ScaledOutRunStoreTests(PostgresServer server) : RunStoreTests(new TestLabs(server));
