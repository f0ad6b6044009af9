using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pneumothorax.Lab.Cli.Tests.Training;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Cli.Tests.Worker;

/// <summary><c>lab worker</c> as processes of their own, beside a portal that trains nothing, on a real PostgreSQL server.</summary>
public sealed class WorkerCommandTests(LabTraining lab, PostgresServer server)
{
    private static readonly Viewer s_instructor = new(null, "Instructor", IsInstructor: true);

    private static readonly Hyperparameters s_hyperparameters =
        new() { BatchSize = 2, LearningRate = 0.01, Steps = 120, ValidationEvery = 40, CheckpointEvery = 20 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WorkersEndedAndKilled_OthersGoOn_AndTheRunEndsLikeOneNeverDisturbed()
    {
        var undisturbed = lab.NewRun(s_hyperparameters);
        Assert.Equal(0, LabTraining.Finish(lab.Start("train", "--run", undisturbed.Path)).ExitCode);
        var database = await server.CreateDatabaseAsync();
        using var portal = await StartPortalAsync(database);
        var feed = portal.Services.GetRequiredService<RunFeed>();
        using var first = await StartWorkerAsync(database);
        var run = await portal.Services.GetRequiredService<RunLauncher>().LaunchAsync(new("", "phantoms", "lite", s_hyperparameters), s_instructor, Token);
        using var subscription = feed.Subscribe(run.Id);
        var page = ReadLikeAPageAsync(subscription);
        var store = portal.Services.GetRequiredService<RunStore>();
        var folder = store.FolderOf(run);

        // One is ended in order: it puts the run back, and the next has it within seconds.
        await WaitForCheckpointAsync(folder, 20);
        using var second = await StartWorkerAsync(database);
        using (var term = Process.Start("kill", ["-TERM", $"{first.Id}"])) await term.WaitForExitAsync(Token);
        await first.WaitForExitAsync(Token);
        var clock = Stopwatch.StartNew();
        while ((await store.GetAsync(run.Id, s_instructor, Token)).Attempt < 2) await Task.Delay(50, Token);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        await WaitForCheckpointAsync(folder, folder.CheckpointSteps()[^1] + 20);
        // The other one is killed, and its successor takes another run first. What it had says so by the silence of its host, not when somebody takes it.
        var trainer = await LabTraining.TrainerOfAsync(second);
        second.Kill();
        var launcher = portal.Services.GetRequiredService<RunLauncher>();
        var other = await launcher.LaunchAsync(new("", "phantoms", "lite", s_hyperparameters with { Steps = 1_000_000 }), s_instructor, Token);
        using var third = await StartWorkerAsync(database);
        await WaitForAsync(store, other.Id, RunState.Running);
        Assert.Matches(@"^The connection to its host \S+ was lost at step \d+\. The run continues as soon as a slot is free, and the time does not count\.$", (await WaitForAsync(store, run.Id, RunState.Queued)).Message);
        Assert.Equal(RunState.Running, (await store.GetAsync(other.Id, s_instructor, Token)).State);
        Assert.False(LabTraining.IsAlive(trainer), "The trainer of the worker that was killed is still there.");
        await launcher.CancelAsync(other.Id, s_instructor, Token);

        var ended = await page.WaitAsync(TimeSpan.FromMinutes(2), Token);
        third.Kill();
        Assert.Equal((RunState.Completed, 120, 3), (ended.Run.State, ended.Run.Step, ended.Run.Attempt));
        Assert.Equal(File.ReadAllText(undisturbed.MetricsPath), File.ReadAllText(folder.MetricsPath));
        Assert.Equal(File.ReadAllBytes(undisturbed.WeightsPath(120)), File.ReadAllBytes(folder.WeightsPath(120)));
        Assert.Equal(undisturbed.ReadMetrics().Order(s_byStep), ended.Points.Order(s_byStep));
        await portal.StopAsync(Token);
    }

    [Fact]
    public async Task WorkersDiskFull_IsTriedAgainOnce_AndAnotherWorkerEndsItAlike()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no ulimit.");
        var asked = s_hyperparameters with { Steps = 60 };
        var undisturbed = lab.NewRun(asked);
        Assert.Equal(0, LabTraining.Finish(lab.Start("train", "--run", undisturbed.Path)).ExitCode);
        var database = await server.CreateDatabaseAsync();
        using var portal = await StartPortalAsync(database);
        var (launcher, store) = (portal.Services.GetRequiredService<RunLauncher>(), portal.Services.GetRequiredService<RunStore>());
        using var full = lab.StartWorkerWithQuota(database);
        Assert.Contains("one run at a time", await full.StandardOutput.ReadLineAsync(Token), StringComparison.Ordinal);
        var id = (await launcher.LaunchAsync(new("", "phantoms", "lite", asked), s_instructor, Token)).Id;

        // It is tried once more by itself, and there is no other host yet.
        Run run;
        while ((run = await store.GetAsync(id, s_instructor, Token)).InfrastructureFailures == 0)
        {
            Assert.False(run.IsOver, $"The run is {run.State}: {run.Message}");
            await Task.Delay(50, Token);
        }
        var folder = store.FolderOf(run);
        full.Kill();
        using var other = await StartWorkerAsync(database);

        // Spoilt twice, it waits for somebody to resume it; unless the second try found room after all.
        while (!(run = await store.GetAsync(id, s_instructor, Token)).IsOver) await Task.Delay(50, Token);
        if (run.State == RunState.Failed) await launcher.ResumeAsync(id, s_instructor, Token);
        await WaitForAsync(store, id, RunState.Completed);
        other.Kill();
        var first = (await store.AttemptsAsync([run], Token))[id].First();
        Assert.Matches("could not be written|too large|No space left", first.End);
        Assert.False(first.IsCharged);
        Assert.Equal(File.ReadAllText(undisturbed.MetricsPath), File.ReadAllText(folder.MetricsPath));
        await portal.StopAsync(Token);
    }

    /// <summary>A program of its own that is stopped is tried in the agent's tests; this is the trainer, in the middle of a step.</summary>
    [Fact]
    public async Task TrainerThatIsStopped_IsToldOnItsPage_IsKilled_AndTheNextAttemptGoesOnFromTheCheckpoint()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The process of the trainer is looked for in /proc.");
        var asked = s_hyperparameters with { Steps = 240 };
        var undisturbed = lab.NewRun(asked);
        Assert.Equal(0, LabTraining.Finish(lab.Start("train", "--run", undisturbed.Path)).ExitCode);
        var database = await server.CreateDatabaseAsync();
        using var portal = await StartPortalAsync(database);
        var store = portal.Services.GetRequiredService<RunStore>();
        using var worker = lab.StartWorkerAfter("export Lab__SilentSeconds=20", database);
        Assert.Contains("one run at a time", await worker.StandardOutput.ReadLineAsync(Token), StringComparison.Ordinal);
        var run = await portal.Services.GetRequiredService<RunLauncher>().LaunchAsync(new("", "phantoms", "lite", asked), s_instructor, Token);
        var folder = store.FolderOf(run);
        await WaitForCheckpointAsync(folder, 20);

        var trainer = await LabTraining.TrainerOfAsync(worker);
        using (var stop = Process.Start("kill", ["-STOP", $"{trainer}"])) await stop.WaitForExitAsync(Token);

        while ((run = await store.GetAsync(run.Id, s_instructor, Token)).Message is null) await Task.Delay(100, Token);
        Assert.StartsWith("Its process has not responded for ", run.Message, StringComparison.Ordinal);
        Assert.Equal((RunState.Running, null, null), (run.State, run.SecondsLeft, run.ImagesPerSecond));
        run = await WaitForAsync(store, run.Id, RunState.Completed);
        worker.Kill();
        Assert.False(LabTraining.IsAlive(trainer), "The process that was stopped is still there.");
        Assert.Equal((2, 240), (run.Attempt, run.Step));
        var attempts = (await store.AttemptsAsync([run], Token))[run.Id].ToList();
        Assert.StartsWith("Its process hung at step ", attempts[0].End, StringComparison.Ordinal);
        Assert.False(attempts[0].IsCharged);
        Assert.InRange(attempts[1].FromStep ?? 0, 20, 239);
        Assert.Equal(File.ReadAllText(undisturbed.MetricsPath), File.ReadAllText(folder.MetricsPath));
        await portal.StopAsync(Token);
    }

    [Fact]
    public async Task WithoutADatabase_OrAPlaceOnIt_IsRefusedInOneLine()
    {
        Assert.Contains("Set ConnectionStrings__Lab", await RefusalAsync(null), StringComparison.Ordinal);
        Assert.Contains("No PostgreSQL server answers for lab on 127.0.0.1:1", await RefusalAsync("Host=127.0.0.1;Port=1;Database=lab;Username=lab"), StringComparison.Ordinal);
        Assert.Contains("There is no folder", await RefusalAsync("Host=127.0.0.1;Port=1;Database=lab;Username=lab", "--data-directory", "/no/such/mount"), StringComparison.Ordinal);
    }

    private static readonly Comparer<MetricPoint> s_byStep = Comparer<MetricPoint>.Create((left, right) =>
        (left.Step, left.Series).CompareTo((right.Step, right.Series)));

    private async Task<string> RefusalAsync(string? setting, params string[] arguments)
    {
        var (code, _, errors) = await Task.Run(() => LabTraining.Finish(lab.StartWorker(setting, arguments)), Token);
        Assert.Equal(1, code);
        return Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private async Task<IHost> StartPortalAsync(string database)
    {
        // The tests have a database each and share the data directory: run 1 of the test before would be taken for this one's.
        if (Directory.Exists(Path.Combine(lab.DataDirectory, "runs"))) Directory.Delete(Path.Combine(lab.DataDirectory, "runs"), recursive: true);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(new LabPaths(lab.DataDirectory));
        builder.Services.AddSingleton<TrainingImages>(_ => 40);
        builder.Services.AddSingleton(new LabExecutable("a portal without slots starts none"));
        builder.Services.AddSingleton(new GpuSlots(0));
        builder.Services.AddRuns(new LabDatabase(database));
        var portal = builder.Build();
        await portal.StartAsync(Token);
        return portal;
    }

    private async Task<Process> StartWorkerAsync(string database)
    {
        var worker = lab.StartWorker(database, "--slots", "1");
        Assert.Contains("one run at a time", await worker.StandardOutput.ReadLineAsync(Token), StringComparison.Ordinal);
        return worker;
    }

    private static async Task<Run> WaitForAsync(RunStore store, int id, RunState state)
    {
        for (var attempt = 0; ; attempt++)
        {
            var run = await store.GetAsync(id, s_instructor, Token);
            if (run.State == state) return run;
            Assert.True(attempt < 1200, $"The run is {run.State} and not {state}: {run.Message}");
            await Task.Delay(100, Token);
        }
    }

    private static async Task WaitForCheckpointAsync(RunFolder folder, int step)
    {
        for (var attempt = 0; folder.CheckpointSteps() is not [.., var newest] || newest < step; attempt++)
        {
            Assert.True(attempt < 1200, $"There is no checkpoint of step {step} after a minute.");
            await Task.Delay(50, Token);
        }
    }

    /// <summary>What a page that was open all the time shows at the end.</summary>
    private static async Task<(Run Run, List<MetricPoint> Points)> ReadLikeAPageAsync(RunSubscription subscription)
    {
        List<MetricPoint> points = [];
        await foreach (var update in subscription.ReadAllAsync(Token))
        {
            if (update.FromStep is { } from) points.RemoveAll(point => point.Step > from);
            // As a page does: a step that its series has already is skipped.
            foreach (var point in update.Points)
            {
                if (!points.Any(known => known.Series == point.Series && known.Step >= point.Step)) points.Add(point);
            }
            if (update.Run.IsOver) return (update.Run, points);
        }
        throw new InvalidOperationException("The feed ended.");
    }
}
