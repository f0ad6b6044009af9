using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.Importing;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Tests.Importing;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Tests.Api;

namespace Pneumothorax.Lab.Web.Tests.Dataset.Importing;

/// <summary>The real command as a child of the real portal.</summary>
public sealed class ImportServiceTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static readonly Viewer s_instructor = new(null, "Instructor", true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ImportService Desk => portal.Services.GetRequiredService<ImportService>();

    private DatasetStore Store => portal.Services.GetRequiredService<DatasetStore>();

    private string Incoming => portal.Services.GetRequiredService<IncomingFolder>().Path;

    [Fact]
    public async Task KilledInTheMiddle_IsInterrupted_GoesOn_AndIsThereWithoutARestart()
    {
        NihSample.Of(Path.Combine(Incoming, "large"), patients: 1000);
        File.WriteAllText(Directory.GetFiles(Path.Combine(Incoming, "large"), "*.png", SearchOption.AllDirectories).Order().First(), "not a picture");
        var order = new ImportOrder { Kind = ImportKind.Nih, Name = "large", Folder = "large", Negatives = null, Licence = "For this test" };

        await Desk.StartAsync(order, s_instructor, Token);
        var busy = await Assert.ThrowsAsync<RequestRefusedException>(() => Desk.StartAsync(order with { Name = "second" }, s_instructor, Token));
        using (var child = Process.GetProcessById(Assert.Single(TrainingProcesses.Ids("--name=large"))))
        {
            var journal = Path.Combine(Store.Directory, ".import-large", "journal");
            while (!child.HasExited && !(new FileInfo(journal) is { Exists: true, Length: > 200 })) await Task.Delay(2, Token);
            child.Kill();
        }
        var interrupted = await WaitAsync(job => job.State != ImportState.Running);
        await Desk.GoOnAsync(s_instructor, Token);
        var done = await WaitAsync(job => job.State != ImportState.Running);

        Assert.Contains("An import is already running: large.", busy.Message, StringComparison.Ordinal);
        Assert.Equal(ImportState.Interrupted, interrupted.State);
        Assert.Equal((ImportState.Done, null), (done.State, done.Message));
        Assert.True(done.Said.Resumed > 0, "It began anew.");
        Assert.Equal(("For this test", 1999), (Store.Find("large")!.Licence, Images(Store.Find("large")!)));
        using var instructor = portal.Instructor();
        using var student = await portal.StudentAsync("Iva");
        Assert.Equal(HttpStatusCode.OK, (await instructor.GetAsync("/api/datasets/large/train/0.png", Token)).StatusCode);
        Assert.Contains("cannot be read", await instructor.GetStringAsync("/data/large/import-report.csv", Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await student.GetAsync("/data/large/import-report.csv", Token)).StatusCode);
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        var kinds = await db.Audit.Where(entry => entry.Subject == "data set large").OrderBy(entry => entry.Id).Select(entry => entry.Kind).ToListAsync(Token);
        Assert.Equal([AuditKind.ImportStarted, AuditKind.ImportStarted, AuditKind.DataRegistered], kinds);
    }

    [Fact]
    public async Task Canceled_KeepsWhatWasRead_UntilItIsThrownAway()
    {
        NihSample.Of(Path.Combine(Incoming, "canceled"), patients: 400);
        await Desk.StartAsync(new() { Kind = ImportKind.Nih, Name = "canceled", Folder = "canceled", Negatives = null }, s_instructor, Token);
        await WaitAsync(job => job.Said.Images > 0);

        await Desk.CancelAsync(s_instructor);

        Assert.Equal(ImportState.Canceled, Desk.Current!.State);
        var kept = Path.Combine(Store.Directory, ".import-canceled");
        Assert.True(Directory.Exists(kept), "What was read is gone.");
        Desk.Discard(s_instructor);
        Assert.False(Directory.Exists(kept), "What was thrown away is still there.");
        Assert.Null(Desk.Current);
    }

    [Fact]
    public async Task WrongFiles_FailWithTheCommandsOwnLine()
    {
        File.WriteAllText(Path.Combine(Incoming, "odd.h5"), "no HDF5");

        await Desk.StartAsync(new() { Kind = ImportKind.Hdf5, Name = "odd", Train = "odd.h5", Test = "odd.h5" }, s_instructor, Token);
        var failed = await WaitAsync(job => job.State != ImportState.Running);

        Assert.Equal(ImportState.Failed, failed.State);
        Assert.StartsWith(Path.Combine(Incoming, "odd.h5"), failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failed.Message!);
    }

    [Fact]
    public async Task NobodyButInstructors_Starts()
    {
        Directory.CreateDirectory(Path.Combine(Incoming, "closed"));
        var assistant = new Viewer(2, "Asa", false) { IsAssistant = true };

        foreach (var viewer in (Viewer[])[assistant, new(3, "Stu", false)])
        {
            var refusal = await Assert.ThrowsAsync<RequestRefusedException>(() => Desk.StartAsync(new() { Name = "closed", Folder = "closed" }, viewer, Token));
            Assert.Equal("Only an instructor can import images.", refusal.Message);
        }
    }

    private static int Images(DatasetManifest set) => set.Splits.Where(split => split.Split != SplitName.Validation).Sum(split => split.Images);

    private async Task<ImportJob> WaitAsync(Func<ImportJob, bool> condition)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (Desk.Current is { } job && condition(job)) return job;
            Assert.True(attempt < 2400, $"Waited in vain; the import is {Desk.Current}");
            await Task.Delay(50, Token);
        }
    }
}
