using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>
/// The whole path on real X-rays through the commands and addresses that others rely on; the numbers are checked in Python. It has a portal
/// of its own: real X-rays become the class's own set at once, and the other journeys look at phantoms.
/// </summary>
[Collection(Journey.Turns)]
public sealed class XrayRunTests
{
    private static readonly CancellationToken s_cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task RegisteredTrainedEvaluated_EveryFigureAgreesWithScikitLearn()
    {
        var xray = Path.GetFullPath(Path.Combine(Tool.Root, "..", "shared", "data", "xray"));
        Assert.SkipUnless(Directory.Exists(xray), "The real X-rays are not on this machine.");
        Assert.SkipUnless(Tool.Run("/usr/bin/python3", "-c", "import h5py, sklearn").ExitCode == 0, "Python has no h5py or scikit-learn.");

        await using var portal = await Portal.StartAsync(s_cancellation, phantomImages: 48);
        var added = Tool.Run("dotnet", Tool.Lab, "data", "add", "xray", "--train", Path.Combine(xray, "pneumothorax_train.h5"),
            "--test", Path.Combine(xray, "pneumothorax_test.h5"), "--data-directory", portal.DataDirectory);
        Assert.True(added.ExitCode == 0, added.Output);

        using var http = new HttpClient { BaseAddress = portal.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Portal.InstructorToken);
        using var created = await http.PostAsJsonAsync("/api/runs", new
        {
            name = "Real X-rays",
            dataset = "xray",
            network = "lite",
            hyperparameters = new { batchSize = 15, learningRate = 0.05, steps = 60, seed = 1 },
        }, s_cancellation);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>(s_cancellation)).GetProperty("id").ToString();

        await WaitForCompletionAsync(http, id);

        var folder = Directory.CreateTempSubdirectory("lab-evaluation-").FullName;
        try
        {
            var h5 = Path.Combine(folder, "evaluation.h5");
            var json = Path.Combine(folder, "evaluation.json");
            await File.WriteAllBytesAsync(h5, await http.GetByteArrayAsync($"/api/runs/{id}/evaluation.h5", s_cancellation), s_cancellation);
            await File.WriteAllBytesAsync(json, await http.GetByteArrayAsync($"/api/runs/{id}/evaluation", s_cancellation), s_cancellation);
            var check = Tool.Run("/usr/bin/python3", Path.Combine(Tool.Root, "tests/Pneumothorax.Lab.Browser.Tests/Journeys/check_evaluation.py"), h5, json);
            Assert.True(check.ExitCode == 0, check.Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        var metrics = (await http.GetStringAsync($"/api/runs/{id}/metrics.csv", s_cancellation)).Split('\n');
        Assert.Equal("step,series,value", metrics[0].Trim());
        Assert.Equal(60, metrics.Count(line => line.Contains(",train/loss,")));
        Assert.Equal(6, metrics.Count(line => line.Contains(",validation/loss,")));

        var plain = await http.GetByteArrayAsync($"/api/datasets/xray/test/3.png", s_cancellation);
        var cam = await http.GetByteArrayAsync($"/api/runs/{id}/cam/3.png?class=1&opacity=0.5", s_cancellation);
        Assert.Equal((256, 256), PngSize(plain));
        Assert.Equal((256, 256), PngSize(cam));
    }

    private static async Task WaitForCompletionAsync(HttpClient http, string id)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var run = await http.GetFromJsonAsync<JsonElement>($"/api/runs/{id}", s_cancellation);
            var state = run.GetProperty("state").GetString();
            if (state == "Completed") return;
            Assert.True(state is "Queued" or "Starting" or "Running" && clock.Elapsed < TimeSpan.FromMinutes(5), run.ToString());
            await Task.Delay(500, s_cancellation);
        }
    }

    /// <summary>Width and height as the PNG's own header says them.</summary>
    private static (int Width, int Height) PngSize(byte[] png) =>
        (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
}
