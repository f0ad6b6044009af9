using System.Diagnostics;
using System.Runtime.Versioning;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Tests.Api;

namespace Pneumothorax.Lab.Web.Tests;

/// <summary>The portal as a process of its own: how it starts, and what is left when it is killed.</summary>
[Collection(TestPortal.Training)]
public sealed class PortalProcessTests : IDisposable
{
    private readonly PortalPrograms _programs = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Killed_LeavesNoTrainingBehind_AndTheNextStartGoesOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Finds the training process through /proc.");
        var address = PortalPrograms.FreeAddress();
        using var client = PortalPrograms.Instructor(address);
        // Of a version that left them open to everybody on the host.
        const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        foreach (var folder in (string[])["runs", "uploads"]) File.SetUnixFileMode(Directory.CreateDirectory(Path.Combine(_programs.Folder, folder)).FullName, Open);

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
        // Nobody writes any more.
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(_programs.Folder, "*", SearchOption.AllDirectories),
            path => (File.GetUnixFileMode(path) & (UnixFileMode)0b111_111) != 0);

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

        Assert.Contains("Another portal is using the data directory", await PortalPrograms.RefusalAsync(Start(PortalPrograms.FreeAddress())), StringComparison.Ordinal);
        var other = Directory.CreateTempSubdirectory("lab-process-").FullName;
        Assert.Contains("Another program is already listening there", await PortalPrograms.RefusalAsync(Start(address, other)), StringComparison.Ordinal);
        Assert.Contains("cannot be written", await PortalPrograms.RefusalAsync(Start(PortalPrograms.FreeAddress(), "/proc/lab")), StringComparison.Ordinal);

        Directory.Delete(other, recursive: true);
    }

    [Theory]
    [InlineData("http://127.0.0.1:99999", "\"99999\" is not a port")]
    [InlineData("http://127.0.0.1:5o80", "\"5o80\" is not a port")]       // else it listens on port 80 of every network
    [InlineData("localhost:5080", "does not begin with http://")]
    [InlineData("https://127.0.0.1:0", "needs a certificate")]
    public async Task AddressThatCannotBeListenedOn_IsRefusedInOneLine(string address, string words) =>
        Assert.Contains(words, await PortalPrograms.RefusalAsync(Start(address)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Lab__PhantomImages", "39", "Lab__PhantomImages must be a whole number from 40 to 100000, not \"39\".")]
    [InlineData("Lab__ContentDirectory", "/no/content", "there is no folder \"/no/content\"")]
    [InlineData("Lab__Executable", "/no/lab.dll", "there is no file \"/no/lab.dll\"")]
    public async Task SettingThatCannotBeUsed_IsRefusedInOneLine(string name, string value, string words) =>
        Assert.Contains(words, await PortalPrograms.RefusalAsync(_programs.StartPortal(PortalPrograms.FreeAddress(), new() { [name] = value })), StringComparison.Ordinal);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task AskedToEndWhileItStarts_EndsWithoutAStackTrace()
    {
        var portal = Start(PortalPrograms.FreeAddress());
        var errors = portal.StandardError.ReadToEndAsync(Token);
        // Its tables are made after it listens to signals and before it listens to browsers.
        while (!File.Exists(Path.Combine(_programs.Folder, "lab.db"))) await Task.Delay(20, Token);

        using (var kill = Process.Start("kill", ["-TERM", $"{portal.Id}"])) await kill.WaitForExitAsync(Token);
        await portal.WaitForExitAsync(Token);

        Assert.DoesNotContain("Unhandled exception", await errors, StringComparison.Ordinal);
        Assert.Equal(0, portal.ExitCode);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task DirectoryOfAnotherUser_IsRefusedInOneLine_ByPortalAndCommandLine()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can make a directory of another user.");
        using (var chown = Process.Start("chown", ["nobody", _programs.Folder])) await chown.WaitForExitAsync(Token);

        Assert.Contains($"The folder {_programs.Folder} belongs to nobody, not to root.", await PortalPrograms.RefusalAsync(Start(PortalPrograms.FreeAddress())), StringComparison.Ordinal);
        var refused = await PortalPrograms.RefusalAsync(_programs.StartLab(["data", "phantom", "small set", "--images", "8"]));
        Assert.Contains("Type: runuser -u nobody -- lab data phantom 'small set' --images 8 (or set Lab__AllowRoot=true).", refused, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_programs.Folder));

        // As that user, on what root has left there all the same.
        Directory.CreateDirectory(Path.Combine(_programs.Folder, "datasets", "left"));
        File.SetUnixFileMode(Path.Combine(_programs.Folder, "datasets"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var said = await _programs.StartLabAs("nobody", ["data", "phantom", "small", "--images", "8"]).StandardError.ReadToEndAsync(Token);
        Assert.SkipUnless(said.StartsWith("lab: ", StringComparison.Ordinal), "Nobody else may read what these tests have built.");
        Assert.Contains($"{_programs.Folder}/datasets belongs to root, and nobody cannot use it. If this lab is to run as nobody, type: sudo chown -R nobody: {_programs.Folder}", said, StringComparison.Ordinal);
    }

    public void Dispose() => _programs.Dispose();

    private string FolderOf(int run) => Path.Combine(_programs.Folder, "runs", $"{run}");

    private Process Start(string address, string? directory = null) =>
        _programs.StartPortal(address, directory is null ? null : new() { ["Lab__DataDirectory"] = directory });
}
