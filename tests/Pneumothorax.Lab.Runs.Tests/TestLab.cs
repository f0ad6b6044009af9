using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pneumothorax.Lab.Classroom;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests;

/// <summary>The real records, queue, agent and feed on a directory of their own. The data set "xray" exists.</summary>
/// <remarks>Of several hosts the first is what a portal sees; see <see cref="TestLabs"/>.</remarks>
internal sealed class TestLab : IAsyncDisposable
{
    public static readonly Viewer Instructor = new(null, "Instructor", IsInstructor: true);

    private readonly IReadOnlyList<IHost> _hosts;
    private bool _queueStarted;

    private TestLab(IReadOnlyList<IHost> hosts, string directory) => (_hosts, Directory) = (hosts, directory);

    public string Directory { get; }

    public RunStore Store => Get<RunStore>();

    public RunLauncher Launcher => Get<RunLauncher>();

    public RunTransitions Transitions => Get<RunTransitions>();

    public QueueControl Control => Get<QueueControl>();

    public QueueReader Line => Get<QueueReader>();

    public RunFeed Feed => Get<RunFeed>();

    /// <param name="clock">Of this host; the machine's when null.</param>
    /// <param name="silence">The usual one when null.</param>
    /// <param name="kills">The kernel's own count when null.</param>
    public static IHost Build(string? program, string directory, LabDatabase database, int slots, TimeProvider? clock = null, SilenceLimit? silence = null, MemoryKills? kills = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSingleton(new LabPaths(directory));
        builder.Services.AddSingleton<TrainingImages>(name => name == "xray" ? 100 : null);
        builder.Services.AddSingleton(new LabExecutable(program ?? Path.Combine(directory, "no-such-program")));
        builder.Services.AddSingleton(new GpuSlots(slots));
        if (kills is not null) builder.Services.AddSingleton(kills);
        if (silence is not null) builder.Services.AddSingleton(silence);
        builder.Services.AddRuns(database);
        builder.Services.AddClassroomStores();
        return builder.Build();
    }

    public static async Task<TestLab> OpenAsync(IReadOnlyList<IHost> hosts, string directory, bool startQueue)
    {
        var lab = new TestLab(hosts, directory);
        if (startQueue)
        {
            foreach (var host in hosts) await host.StartAsync();
            lab._queueStarted = true;
        }
        else
        {
            await hosts[0].Services.GetServices<IHostedService>().OfType<DatabaseSetup>().Single().StartingAsync(CancellationToken.None);
        }
        return lab;
    }

    /// <returns>A program in a directory of its own, which becomes the lab's.</returns>
    public static async Task<string> ProgramAsync(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs of these tests are shell scripts.");
        var path = Path.Combine(System.IO.Directory.CreateTempSubdirectory("lab-runs-").FullName, "lab");
        await File.WriteAllTextAsync(path, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>The process of a run whose script has written its number to a file called pid.</summary>
    public async Task<Process> ProcessOfAsync(Run run)
    {
        var path = Path.Combine(Store.FolderOf(run).Path, "pid");
        while (!File.Exists(path) || new FileInfo(path).Length == 0) await Task.Delay(20, TestContext.Current.CancellationToken);
        return Process.GetProcessById(int.Parse((await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Trim(), CultureInfo.InvariantCulture));
    }

    public T Get<T>() where T : notnull => _hosts[0].Services.GetRequiredService<T>();

    public async Task<Viewer> AddStudentAsync(string name)
    {
        await using var db = await Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync();
        var member = new Member { Name = name, Role = MemberRole.Student, TokenHash = name };
        db.Members.Add(member);
        await db.SaveChangesAsync();
        return new(member.Id, name, IsInstructor: false);
    }

    public static RunRequest Request(string name = "", int steps = 20) => new(name, "xray", "lite", new() { Steps = steps });

    public Task<Run> LaunchAsync(Viewer viewer, string name = "") => Launcher.LaunchAsync(Request(name), viewer);

    public async Task<Run> FindAsync(int id) => (await Store.FindAsync(id, Instructor))!;

    /// <summary>Waits until the run is in this state, at most a minute: other tests run beside this one.</summary>
    public async Task<Run> WaitForAsync(int id, RunState state)
    {
        for (var attempt = 0; ; attempt++)
        {
            var run = await FindAsync(id);
            if (run.State == state) return run;
            Assert.True(attempt < 1200, $"Run {id} is {run.State} and not {state}: {run.Message}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <returns>1 for the run that starts next; null for one that does not wait.</returns>
    public async Task<int?> PlaceOfAsync(Run run) => (await Line.ReadAsync()).PlaceOf(run.Id);

    /// <summary>What the attempts of a run had, the first one first: whether each is over, and whether it is charged.</summary>
    public async Task<List<(bool IsOver, bool IsCharged)>> UsesOfAsync(Run run)
    {
        await using var db = await Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync();
        var uses = await db.RunAttempts.Where(use => use.RunId == run.Id).OrderBy(use => use.Attempt).ToListAsync();
        return [.. uses.Select(use => (use.EndedAt is not null, use.IsCharged))];
    }

    /// <summary>The attempts at a run, the first one first.</summary>
    public async Task<List<RunAttempt>> AttemptsOfAsync(Run run) => [.. (await Store.AttemptsAsync([run]))[run.Id]];

    public async Task StopAsync()
    {
        foreach (var host in _hosts) await host.StopAsync();
    }

    /// <summary>Ends this lab but leaves its directory to a later one.</summary>
    public async Task LeaveAsync()
    {
        if (_queueStarted) await StopAsync();
        foreach (var host in _hosts) host.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
