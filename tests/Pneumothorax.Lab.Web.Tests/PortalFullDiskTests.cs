using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Tests.Api;

namespace Pneumothorax.Lab.Web.Tests;

/// <summary>The portal on a disk that is really full: a small file system in a namespace of its own, which is filled from outside.</summary>
[Collection(TestPortal.Training)]
public sealed class PortalFullDiskTests : IDisposable
{
    private readonly PortalPrograms _programs = new();
    private Process? _portal;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The small disk, as seen through the portal's process.</summary>
    private string Disk => $"/proc/{_portal!.Id}/root{_programs.Folder}";

    [Fact]
    public async Task FullDisk_IsSaidInOneLine_PagesGoOn_AndNothingIsLostOnceThereIsRoom()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root" && CanMount(), "This system lets nobody mount a small file system.");
        var address = PortalPrograms.FreeAddress();
        using var client = PortalPrograms.Instructor(address);
        _portal = _programs.Start("unshare", ["--mount", "bash", "-c", "mount -t tmpfs -o size=48m lab \"$1\" && shift && exec dotnet \"$@\"", "test", _programs.Folder, typeof(Program).Assembly.Location, "--urls", address]);
        PortalPrograms.Read(_portal);
        await PortalPrograms.WaitForPhantomsAsync(client);
        using var student = PortalPrograms.Browser(new CookieContainer(), address);
        var picture = await client.GetByteArrayAsync("/api/datasets/phantom/test/0.png", Token);
        var run = await TestPortal.LaunchAsync(client, steps: 400);
        await TestPortal.WaitForAsync(client, run, json => json.GetProperty("step").GetInt32() > 5);
        using var trainer = TrainingProcesses.Of(Path.Combine(_programs.Folder, "runs", $"{run}"));

        await FillAsync();
        HttpResponseMessage refusal;
        for (var attempt = 0; ; attempt++)
        {
            // The log of SQLite may have room for a few rows yet.
            refusal = await client.PostAsJsonAsync("/api/runs", new { name = $"Too much {attempt}", dataset = "phantom", network = "lite", hyperparameters = new { steps = 10 } }, Token);
            if (!refusal.IsSuccessStatusCode) break;
            Assert.True(attempt < 500, "A full disk takes everything.");
        }
        var problem = await refusal.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal((HttpStatusCode)507, refusal.StatusCode);
        Assert.StartsWith("The lab's disk is full, so this was not saved.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var body = new ByteArrayContent(picture);
        var image = await client.PostAsync("/api/images", body, Token);
        Assert.Equal(((HttpStatusCode)507, true), (image.StatusCode, (await image.Content.ReadAsStringAsync(Token)).Contains("The lab's disk is full, so this was not saved.", StringComparison.Ordinal)));
        var joining = await TestPortal.JoinAsync(student, "Mira");
        for (var attempt = 0; joining.StatusCode == HttpStatusCode.Redirect && attempt < 20; attempt++) joining = await TestPortal.JoinAsync(student, $"Mira {attempt}");
        Assert.Equal(((HttpStatusCode)507, true), (joining.StatusCode, (await joining.Content.ReadAsStringAsync(Token)).Contains("disk is full, so this was not saved.", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/runs", Token)).StatusCode);
        Assert.Contains("data directory: does not answer", await (await client.GetAsync("/healthz/ready", Token)).Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        // The trainer comes to the end of the disk, too.
        await trainer.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromMinutes(2), Token);

        File.Delete(Path.Combine(Disk, "filler"));
        // A full disk is its host's fault: the run is tried once more by itself, from its newest checkpoint.
        var completed = await TestPortal.WaitForAsync(client, run, "Completed");
        // What became of the first attempt is kept.
        var attempts = completed.GetProperty("attempts").EnumerateArray().ToList();
        Assert.Equal([false, true], attempts.Select(attempt => attempt.GetProperty("counts").GetBoolean()));
        Assert.Contains("No space left on device", attempts[0].GetProperty("end").GetString(), StringComparison.Ordinal);
        var steps = (await client.GetStringAsync($"/api/runs/{run}/metrics.csv", Token)).Split('\n')
            .Where(line => line.Contains(",train/loss,", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(1, 400), steps);
    }

    public void Dispose() => _programs.Dispose();

    private static bool CanMount()
    {
        using var process = Process.Start(new ProcessStartInfo("unshare", ["--mount", "mount", "-t", "tmpfs", "-o", "size=16k", "lab", "/mnt"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private async Task FillAsync()
    {
        await using var filler = new FileStream(Path.Combine(Disk, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = 1 << 20; size >= 512; size /= 2)
        {
            try
            {
                while (true) await filler.WriteAsync(new byte[size], Token);
            }
            catch (IOException)
            {
                // No room for so many; perhaps for half.
            }
        }
    }
}
