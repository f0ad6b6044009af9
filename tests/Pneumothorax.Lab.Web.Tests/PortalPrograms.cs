using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Reflection;

namespace Pneumothorax.Lab.Web.Tests;

/// <summary>Portals and workers as processes of their own, in a folder that goes with them.</summary>
internal sealed class PortalPrograms : IDisposable
{
    private readonly List<Process> _started = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The data directory where no other is named; without content, so that no reference run is added.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("lab-programs-").FullName;

    public static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    public static HttpClient Instructor(string address) => new()
    {
        BaseAddress = new(address),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", TestPortal.InstructorToken) },
    };

    public static HttpClient Browser(CookieContainer cookies, string address) =>
        new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = new(address) };

    /// <param name="address">Where it listens.</param>
    /// <param name="settings">Beside the usual ones, or instead of them.</param>
    public Process StartPortal(string address, Dictionary<string, string>? settings = null) =>
        Start("dotnet", [typeof(Program).Assembly.Location, "--urls", address], settings);

    public Process StartLab(string[] arguments, Dictionary<string, string>? settings = null) => Start("dotnet", [LabExecutable, .. arguments], settings);

    /// <summary>For root, who may become anybody.</summary>
    public Process StartLabAs(string user, string[] arguments) =>
        Start("setpriv", [$"--reuid={user}", "--clear-groups", "dotnet", LabExecutable, .. arguments], new() { ["HOME"] = Path.GetTempPath() });

    /// <returns>What a command of <c>lab</c> ended with and said on both streams.</returns>
    public async Task<(int Code, string Said)> LabAsync(params string[] arguments)
    {
        var process = StartLab(arguments);
        var errors = process.StandardError.ReadToEndAsync(Token);
        var said = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, said + await errors);
    }

    public Process Start(string program, string[] arguments, Dictionary<string, string>? settings = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["Lab__DataDirectory"] = Folder;
        start.Environment["Lab__InstructorToken"] = TestPortal.InstructorToken;
        start.Environment["Lab__ClassCode"] = TestPortal.ClassCode;
        start.Environment["Lab__PhantomImages"] = "48";
        start.Environment["Lab__ContentDirectory"] = Folder;
        foreach (var (name, value) in settings ?? []) start.Environment[name] = value;
        var process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }

    /// <summary>Reads both streams to their end, so that the process never waits for a reader.</summary>
    /// <returns>The lines of its standard output so far.</returns>
    public static ConcurrentQueue<string> Read(Process process)
    {
        var lines = new ConcurrentQueue<string>();
        process.OutputDataReceived += (_, line) => { if (!string.IsNullOrWhiteSpace(line.Data)) lines.Enqueue(line.Data); };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return lines;
    }

    /// <returns>The one line on the standard error of a program that ends with code 1.</returns>
    public static async Task<string> RefusalAsync(Process process)
    {
        var errors = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.Equal(1, process.ExitCode);
        return Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Until the portal answers and has drawn its phantoms.</summary>
    public static async Task WaitForPhantomsAsync(HttpClient client)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if ((await client.GetStringAsync("/api/datasets", Token)).Contains("phantom", StringComparison.Ordinal)) return;
            }
            catch (HttpRequestException) when (attempt < 1800) { }
            Assert.True(attempt < 1800, "The portal is not ready after three minutes.");
            await Task.Delay(100, Token);
        }
    }

    public void Dispose()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
            process.Dispose();
        }
        Directory.Delete(Folder, recursive: true);
    }

    private static string LabExecutable =>
        typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "LabExecutable").Value!;
}
