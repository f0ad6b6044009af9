using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests;

/// <summary>What only several hosts on one PostgreSQL server can do to each other. A worker that is killed is tested with the real trainer.</summary>
public sealed class ManyHostsTests(PostgresServer server)
{
    private const string Started = """echo '{"event":"started","fromStep":0,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'""";
    private const string Completed = """echo '{"event":"completed","step":20,"checkpointStep":20}'""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ThreePortals_StartTogetherOnAnEmptyDatabase_AndServe()
    {
        var directory = Directory.CreateTempSubdirectory("lab-runs-").FullName;
        var database = await server.CreateDatabaseAsync();
        var hosts = Enumerable.Range(0, 3).Select(_ => TestLab.Build(null, directory, new(database), slots: 0)).ToList();

        await Task.WhenAll(hosts.Select(host => Task.Run(() => host.StartAsync(Token), Token)));

        var runs = await Task.WhenAll(hosts.Select(host => host.Services.GetRequiredService<RunLauncher>().LaunchAsync(TestLab.Request(), TestLab.Instructor, Token)));
        Assert.Equal([1, 2, 3], runs.Select(run => run.Id).Order());
        await using (var db = await hosts[0].Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token))
        {
            Assert.Equal(db.Database.GetMigrations(), await db.Database.GetAppliedMigrationsAsync(Token));
        }
        foreach (var host in hosts) await host.StopAsync(Token);
        foreach (var host in hosts) host.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=lab;Username=lab;Password=secret", "No PostgreSQL server answers for lab on 127.0.0.1:1")]
    [InlineData(null, "names a database that does not exist: nowhere on 127.0.0.1")]
    public async Task Start_WithoutItsDatabase_IsRefusedInOneLine_WithoutThePassword(string? setting, string line)
    {
        setting ??= new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync()) { Database = "nowhere", Password = "secret" }.ConnectionString;
        using var host = TestLab.Build(null, Path.GetTempPath(), new(setting), slots: 0);

        var refusal = await Assert.ThrowsAsync<IOException>(() => host.StartAsync(Token));

        Assert.Contains(line, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lab.db")]
    [InlineData("Host=db;Pasword=secret")]
    [InlineData("Database=lab;Password=secret")]
    public void ConnectionString_ThatIsNone_IsRefusedWithoutThePassword(string setting)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new LabDatabase(setting));

        Assert.StartsWith(LabDatabase.Setting, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoHundredRunsOfFortyStudents_OnTwoWorkers_AllEndOnce_EverybodysFirstBeforeAnybodysSecond()
    {
        await using var lab = await new TestLabs(server).TrainedByAsync($"echo x >> starts\n{Started}\n{Completed}", slots: 4, workers: 2);
        var students = new List<Viewer>();
        for (var i = 1; i <= 40; i++) students.Add(await lab.AddStudentAsync($"Student {i}"));
        // All of them wait with three before the first one starts: the first student's three came first.
        await lab.Control.PauseAsync(null, TestLab.Instructor, Token);
        foreach (var student in students) await LaunchAsync(lab, student, 3);
        await lab.Control.GoOnAsync(TestLab.Instructor, Token);

        await Task.WhenAll(students.Select(student => Task.Run(() => LaunchAsync(lab, student, 2), Token)));

        var clock = Stopwatch.StartNew();
        IReadOnlyList<Run> runs;
        while ((runs = await lab.Store.ListAsync(TestLab.Instructor, Token)).Any(run => !run.IsOver))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(5), $"{runs.Count(run => !run.IsOver)} runs are not over.");
            await Task.Delay(500, Token);
        }
        Assert.Equal(200, runs.Count);
        Assert.All(runs, run => Assert.Equal((RunState.Completed, 1), (run.State, run.Attempt)));
        Assert.All(runs, run => Assert.Single(File.ReadAllLines(Path.Combine(lab.Store.FolderOf(run).Path, "starts"))));
        // One at a time a student, in the order of his launches.
        foreach (var his in runs.GroupBy(run => run.OwnerId))
        {
            foreach (var (run, next) in his.OrderBy(run => run.Id).Zip(his.OrderBy(run => run.Id).Skip(1))) Assert.True(run.EndedAt <= next.StartedAt);
        }
        var turns = runs.GroupBy(run => run.OwnerId).Select(his => his.OrderBy(run => run.AttemptAt).Select(run => run.AttemptAt!.Value).ToList()).ToList();
        Assert.True(turns.Max(times => times[0]) <= turns.Min(times => times[1]), "Somebody had his second run before somebody had his first.");
    }

    [Fact]
    public async Task HostThatDrains_TakesNothing_AndTheOtherOneDoesItAll()
    {
        await using var lab = await new TestLabs(server).TrainedByAsync($"{Started}\n{Completed}", slots: 2, workers: 2);
        var drained = (await lab.Line.ReadAsync(Token)).Hosts[0].Name;
        await lab.Control.DrainAsync(drained, TestLab.Instructor, Token);

        List<Run> runs = [];
        for (var i = 0; i < 12; i++) runs.Add(await lab.LaunchAsync(TestLab.Instructor));

        foreach (var run in runs) Assert.NotEqual(drained, (await lab.WaitForAsync(run.Id, RunState.Completed)).Host);
        Assert.Equal(2, (await lab.Line.ReadAsync(Token)).OpenSlots);
    }

    [Fact]
    public async Task RunThatItsHostSpoilt_IsTriedAgainOnTheOtherOne()
    {
        await using var lab = await new TestLabs(server).TrainedByAsync(
            $$"""
            {{Started}}
            if [ -e seen ]; then {{Completed}}; exit 0; fi
            touch seen
            echo '{"event":"failed","message":"No space left on device.","step":3,"isHostFault":true}'
            exit 1
            """,
            slots: 2, workers: 2);

        for (var i = 0; i < 3; i++)
        {
            var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Completed);
            var attempts = await lab.AttemptsOfAsync(run);
            Assert.Equal(2, attempts.Count);
            Assert.NotEqual(attempts[0].Host, attempts[1].Host);
            Assert.InRange((attempts[1].BeganAt - attempts[0].EndedAt!.Value).TotalSeconds, 0, 12);
        }
    }

    [Fact]
    public async Task WorkerWhoseClockIsWrong_CountsAsAnyOther()
    {
        var directory = Directory.CreateTempSubdirectory("lab-runs-").FullName;
        var database = await server.CreateDatabaseAsync();
        var portal = TestLab.Build(null, directory, new(database), slots: 0);
        var worker = TestLab.Build(null, directory, new(database), slots: 1, new LateClock());
        await using var lab = await TestLab.OpenAsync([portal, worker], directory, startQueue: true);

        await Task.Delay(TimeSpan.FromSeconds(4), Token);       // it has said how it is once more
        var host = Assert.Single((await lab.Line.ReadAsync(Token)).HostsUp);

        Assert.InRange(host.SeenAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task JobGivenAway_WhileItsHostIsAlive_NeverHasTwoProcesses()
    {
        // A second process would find the first one's mark.
        await using var lab = await new TestLabs(server).TrainedByAsync(
            $$"""
            if [ -e alive ]; then touch twice; fi
            touch alive
            echo '{"step":1,"series":"train/loss","value":0.7}' >> metrics.jsonl
            {{Started}}
            if [ -e seen ]; then sleep 4; rm alive; {{Completed}}; exit 0; fi
            touch seen
            read line
            sleep 1
            rm alive
            echo '{"event":"stopped","step":8}'
            """,
            workers: 2);
        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Running);

        // Hangfire's hold has been seen to lapse. There may be another job: whoever looks after the queue adds one where a run waits and none does.
        await using (var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token))
        {
            Assert.Equal(1, await db.Database.ExecuteSqlAsync($"UPDATE hangfire.jobqueue SET fetchedat = NULL WHERE jobid::text = {run.Job}", Token));
        }

        // The second host goes on to the end, also when the first one tells the queue meanwhile that it is done with this job.
        Assert.Equal(2, (await lab.WaitForAsync(run.Id, RunState.Completed)).Attempt);
        var folder = lab.Store.FolderOf(run).Path;
        Assert.False(File.Exists(Path.Combine(folder, "twice")));
        Assert.False(File.Exists(Path.Combine(folder, "alive")));
    }

    [Fact]
    public async Task ServerRestarted_WhileARunGoesOn_CostsNothing()
    {
        await using var own = new PostgresServer();
        await using var lab = await new TestLabs(own).TrainedByAsync(
            $$"""
            {{Started}}
            i=0
            while [ $i -lt 20 ]; do
              i=$((i+1))
              echo "{\"step\":$i,\"series\":\"train/loss\",\"value\":0.5}" >> metrics.jsonl
              echo "{\"event\":\"metrics\",\"points\":[{\"step\":$i,\"series\":\"train/loss\",\"value\":0.5}]}"
              echo "{\"event\":\"progress\",\"stage\":\"Training\",\"done\":$i,\"total\":20,\"imagesPerSecond\":9,\"secondsLeft\":1}"
              sleep 0.4
            done
            {{Completed}}
            """);
        using var reader = lab.Feed.SubscribeAll(TestLab.Instructor);
        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Running);

        await own.RestartAsync(TimeSpan.FromSeconds(2));

        HashSet<int> steps = [];
        await foreach (var update in reader.ReadAllAsync(Token))
        {
            steps.UnionWith(update.Points.Select(point => point.Step));
            if (update.Run.IsOver) break;
        }
        Assert.Equal(Enumerable.Range(1, 20), steps.Order());
        run = await lab.WaitForAsync(run.Id, RunState.Completed);
        Assert.Equal((1, 20), (run.Attempt, run.Step));
    }

    [Fact]
    public async Task ClocksThatAreMinutesApart_ChangeNeitherTheOrder_NorWhoHasARun_NorItsTimes()
    {
        var program = await TestLab.ProgramAsync($"echo x >> starts\n{Started}\nsleep 2\n{Completed}");
        var directory = Path.GetDirectoryName(program)!;
        var database = new LabDatabase(await server.CreateDatabaseAsync());
        // Two portals and two workers, none of which agree; the server has the machine's clock.
        IReadOnlyList<IHost> hosts =
        [
            TestLab.Build(program, directory, database, slots: 0, new Skewed(TimeSpan.FromMinutes(-11))),
            TestLab.Build(program, directory, database, slots: 0, new Skewed(TimeSpan.FromMinutes(7))),
            TestLab.Build(program, directory, database, slots: 1, new Skewed(TimeSpan.FromMinutes(-6))),
            TestLab.Build(program, directory, database, slots: 1, new Skewed(TimeSpan.FromMinutes(20))),
        ];
        foreach (var portal in hosts.Take(2)) await portal.StartAsync(Token);
        var launchers = hosts.Take(2).Select(host => host.Services.GetRequiredService<RunLauncher>()).ToList();
        List<Run> launched = [];
        // The portal whose clock is ahead comes first.
        foreach (var launcher in new[] { launchers[1], launchers[0], launchers[1], launchers[0] }) launched.Add(await launcher.LaunchAsync(TestLab.Request(), TestLab.Instructor, Token));
        foreach (var worker in hosts.Skip(2)) await worker.StartAsync(Token);
        await using var lab = await TestLab.OpenAsync(hosts, directory, startQueue: false);

        foreach (var run in launched) await lab.WaitForAsync(run.Id, RunState.Completed);
        var runs = (await lab.Store.ListAsync(TestLab.Instructor, Token)).OrderBy(run => run.Id).ToList();
        Assert.All(runs, run => Assert.Equal(1, run.Attempt));
        Assert.All(runs, run => Assert.Single(File.ReadAllLines(Path.Combine(lab.Store.FolderOf(run).Path, "starts"))));
        // First come, first served, two at a time; and each took its two seconds by one clock.
        Assert.True(runs[0].StartedAt < runs[2].StartedAt && runs[1].StartedAt < runs[3].StartedAt && runs[0].StartedAt < runs[3].StartedAt);
        Assert.All(runs, run => Assert.InRange((run.EndedAt!.Value - run.StartedAt!.Value).TotalSeconds, 1.5, 15));
        Assert.All(runs, run => Assert.InRange((run.StartedAt!.Value - run.QueuedAt).TotalSeconds, 0, 30));
        foreach (var host in hosts) await host.StopAsync(Token);
    }

    private sealed class Skewed(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    private static async Task LaunchAsync(TestLab lab, Viewer student, int runs)
    {
        for (var launched = 0; launched < runs;)
        {
            try
            {
                await lab.LaunchAsync(student);
                launched++;
            }
            catch (RequestRefusedException refusal) when (refusal.MayPassLater)
            {
                // Three of this student's runs are in line. Forty students who ask again at once would keep the server busy with refusals.
                await Task.Delay(500, Token);
            }
        }
    }

    private sealed class LateClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddHours(-1);
    }
}
