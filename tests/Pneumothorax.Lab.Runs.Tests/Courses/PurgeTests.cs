using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Classroom.OwnImages;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Courses;

public abstract class PurgeTests(TestLabs labs)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Holdings_CountByKind_AndOnlyWhatIsOfThisCourse()
    {
        await using var lab = await OpenAsync();
        var (mira, jonas) = (await lab.AddStudentAsync("Mira"), await lab.AddStudentAsync("Jonas"));
        await RunAsync(lab, mira);
        await lab.LaunchAsync(jonas);
        await RunAsync(lab, TestLab.Instructor);
        var other = (await lab.Get<CourseStore>().CreateAsync("Another", null, null, TestLab.Instructor, Token)).Id;

        var held = await lab.Get<PurgeStore>().HoldingsAsync(await CourseAsync(lab), Token);

        Assert.Equal((2, 1, 1, 1), (held.Students, held.Busy, held.Over, held.Under));
        Assert.Equal(new RunBytes(Checkpoints: 3000, Evaluations: 200, EventFiles: 40, Recordings: 5, Rest: 7), held.Bytes);
        Assert.Equal((3000, 3252, 3252), (held.Freed(PurgeChoice.Checkpoints), held.Freed(PurgeChoice.Runs), held.Freed(PurgeChoice.Students)));
        Assert.Equal(0, (await lab.Get<PurgeStore>().HoldingsAsync(other, Token)).TotalBytes);
    }

    [Fact]
    public async Task OwnImages_CountAsAKindOfTheirOwn_AndGoWithTheirStudent()
    {
        await using var lab = await OpenAsync();
        var (mira, jonas) = (await lab.AddStudentAsync("Mira"), await lab.AddStudentAsync("Jonas"));
        await RunAsync(lab, mira);
        await lab.LaunchAsync(jonas);
        var bytes = Bring(lab, mira, 1000) + Bring(lab, mira, 500);
        var busy = Bring(lab, jonas, 70);

        var held = await lab.Get<PurgeStore>().HoldingsAsync(await CourseAsync(lab), Token);

        Assert.Equal((3, bytes + busy), (held.OwnImages, held.OwnImageBytes));
        Assert.Equal(3252 + bytes + busy, held.TotalBytes);
        Assert.Equal((3252, 3252 + bytes), (held.Freed(PurgeChoice.Runs), held.Freed(PurgeChoice.Students)));
        Assert.Equal(3252 + bytes, (await PurgeAsync(lab, PurgeChoice.Students)).FreedBytes);
        Assert.Equal((0, 1), (lab.Get<OwnImageStore>().List(mira.MemberId!.Value).Count, lab.Get<OwnImageStore>().List(jonas.MemberId!.Value).Count));
    }

    [Fact]
    public async Task PurgeOfCheckpoints_LeavesTheRest_AndWhatIsInLineAndTheInstructors()
    {
        await using var lab = await OpenAsync();
        var mira = await lab.AddStudentAsync("Mira");
        var (over, waiting, his) = (await RunAsync(lab, mira), await lab.LaunchAsync(mira), await RunAsync(lab, TestLab.Instructor));
        Fill(lab, waiting);

        var purge = await PurgeAsync(lab, PurgeChoice.Checkpoints);

        Assert.Equal((2, 2, 1, 3000L), (purge.Total, purge.Done, purge.Left, purge.FreedBytes));
        Assert.Equal(["evaluation.h5", "metrics.jsonl", "recordings.jsonl", "tensorboard"], Directory.EnumerateFileSystemEntries(lab.Store.FolderOf(over).Path).Select(Path.GetFileName).Order());
        Assert.Equal([5], lab.Store.FolderOf(waiting).CheckpointSteps());
        Assert.Equal([5], lab.Store.FolderOf(his).CheckpointSteps());
        Assert.Equal(
            [AuditKind.PurgeEnded, AuditKind.PurgeStarted],
            (await lab.Get<Audit>().ListAsync(new(), most: 2, cancellationToken: Token)).Select(row => row.Entry.Kind));
    }

    [Fact]
    public async Task PurgeOfRuns_KeepsStudentsAndTheirAnswers()
    {
        await using var lab = await OpenAsync();
        var mira = await lab.AddStudentAsync("Mira");
        var run = await RunAsync(lab, mira);
        await lab.Get<AnswerStore>().SaveAsync(mira.MemberId!.Value, "failures", "Small ones.", readVersion: 0, Token);

        var purge = await PurgeAsync(lab, PurgeChoice.Runs);

        Assert.Equal((1, 0, 3252L), (purge.Done, purge.Left, purge.FreedBytes));
        Assert.Null(await lab.Store.FindAsync(run.Id, TestLab.Instructor, Token));
        Assert.False(Directory.Exists(lab.Store.FolderOf(run).Path));
        Assert.Single(await lab.Get<AnswerStore>().ListAsync(mira.MemberId, Token));
    }

    [Fact]
    public async Task PurgeOfStudents_TakesThemAltogether_ButNobodyWhoHasARunInLine()
    {
        await using var lab = await OpenAsync();
        var (mira, jonas) = (await lab.AddStudentAsync("Mira"), await lab.AddStudentAsync("Jonas"));
        await RunAsync(lab, mira);
        var waiting = await lab.LaunchAsync(jonas);

        var purge = await PurgeAsync(lab, PurgeChoice.Students);
        var late = await lab.AddStudentAsync("Late");

        Assert.Equal((2, 2, 1, 3252L), (purge.Total, purge.Done, purge.Left, purge.FreedBytes));
        await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        Assert.Equal([jonas.MemberId!.Value, late.MemberId!.Value], await db.Members.Select(member => member.Id).Order().ToListAsync(Token));
        Assert.NotNull(await lab.Store.FindAsync(waiting.Id, TestLab.Instructor, Token));
    }

    [Fact]
    public async Task PurgeOfAPortalThatWasKilled_GoesOnWhereItWas_AndWhatCameLaterStays()
    {
        await using var lab = await OpenAsync();
        var mira = await lab.AddStudentAsync("Mira");
        var (first, second) = (await RunAsync(lab, mira), await RunAsync(lab, mira));
        var started = await lab.Get<PurgeStore>().StartAsync(await CourseAsync(lab), PurgeChoice.Checkpoints, TestLab.Instructor, Token);
        var later = await RunAsync(lab, mira);
        // It had done the first run, and was killed while the folder of the second lay aside.
        Directory.Delete(lab.Store.FolderOf(first).CheckpointsPath, recursive: true);
        Directory.Move(lab.Store.FolderOf(second).CheckpointsPath, Path.Combine(lab.Store.FolderOf(second).Path, ".purged-checkpoints"));
        await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        await SeenAsync(DateTimeOffset.UtcNow);
        await RunDueAsync(lab);
        Assert.Equal(1, (await LatestAsync(lab)).Done);     // another portal may still be at it

        await SeenAsync(DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1));
        await RunDueAsync(lab);

        var purge = await LatestAsync(lab);
        Assert.True(purge.IsOver);
        Assert.Equal((started.Id, 2, 0, 6000L), (purge.Id, purge.Done, purge.Left, purge.FreedBytes));
        Assert.False(Directory.Exists(Path.Combine(lab.Store.FolderOf(second).Path, ".purged-checkpoints")));
        Assert.Equal([5], lab.Store.FolderOf(later).CheckpointSteps());

        Task SeenAsync(DateTimeOffset at) => db.Purges.ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Host, "another portal").SetProperty(row => row.SeenAt, at)
            .SetProperty(row => row.Cursor, first.Id).SetProperty(row => row.Done, 1).SetProperty(row => row.FreedBytes, 3000), Token);
    }

    [Fact]
    public async Task Purge_IsTheInstructors_AndOneAtATime()
    {
        await using var lab = await OpenAsync();
        var mira = await lab.AddStudentAsync("Mira");
        await RunAsync(lab, mira);
        var (purges, course) = (lab.Get<PurgeStore>(), await CourseAsync(lab));

        Assert.Contains("Only an instructor", (await Assert.ThrowsAsync<RequestRefusedException>(() => purges.StartAsync(course, PurgeChoice.Runs, mira, Token))).Message);
        await purges.StartAsync(course, PurgeChoice.Checkpoints, TestLab.Instructor, Token);
        Assert.Contains("already running", (await Assert.ThrowsAsync<RequestRefusedException>(() => purges.StartAsync(course, PurgeChoice.Runs, TestLab.Instructor, Token))).Message);
    }

    private async Task<TestLab> OpenAsync()
    {
        var lab = await labs.OpenAsync();
        await lab.Get<CourseStore>().SetUpAsync("FIRST", isSet: false, Token);
        return lab;
    }

    private static async Task<int> CourseAsync(TestLab lab) => (await lab.Get<CourseStore>().DefaultSectionAsync(Token)).CourseId;

    private static async Task<Purge> PurgeAsync(TestLab lab, PurgeChoice choice)
    {
        await lab.Get<PurgeStore>().StartAsync(await CourseAsync(lab), choice, TestLab.Instructor, Token);
        await RunDueAsync(lab);
        var purge = await LatestAsync(lab);
        Assert.True(purge.IsOver);
        return purge;
    }

    private static async Task RunDueAsync(TestLab lab)
    {
        using var runner = ActivatorUtilities.CreateInstance<PurgeRunner>(lab.Get<IServiceProvider>());
        await runner.RunDueAsync(Token);
    }

    private static async Task<Purge> LatestAsync(TestLab lab) => (await lab.Get<PurgeStore>().LatestAsync(await CourseAsync(lab), Token))!;

    /// <summary>A run that is over, with files of every kind.</summary>
    private static async Task<Run> RunAsync(TestLab lab, Viewer owner)
    {
        var run = await lab.LaunchAsync(owner);
        await lab.Launcher.CancelAsync(run.Id, owner, Token);
        Fill(lab, run);
        return run;
    }

    /// <returns>Bytes on the disk.</returns>
    private static long Bring(TestLab lab, Viewer owner, int pictureBytes)
    {
        var image = new OwnImage(Guid.NewGuid(), DateTimeOffset.UtcNow, "PNG", 256, 256, []);
        lab.Get<OwnImageStore>().Save(owner.MemberId!.Value, image, new byte[pictureBytes], []);
        return lab.Get<OwnImageStore>().Files(owner.MemberId.Value).Where(file => file.Path.Contains(image.Id.ToString("N"), StringComparison.Ordinal)).Sum(file => new FileInfo(file.Path).Length);
    }

    private static void Fill(TestLab lab, Run run)
    {
        var folder = lab.Store.FolderOf(run);
        Directory.CreateDirectory(folder.CheckpointPath(5));
        Directory.CreateDirectory(folder.TensorBoardPath);
        File.WriteAllBytes(folder.WeightsPath(5), new byte[3000]);
        File.WriteAllBytes(folder.EvaluationPath, new byte[200]);
        File.WriteAllBytes(Path.Combine(folder.TensorBoardPath, "events"), new byte[40]);
        File.WriteAllBytes(folder.RecordingsPath, new byte[5]);
        File.WriteAllBytes(folder.MetricsPath, new byte[7]);
    }
}

public sealed class EmbeddedPurgeTests() : PurgeTests(TestLabs.Embedded);

public sealed class ScaledOutPurgeTests(PostgresServer server) : PurgeTests(new TestLabs(server));
