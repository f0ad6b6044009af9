using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Pneumothorax.Lab.Load;

/// <summary>The real portal, Release, on an empty data directory.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    public const string ClassCode = "UNDERL";

    private readonly Process _process;
    private readonly List<string> _said = [];

    private PortalProcess(Process process, Uri address, string directory) => (_process, Address, DataDirectory) = (process, address, directory);

    public Uri Address { get; }

    public string DataDirectory { get; }

    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory, MB.</summary>
    public double Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>Warnings and errors so far.</summary>
    public IReadOnlyList<string> Warnings
    {
        get { lock (_said) return [.. _said.Where(line => line.StartsWith("warn", StringComparison.Ordinal) || line.StartsWith("fail", StringComparison.Ordinal))]; }
    }

    public static async Task<PortalProcess> StartAsync(int slots, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("lab-load-").FullName;
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}");
        free.Stop();
        var program = typeof(PortalProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Portal").Value!;
        var start = new ProcessStartInfo("dotnet", [program, "--urls", address.ToString()]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Lab__DataDirectory"] = directory;
        start.Environment["Lab__ClassCode"] = ClassCode;
        start.Environment["Lab__Slots"] = slots.ToString(CultureInfo.InvariantCulture);
        start.Environment["Lab__PhantomImages"] = "48";
        start.Environment["Lab__Executable"] = LiveRun.WriteTrainer(directory);
        start.Environment["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        var portal = new PortalProcess(Process.Start(start)!, address, directory);
        portal._process.OutputDataReceived += portal.Hear;
        portal._process.ErrorDataReceived += portal.Hear;
        portal._process.BeginOutputReadLine();
        portal._process.BeginErrorReadLine();
        await portal.WaitUntilReadyAsync(cancellationToken);
        return portal;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
        {
            if (line.Data is { } said) _said.Add(said);
        }
    }

    /// <summary>Until the first student can get in and the phantoms are drawn.</summary>
    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Address };
        var phantom = Path.Combine(DataDirectory, "datasets", "phantom", "dataset.json");
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromMinutes(2); await Task.Delay(200, cancellationToken))
        {
            if (_process.HasExited) throw new InvalidOperationException($"The portal ended at once: {string.Join(" ", _said)}");
            try
            {
                if ((await http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), cancellationToken)).IsSuccessStatusCode && File.Exists(phantom)) return;
            }
            catch (HttpRequestException)
            {
                // It is starting.
            }
        }
        throw new TimeoutException("The portal is not ready after two minutes.");
    }
}
