using System.Diagnostics;
using Pneumothorax.Lab.Web.Tests.Api;

namespace Pneumothorax.Lab.Web.Tests;

/// <summary>The portal as a process of its own: how it starts, and what is left when it is killed.</summary>
[Collection(TestPortal.Training)]
public sealed class PortalProcessTests : IDisposable
{
    private readonly PortalPrograms _programs = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_LeavesNoTrainingBehind_AndTheNextStartGoesOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Finds the training process through /proc.");
        var address = PortalPrograms.FreeAddress();
        using var client = PortalPrograms.Instructor(address);

        var first = Start(address);
        await PortalPrograms.WaitForPhantomsAsync(client);
        var run = await TestPortal.LaunchAsync(client, steps: 100_000);
        await TestPortal.WaitForAsync(client, run, json => json.GetProperty("step").GetInt32() > 5);
        Assert.Single(TrainingProcesses.Ids(FolderOf(run)));
        first.Kill();      // -9, and only the portal
        await first.WaitForExitAsync(Token);

        var clock = Stopwatch.StartNew();
        while (TrainingProcesses.Ids(FolderOf(run)).Count > 0)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), "The training goes on without its portal.");
            await Task.Delay(50, Token);
        }

        Start(address);
        await PortalPrograms.WaitForPhantomsAsync(client);
        var again = await TestPortal.WaitForAsync(client, run, "Running");
        Assert.Equal(2, again.GetProperty("attempt").GetInt32());
    }

    [Fact]
    public async Task SecondOneOnTheSameDirectory_OrPort_IsRefusedInOneLine()
    {
        var address = PortalPrograms.FreeAddress();
        using var client = PortalPrograms.Instructor(address);
        Start(address);
        await PortalPrograms.WaitForPhantomsAsync(client);

        Assert.Contains("Another portal uses the data directory", await PortalPrograms.RefusalAsync(Start(PortalPrograms.FreeAddress())), StringComparison.Ordinal);
        var other = Directory.CreateTempSubdirectory("lab-process-").FullName;
        Assert.Contains("Another program listens there", await PortalPrograms.RefusalAsync(Start(address, other)), StringComparison.Ordinal);
        Assert.Contains("cannot be written", await PortalPrograms.RefusalAsync(Start(PortalPrograms.FreeAddress(), "/proc/lab")), StringComparison.Ordinal);

        Directory.Delete(other, recursive: true);
    }

    public void Dispose() => _programs.Dispose();

    private string FolderOf(int run) => Path.Combine(_programs.Folder, "runs", $"{run}");

    private Process Start(string address, string? directory = null) =>
        _programs.StartPortal(address, directory is null ? null : new() { ["Lab__DataDirectory"] = directory });
}
