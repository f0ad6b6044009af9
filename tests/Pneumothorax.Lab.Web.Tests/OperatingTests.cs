using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pneumothorax.Lab.Web.Tests;

/// <summary>What whoever operates a lab relies on: telemetry, logs for machines, and a backup that becomes a lab again.</summary>
[Collection(TestPortal.Training)]
public sealed class OperatingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-operating-").FullName;
    private readonly List<Process> _started = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collector_GetsFiguresAndTheTraceOfARun_AndTheLogIsJsonWithoutSecrets()
    {
        var received = new ConcurrentBag<byte[]>();
        await using var collector = await StartCollectorAsync(received);
        var address = FreeAddress();
        using var client = Instructor(address);
        var output = new ConcurrentQueue<string>();
        Start(address, "data", output, new()
        {
            ["Lab__Logs"] = "json",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "300",
        });
        await WaitUntilReadyAsync(client);
        var run = await TestPortal.LaunchAsync(client, steps: 12);
        await TestPortal.WaitForAsync(client, run, "Completed");

        string[] names = ["lab.runs", "lab.run.time_to_start", "lab.runs.ended", "lab.slots", "lab.slots.used", "http.server.request.duration", "dotnet.process.memory.working_set", "launch", "attempt", "Completed", "pneumothorax-lab-portal"];
        List<string> missing = [];
        for (var attempt = 0; attempt < 200; attempt++)
        {
            missing = [.. names.Where(name => !received.Any(body => body.AsSpan().IndexOf(Text(name)) >= 0))];
            if (missing.Count == 0) break;
            await Task.Delay(100, Token);
        }
        Assert.Empty(missing);

        Assert.All(output, line => JsonDocument.Parse(line).Dispose());
        Assert.DoesNotContain(output, line => line.Contains(TestPortal.InstructorToken, StringComparison.Ordinal));
        var ended = output.Select(line => JsonDocument.Parse(line).RootElement).Single(line => line.GetProperty("State").TryGetProperty("State", out _));
        Assert.Equal((run.ToString(System.Globalization.CultureInfo.InvariantCulture), "Completed", Environment.MachineName),
            (ended.GetProperty("State").GetProperty("Run").ToString(), ended.GetProperty("State").GetProperty("State").ToString(), ended.GetProperty("State").GetProperty("Host").ToString()));
    }

    [Fact]
    public async Task ClassAtWork_BackedUpAndRestoredElsewhere_IsThereAgain_AndItsRunGoesOn()
    {
        var (address, cookies) = (FreeAddress(), new CookieContainer());
        using var instructor = Instructor(address);
        var portal = Start(address, "data", new());
        await WaitUntilReadyAsync(instructor);
        using var student = Browser(cookies, address);
        Assert.Equal("/", (await TestPortal.JoinAsync(student, "Mira")).Headers.Location?.OriginalString);
        var run = await TestPortal.LaunchAsync(student, steps: 100_000);
        await TestPortal.WaitForAsync(student, run, json => json.GetProperty("step").GetInt32() > 20);

        var archive = Path.Combine(_folder, "lab.zip");
        var (code, said) = await LabAsync("backup", archive, "--with-images", "--data-directory", Path.Combine(_folder, "data"));
        Assert.True(code == 0, said);
        Assert.StartsWith("Saved 1 run, ", said, StringComparison.Ordinal);
        portal.Kill(entireProcessTree: true);
        await portal.WaitForExitAsync(Token);
        (code, said) = await LabAsync("restore", archive, "--data-directory", Path.Combine(_folder, "elsewhere"));
        Assert.True(code == 0, said);
        Assert.Equal(1, (await LabAsync("restore", archive, "--data-directory", Path.Combine(_folder, "elsewhere"))).Code);

        // At another address the browser has the same cookie; the keys that made it came along.
        var next = FreeAddress();
        Start(next, "elsewhere", new());
        using var again = Browser(cookies, next);
        await WaitUntilReadyAsync(again);
        await TestPortal.WaitForAsync(again, run, json => json.GetProperty("state").GetString() == "Running" && json.GetProperty("attempt").GetInt32() == 2 && json.GetProperty("step").GetInt32() > 30);
        var steps = (await again.GetStringAsync($"/api/runs/{run}/metrics.csv", Token)).Split('\n')
            .Where(line => line.Contains(",train/loss,", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(1, steps.Count), steps);
        Assert.InRange(steps.Count, 21, 100_000);
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
        Directory.Delete(_folder, recursive: true);
    }

    private static byte[] Text(string name)
    {
        // A string of protobuf: its length first, so that "lab.slots" is not found in "lab.slots.used".
        var text = Encoding.UTF8.GetBytes(name);
        return [(byte)text.Length, .. text];
    }

    private static async Task<WebApplication> StartCollectorAsync(ConcurrentBag<byte[]> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(FreeAddress());
        var collector = builder.Build();
        collector.MapPost("/v1/{kind}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.Add(body.ToArray());
            return Results.Bytes([], "application/x-protobuf");
        });
        await collector.StartAsync(Token);
        return collector;
    }

    private Process Start(string address, string directory, ConcurrentQueue<string> output, Dictionary<string, string>? settings = null)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "--urls", address]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["Lab__DataDirectory"] = Path.Combine(_folder, directory);
        start.Environment["Lab__InstructorToken"] = TestPortal.InstructorToken;
        start.Environment["Lab__ClassCode"] = TestPortal.ClassCode;
        start.Environment["Lab__PhantomImages"] = "48";
        start.Environment["Lab__ContentDirectory"] = _folder;
        foreach (var (name, value) in settings ?? []) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => { if (!string.IsNullOrWhiteSpace(line.Data)) output.Enqueue(line.Data); };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _started.Add(process);
        return process;
    }

    private static async Task<(int Code, string Said)> LabAsync(params string[] arguments)
    {
        var lab = typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "LabExecutable").Value!;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [lab, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = process.StandardError.ReadToEndAsync(Token);
        var said = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, said + await errors);
    }

    private static HttpClient Instructor(string address) => new()
    {
        BaseAddress = new(address),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", TestPortal.InstructorToken) },
    };

    private static HttpClient Browser(CookieContainer cookies, string address) =>
        new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = new(address) };

    private static async Task WaitUntilReadyAsync(HttpClient client)
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

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
