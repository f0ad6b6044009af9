using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests;

/// <summary>What whoever operates a lab relies on: telemetry, logs for machines, and a backup that becomes a lab again.</summary>
[Collection(TestPortal.Training)]
public sealed class OperatingTests : IDisposable
{
    private readonly PortalPrograms _programs = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collector_GetsFiguresAndTheTraceOfARun_AndTheLogIsJsonWithoutSecrets()
    {
        var received = new ConcurrentBag<byte[]>();
        await using var collector = await StartCollectorAsync(received);
        var address = PortalPrograms.FreeAddress();
        using var client = PortalPrograms.Instructor(address);
        var output = PortalPrograms.Read(_programs.StartPortal(address, new()
        {
            ["Lab__Logs"] = "json",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "300",
        }));
        await PortalPrograms.WaitForPhantomsAsync(client);
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
        var (address, cookies) = (PortalPrograms.FreeAddress(), new CookieContainer());
        using var instructor = PortalPrograms.Instructor(address);
        var portal = _programs.StartPortal(address, In("data"));
        PortalPrograms.Read(portal);
        await PortalPrograms.WaitForPhantomsAsync(instructor);
        using var student = PortalPrograms.Browser(cookies, address);
        Assert.Equal("/", (await TestPortal.JoinAsync(student, "Mira")).Headers.Location?.OriginalString);
        var run = await TestPortal.LaunchAsync(student, steps: 100_000);
        await TestPortal.WaitForAsync(student, run, json => json.GetProperty("step").GetInt32() > 20);

        var archive = Path.Combine(_programs.Folder, "lab.zip");
        var (code, said) = await _programs.LabAsync("backup", archive, "--with-images", "--data-directory", Path.Combine(_programs.Folder, "data"));
        Assert.True(code == 0, said);
        Assert.StartsWith("Saved 1 run, ", said, StringComparison.Ordinal);
        portal.Kill(entireProcessTree: true);
        await portal.WaitForExitAsync(Token);
        (code, said) = await _programs.LabAsync("restore", archive, "--data-directory", Path.Combine(_programs.Folder, "elsewhere"));
        Assert.True(code == 0, said);
        Assert.Equal(1, (await _programs.LabAsync("restore", archive, "--data-directory", Path.Combine(_programs.Folder, "elsewhere"))).Code);

        // At another address the browser has the same cookie; the keys that made it came along.
        var next = PortalPrograms.FreeAddress();
        PortalPrograms.Read(_programs.StartPortal(next, In("elsewhere")));
        using var again = PortalPrograms.Browser(cookies, next);
        await PortalPrograms.WaitForPhantomsAsync(again);
        await TestPortal.WaitForAsync(again, run, json => json.GetProperty("state").GetString() == "Running" && json.GetProperty("attempt").GetInt32() == 2 && json.GetProperty("step").GetInt32() > 30);
        var steps = (await again.GetStringAsync($"/api/runs/{run}/metrics.csv", Token)).Split('\n')
            .Where(line => line.Contains(",train/loss,", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(1, steps.Count), steps);
        Assert.InRange(steps.Count, 21, 100_000);
    }

    public void Dispose() => _programs.Dispose();

    private Dictionary<string, string> In(string directory) => new() { ["Lab__DataDirectory"] = Path.Combine(_programs.Folder, directory) };

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
        builder.WebHost.UseUrls(PortalPrograms.FreeAddress());
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
}
