using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Pneumothorax.Lab.Browser.Tests;

/// <summary>The real portal in a process of its own, on a free port, with an empty data directory: what a user gets at the first start.</summary>
public sealed class Portal : IAsyncDisposable
{
    public const string ClassCode = "TESTED";
    public const string InstructorToken = "browser-tests-instructor";

    private readonly ProcessStartInfo _start;
    private readonly List<string> _output = [];
    private Process _process;

    private Portal(ProcessStartInfo start, Uri address, string dataDirectory)
    {
        _start = start;
        _process = Process.Start(start)!;
        Address = address;
        DataDirectory = dataDirectory;
        Collect();
    }

    public Uri Address { get; }

    public string DataDirectory { get; }

    /// <summary>What the portal has printed so far, for the message of a failed test.</summary>
    public string Output
    {
        get { lock (_output) return string.Join('\n', _output); }
    }

    /// <summary>Time from starting the process to the first 200 of /healthz.</summary>
    public TimeSpan StartUp { get; private set; }

    public long WorkingSetBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="phantomImages">Images to draw; null for as many as a class gets.</param>
    public static async Task<Portal> StartAsync(CancellationToken cancellationToken, int? phantomImages = null)
    {
        var dll = typeof(Portal).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(metadata => metadata.Key == "Portal").Value!;
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var dataDirectory = Directory.CreateTempSubdirectory("lab-browser-").FullName;
        var start = new ProcessStartInfo("dotnet", [dll, "--urls", address.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["Lab__DataDirectory"] = dataDirectory,
                ["Lab__ClassCode"] = ClassCode,
                ["Lab__InstructorToken"] = InstructorToken,
                ["Lab__PhantomImages"] = phantomImages?.ToString(CultureInfo.InvariantCulture),
            },
        };
        var clock = Stopwatch.StartNew();
        var portal = new Portal(start, address, dataDirectory);
        try { await portal.WaitUntilHealthyAsync(cancellationToken); }
        catch
        {
            await portal.DisposeAsync();        // else it would go on beside later tests
            throw;
        }
        portal.StartUp = clock.Elapsed;
        return portal;
    }

    /// <summary>Kills the portal, as a power cut would, and starts it again at the same address.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
        _process.Dispose();
        _process = Process.Start(_start)!;
        Collect();
        await WaitUntilHealthyAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private void Collect()
    {
        void Add(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null) return;
            lock (_output) _output.Add(line.Data);
        }
        _process.OutputDataReceived += Add;
        _process.ErrorDataReceived += Add;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task WaitUntilHealthyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Address };
        for (var tries = 0; tries < 1800; tries++)      // another project may be tested at the same time
        {
            if (_process.HasExited) throw new InvalidOperationException($"The portal ended at once:\n{Output}");
            try
            {
                if ((await http.GetAsync("/healthz", cancellationToken)).StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException) { }
            await Task.Delay(100, cancellationToken);
        }
        throw new TimeoutException($"The portal did not answer /healthz:\n{Output}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
