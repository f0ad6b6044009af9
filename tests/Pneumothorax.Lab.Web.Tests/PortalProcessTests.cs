using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Pneumothorax.Lab.Web.Tests.Api;

namespace Pneumothorax.Lab.Web.Tests;

/// <summary>The portal as a process of its own: how it starts, and what is left when it is killed.</summary>
[Collection(TestPortal.Training)]
public sealed class PortalProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lab-process-").FullName;

    private readonly List<Process> _started = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_LeavesNoTrainingBehind_AndTheNextStartGoesOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Finds the training process through /proc.");
        var address = FreeAddress();
        using var client = Instructor(address);

        var first = Start(address);
        await WaitUntilReadyAsync(client);
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
        await WaitUntilReadyAsync(client);
        var again = await TestPortal.WaitForAsync(client, run, "Running");
        Assert.Equal(2, again.GetProperty("attempt").GetInt32());
    }

    [Fact]
    public async Task SecondOneOnTheSameDirectory_OrPort_IsRefusedInOneLine()
    {
        var address = FreeAddress();
        using var client = Instructor(address);
        Start(address);
        await WaitUntilReadyAsync(client);

        Assert.Contains("Another portal uses the data directory", await RefusalAsync(Start(FreeAddress())), StringComparison.Ordinal);
        var other = Directory.CreateTempSubdirectory("lab-process-").FullName;
        Assert.Contains("Another program listens there", await RefusalAsync(Start(address, other)), StringComparison.Ordinal);
        Assert.Contains("cannot be written", await RefusalAsync(Start(FreeAddress(), "/proc/lab")), StringComparison.Ordinal);

        Directory.Delete(other, recursive: true);
    }

    public void Dispose()
    {
        // Whatever a failed test left.
        foreach (var process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
            process.Dispose();
        }
        Directory.Delete(_directory, recursive: true);
    }

    private static HttpClient Instructor(string address) => new()
    {
        BaseAddress = new(address),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", TestPortal.InstructorToken) },
    };

    private string FolderOf(int run) => Path.Combine(_directory, "runs", $"{run}");

    private Process Start(string address, string? directory = null)
    {
        var portal = typeof(Program).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [portal, "--urls", address]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["Lab__DataDirectory"] = directory ?? _directory;
        start.Environment["Lab__InstructorToken"] = TestPortal.InstructorToken;
        start.Environment["Lab__PhantomImages"] = "48";
        start.Environment["Lab__ContentDirectory"] = _directory;
        var process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }

    private static async Task<string> RefusalAsync(Process process)
    {
        var errors = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.Equal(1, process.ExitCode);
        return Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task WaitUntilReadyAsync(HttpClient client)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                // The phantoms are drawn in the background.
                if ((await client.GetStringAsync("/api/datasets", Token)).Contains("phantom", StringComparison.Ordinal)) return;
            }
            catch (HttpRequestException) when (attempt < 600) { }
            Assert.True(attempt < 600, "The portal is not ready after a minute.");
            await Task.Delay(100, Token);
        }
    }

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
