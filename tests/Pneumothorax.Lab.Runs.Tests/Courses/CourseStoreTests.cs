using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs.Tests.Courses;

public abstract class CourseStoreTests(TestLabs labs)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SetUp_MakesOneCourseWithTheClassCode_AndKeepsWhatTheInstructorMadeOfIt_UnlessTheHostSetsOne()
    {
        await using var lab = await labs.OpenAsync();
        var courses = lab.Get<CourseStore>();

        Assert.True(await courses.SetUpAsync("QRT-XYA", isSet: false, Token));
        var section = Assert.Single(Assert.Single(await courses.ListAsync(Token)).Sections);
        Assert.Equal(section.Id, (await courses.FindSectionAsync(" qrt xya ", Token))?.Id);
        Assert.Null(await courses.FindSectionAsync("", Token));

        var renewed = await courses.RenewCodeAsync(section.Id, TestLab.Instructor, Token);
        Assert.True(await courses.SetUpAsync("QRT-XYA", isSet: false, Token));
        Assert.Null(await courses.FindSectionAsync("QRT-XYA", Token));
        Assert.NotNull(await courses.FindSectionAsync(renewed.Code, Token));

        Assert.True(await courses.SetUpAsync("SPRING", isSet: true, Token));
        Assert.Equal("SPRING", (await courses.DefaultSectionAsync(Token)).Code);
    }

    [Fact]
    public async Task Names_AreKeptAsTheyAreSeen_AndASectionThatLooksTheSameIsRefused()
    {
        await using var lab = await labs.OpenAsync();
        var courses = lab.Get<CourseStore>();
        var course = await courses.CreateAsync("Computer\u200B  Vision\uFEFF", null, null, TestLab.Instructor, Token);
        await courses.AddSectionAsync(course.Id, "Tuesday\u00AD group", TestLab.Instructor, Token);

        var kept = (await courses.ListAsync(Token)).Single(one => one.Id == course.Id);
        Assert.Equal("Computer Vision", kept.Name);
        Assert.Contains("Tuesday group", kept.Sections.Select(section => section.Name));
        Assert.Contains("already has a section \"Tuesday group\"", (await Assert.ThrowsAsync<RequestRefusedException>(() => courses.AddSectionAsync(course.Id, "tuesday \u200Bgroup", TestLab.Instructor, Token))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RequestRefusedException>(() => courses.CreateAsync("\u200B\u2800", null, null, TestLab.Instructor, Token));
    }

    [Fact]
    public async Task TwoSections_NeverHaveOneCode()
    {
        await using var lab = await labs.OpenAsync();
        var courses = lab.Get<CourseStore>();
        await courses.SetUpAsync("FIRST", isSet: false, Token);
        var other = Assert.Single((await courses.CreateAsync("Vision", null, null, TestLab.Instructor, Token)).Sections);

        Assert.False(await courses.SetUpAsync(other.Code.ToLowerInvariant(), isSet: true, Token));
        Assert.Equal("FIRST", (await courses.DefaultSectionAsync(Token)).Code);
    }

    [Fact]
    public async Task Student_IsInTheDefaultSection_UntilMoved_AndASectionWithSomebodyInItStays()
    {
        await using var lab = await labs.OpenAsync();
        var (courses, purges) = (lab.Get<CourseStore>(), lab.Get<PurgeStore>());
        await courses.SetUpAsync("FIRST", isSet: false, Token);
        var first = await courses.DefaultSectionAsync(Token);
        var tuesday = await courses.AddSectionAsync(first.CourseId, "Tuesday", TestLab.Instructor, Token);
        var mira = await lab.AddStudentAsync("Mira");
        await lab.AddStudentAsync("Jonas");
        Assert.Equal(2, (await purges.StudentsBySectionAsync(Token))[first.Id]);

        await courses.MoveAsync(mira.MemberId!.Value, tuesday.Id, TestLab.Instructor, Token);

        var counts = await purges.StudentsBySectionAsync(Token);
        Assert.Equal((1, 1), (counts[first.Id], counts[tuesday.Id]));
        Assert.Contains("There are still students in this section", (await RefusalAsync(() => courses.RemoveSectionAsync(tuesday.Id, TestLab.Instructor, Token))).Message);
        Assert.Contains("first section cannot be removed", (await RefusalAsync(() => courses.RemoveSectionAsync(first.Id, TestLab.Instructor, Token))).Message);
        Assert.Contains("already has a section \"Tuesday\"", (await RefusalAsync(() => courses.AddSectionAsync(first.CourseId, "tuesday", TestLab.Instructor, Token))).Message);
    }

    [Fact]
    public async Task Courses_AreTheInstructors_AndTheirDaysInOrder()
    {
        await using var lab = await labs.OpenAsync();
        var courses = lab.Get<CourseStore>();
        await courses.SetUpAsync("FIRST", isSet: false, Token);
        var mira = await lab.AddStudentAsync("Mira");

        Assert.Contains("Only an instructor", (await RefusalAsync(() => courses.CreateAsync("Mine", null, null, mira, Token))).Message);
        Assert.Contains("cannot be before its first", (await RefusalAsync(() => courses.CreateAsync("Vision", new(2026, 12, 2), new(2026, 12, 1), TestLab.Instructor, Token))).Message);
        Assert.Contains("1 to 80 characters", (await RefusalAsync(() => courses.CreateAsync(" ", null, null, TestLab.Instructor, Token))).Message);
        Assert.Single(await courses.ListAsync(Token));
    }

    [Theory]
    [InlineData(1, null, "begins on")]
    [InlineData(null, -1, "ended on")]
    [InlineData(0, 0, null)]
    [InlineData(null, null, null)]
    public async Task Launch_IsForTheDaysOfTheCourse(int? first, int? last, string? refusal)
    {
        await using var lab = await labs.OpenAsync();
        var courses = lab.Get<CourseStore>();
        await courses.SetUpAsync("FIRST", isSet: false, Token);
        var course = Assert.Single(await courses.ListAsync(Token));
        await courses.ChangeAsync(course.Id, "Vision", first is { } f ? courses.Today.AddDays(f) : null, last is { } l ? courses.Today.AddDays(l) : null, TestLab.Instructor, Token);
        var mira = await lab.AddStudentAsync("Mira");

        if (refusal is null) Assert.Equal("Mira", (await lab.LaunchAsync(mira)).Owner?.Name);
        else Assert.Contains(refusal, (await RefusalAsync(() => lab.LaunchAsync(mira))).Message);
        // The instructor tries things out whenever he likes.
        await lab.LaunchAsync(TestLab.Instructor);
    }

    [Fact]
    public async Task ClosedCourse_LaunchesAndResumesNothing_UntilItIsOpenAgain()
    {
        await using var lab = await labs.OpenAsync();
        var courses = lab.Get<CourseStore>();
        await courses.SetUpAsync("FIRST", isSet: false, Token);
        var course = Assert.Single(await courses.ListAsync(Token));
        var mira = await lab.AddStudentAsync("Mira");
        var run = await lab.LaunchAsync(mira);
        await lab.Launcher.CancelAsync(run.Id, mira, Token);

        await courses.CloseAsync(course.Id, close: true, TestLab.Instructor, Token);
        Assert.Contains("can still read and download", (await RefusalAsync(() => lab.Launcher.ResumeAsync(run.Id, mira, Token))).Message);
        await courses.CloseAsync(course.Id, close: false, TestLab.Instructor, Token);

        await lab.Launcher.ResumeAsync(run.Id, mira, Token);
    }

    [Fact]
    public async Task Launches_AreCountedByMember_AndTheWaitIsSaid()
    {
        await using var lab = await labs.OpenAsync();
        await lab.Get<CourseStore>().SetUpAsync("FIRST", isSet: false, Token);
        var (mira, jonas) = (await lab.AddStudentAsync("Mira"), await lab.AddStudentAsync("Jonas"));
        var clock = new Clock();
        var gate = new LaunchPolicy(lab.Get<IDbContextFactory<LabDbContext>>(), new(2), clock);

        await gate.EnterAsync(mira, Token);
        clock.Pass(TimeSpan.FromSeconds(20));
        await gate.EnterAsync(mira, Token);
        clock.Pass(TimeSpan.FromSeconds(10));
        var refusal = await RefusalAsync(() => gate.EnterAsync(mira, Token));
        Assert.Equal("You have launched 2 runs within a minute, which is the limit for a student. Try again in 30 seconds.", refusal.Message);
        Assert.Equal(TimeSpan.FromSeconds(30), refusal.RetryAfter);

        await gate.EnterAsync(jonas, Token);
        for (var many = 0; many < 5; many++) await gate.EnterAsync(TestLab.Instructor, Token);
        clock.Pass(TimeSpan.FromSeconds(30));
        await gate.EnterAsync(mira, Token);
        Assert.Equal(TimeSpan.FromSeconds(20), (await RefusalAsync(() => gate.EnterAsync(mira, Token))).RetryAfter);
    }

    private static Task<RequestRefusedException> RefusalAsync(Func<Task> act) => Assert.ThrowsAsync<RequestRefusedException>(act);

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = System.GetUtcNow();

        public void Pass(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}

public sealed class EmbeddedCourseStoreTests() : CourseStoreTests(TestLabs.Embedded);

public sealed class ScaledOutCourseStoreTests(PostgresServer server) : CourseStoreTests(new TestLabs(server));
