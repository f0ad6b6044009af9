using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Tests.Hosts;

public abstract class HostReporterTests(TestLabs labs)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HostWithSlots_SaysHowItIs_AndThatItLeft()
    {
        await using var lab = await labs.OpenAsync(startQueue: true, slots: 2);

        var host = Assert.Single((await lab.Line.ReadAsync(Token)).HostsUp);
        Assert.Equal((2, 2), (host.Slots, (await lab.Line.ReadAsync(Token)).OpenSlots));
        Assert.True(host.Processors > 0);
        Assert.Equal("0.1.0", host.Version);
        while (host.DiskFree is null)       // its first word comes at once, beside the start
        {
            await Task.Delay(50, Token);
            host = Assert.Single((await lab.Line.ReadAsync(Token)).HostsUp);
        }
        while ((await lab.Line.ReadAsync(Token)).Queue.RunsBytes is null) await Task.Delay(50, Token);

        await lab.StopAsync();
        var line = await lab.Line.ReadAsync(Token);
        Assert.Empty(line.HostsUp);
        Assert.NotNull(Assert.Single(line.Hosts).LeftAt);
        await lab.Control.ForgetAsync(host.Name, TestLab.Instructor, Token);
        Assert.Empty((await lab.Line.ReadAsync(Token)).Hosts);
    }

    [Fact]
    public async Task HostThatDrains_AndIsStartedAgain_StaysSo()
    {
        var first = await labs.OpenAsync(startQueue: true);
        var name = Assert.Single((await first.Line.ReadAsync(Token)).Hosts).Name;
        await first.Control.DrainAsync(name, TestLab.Instructor, Token);
        await first.LeaveAsync();

        await using var second = await labs.OpenAsync(directory: first.Directory, startQueue: true);

        var line = await second.Line.ReadAsync(Token);
        var host = Assert.Single(line.HostsUp);
        Assert.Equal((name, 0), (host.Name, line.OpenSlots));
        Assert.NotNull(host.DrainedAt);
        var run = await second.LaunchAsync(TestLab.Instructor);
        await Task.Delay(TimeSpan.FromSeconds(2), Token);
        Assert.Equal(RunState.Queued, (await second.FindAsync(run.Id)).State);
        await second.Control.OpenAsync(name, TestLab.Instructor, Token);
        await second.WaitForAsync(run.Id, RunState.Failed);        // there is no trainer: that it was tried is enough
    }
}

public sealed class EmbeddedHostReporterTests() : HostReporterTests(TestLabs.Embedded);

public sealed class ScaledOutHostReporterTests(PostgresServer server) : HostReporterTests(new TestLabs(server));
