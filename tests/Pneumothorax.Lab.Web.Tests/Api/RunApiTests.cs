using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Experiments.Weights;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Api;

/// <summary>Runs through the API, trained by the real <c>lab</c>.</summary>
[Collection(TestPortal.Training)]
public sealed class RunApiTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"network":"lite","dataset":"phantom","hyperparameters":{"batchSize":"many"}}""", "hyperparameters.batchSize")]
    [InlineData("""{"network":"lite","dataset":"phantom","hyperparameters":{"steps":1.5}}""", "hyperparameters.steps")]
    [InlineData("""{"network":"lite","dataset":"phantom","hyperparameters":{"batchSize":0,"learningRate":99}}""", "Learning rate must be from 0.00001 to 10, not 99. Batch size must be from 1 to 128, not 0.")]
    [InlineData("""{"network":"lite","dataset":"phantom","hyperparameters":{"optimizer":"adamm"}}""", "hyperparameters.optimizer is sgd, momentum, nesterov, adam or adamw.")]
    [InlineData("""{"network":"lite"}""", "dataset is missing")]
    [InlineData("""{"dataset":"phantom"}""", "network is missing")]
    [InlineData("""{"network":"lite","dataset":"../phantom"}""", "There is no data set")]
    [InlineData("""{"network":7,"dataset":"phantom"}""", "network")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("null", "JSON object")]
    [InlineData("{\"network\":", "network")]
    [InlineData("", "not a JSON object")]
    public async Task Launch_OfABadBody_NamesWhatIsWrong(string body, string part)
    {
        using var instructor = portal.Instructor();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        await AccessTests.AssertProblemAsync(await instructor.PostAsync("/api/runs", content, Token), HttpStatusCode.BadRequest, part);
    }

    [Fact]
    public async Task Launch_NotSentAsJson_IsRefused()
    {
        using var instructor = portal.Instructor();
        using var content = new StringContent("""{"network":"lite","dataset":"phantom"}""", Encoding.UTF8, "text/plain");

        await AccessTests.AssertProblemAsync(await instructor.PostAsync("/api/runs", content, Token), HttpStatusCode.UnsupportedMediaType, "application/json");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TooLargeABody_IsRefused_WhetherOrNotItSaysItsLength(bool saysLength)
    {
        using var instructor = portal.Instructor();
        var body = Encoding.UTF8.GetBytes($$"""{"name":"{{new string('x', 70_000)}}","network":"lite","dataset":"phantom"}""");
        using HttpContent content = saysLength ? new ByteArrayContent(body) : new StreamContent(new OneWay(body));
        content.Headers.ContentType = new("application/json");

        await AccessTests.AssertProblemAsync(await instructor.PostAsync("/api/runs", content, Token), HttpStatusCode.RequestEntityTooLarge, "64 KB");
    }

    [Fact]
    public async Task Launch_WithAnIdempotencyKey_LaunchesOnce()
    {
        using var instructor = portal.Instructor();
        instructor.DefaultRequestHeaders.Add("Idempotency-Key", "\"8e03978e-40d5\"");
        List<int> ids = [];
        foreach (var steps in (int[])[11, 11, 12])
        {
            using var response = await instructor.PostAsJsonAsync("/api/runs", new { dataset = "phantom", network = "lite", hyperparameters = new { steps } }, Token);
            if (steps == 12) await AccessTests.AssertProblemAsync(response, HttpStatusCode.BadRequest, "This idempotency key was used for run");
            else ids.Add((await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetInt32());
        }

        Assert.Single(ids.Distinct());
        await instructor.PostAsync($"/api/runs/{ids[0]}/cancel", null, Token);
    }

    [Fact]
    public async Task CompletedRun_GivesCurvesEvaluationAndPictures()
    {
        using var instructor = portal.Instructor();
        using var early = await instructor.GetAsync("/api/runs/9999/evaluation", Token);
        await AccessTests.AssertProblemAsync(early, HttpStatusCode.NotFound, "There is no run 9999.");
        var run = await TestPortal.LaunchAsync(instructor, steps: 10);
        using (var waiting = await instructor.GetAsync($"/api/runs/{run}/evaluation", Token))
        {
            await AccessTests.AssertProblemAsync(waiting, HttpStatusCode.NotFound, "has not been evaluated yet");
        }

        var state = await TestPortal.WaitForAsync(instructor, run, "Completed");

        Assert.Equal((10, 10, 1), (state.GetProperty("step").GetInt32(), state.GetProperty("steps").GetInt32(), state.GetProperty("attempt").GetInt32()));
        var csv = (await instructor.GetStringAsync($"/api/runs/{run}/metrics.csv", Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("step,series,value", csv[0]);
        Assert.Equal(10, csv.Count(line => line.Contains(",train/loss,", StringComparison.Ordinal)));

        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, await instructor.GetByteArrayAsync($"/api/runs/{run}/evaluation.h5", Token), Token);
        var file = EvaluationFile.Read(path);
        File.Delete(path);
        var evaluation = await instructor.GetFromJsonAsync<JsonElement>($"/api/runs/{run}/evaluation", Token);
        Assert.Equal(file.Count, evaluation.GetProperty("images").GetInt32());
        var roc = evaluation.GetProperty("roc").EnumerateArray().ToList();
        Assert.Equal((0.0, 0.0), (roc[0].GetProperty("fpr").GetDouble(), roc[0].GetProperty("tpr").GetDouble()));
        Assert.Equal((1.0, 1.0), (roc[^1].GetProperty("fpr").GetDouble(), roc[^1].GetProperty("tpr").GetDouble()));
        Assert.InRange(evaluation.GetProperty("auroc").GetDouble(), evaluation.GetProperty("aurocLow").GetDouble(), evaluation.GetProperty("aurocHigh").GetDouble());

        Assert.Equal(Calibration.Compute(file.Labels, [.. file.Probabilities.Where((_, i) => i % 2 == 1)]).ExpectedError!.Value, evaluation.GetProperty("expectedCalibrationError").GetDouble(), 1e-12);
        await AssertCurvesAsync(instructor, run, roc);
        await AssertPicturesAsync(instructor, run);
        await AssertSlicesAsync(instructor, run, file);
        await AssertWeightsAsync(instructor, run, file);
    }

    /// <summary>Every point, to the last digit.</summary>
    private static async Task AssertCurvesAsync(HttpClient client, int run, List<JsonElement> roc)
    {
        var lines = (await client.GetStringAsync($"/api/runs/{run}/roc.csv", Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("threshold,false_positive_rate,true_positive_rate", lines[0]);
        Assert.Equal(
            roc.Select(point => (point.GetProperty("threshold").GetDouble(), point.GetProperty("fpr").GetDouble(), point.GetProperty("tpr").GetDouble())),
            lines.Skip(1).Select(Numbers));

        lines = (await client.GetStringAsync($"/api/runs/{run}/precision-recall.csv", Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("threshold,recall,precision", lines[0]);
        Assert.Equal(roc.Count - 1, lines.Length - 1);
        Assert.Equal(1, Numbers(lines[^1]).Item2);

        using var none = await client.GetAsync("/api/runs/9999/roc.csv", Token);
        await AccessTests.AssertProblemAsync(none, HttpStatusCode.NotFound, "There is no run 9999.");

        static (double, double, double) Numbers(string line) =>
            line.Split(',') is [var first, var second, var third] ? (double.Parse(first, CultureInfo.InvariantCulture), double.Parse(second, CultureInfo.InvariantCulture), double.Parse(third, CultureInfo.InvariantCulture)) : default;
    }

    [Fact]
    public async Task Cancel_OfATrainingRun_EndsItsProcess_AndResumeGoesOn()
    {
        using var instructor = portal.Instructor();
        var run = await TestPortal.LaunchAsync(instructor, steps: 100_000);
        await TestPortal.WaitForAsync(instructor, run, json => json.GetProperty("step").GetInt32() > 5);
        using var process = ProcessOf(run);

        Assert.Equal(HttpStatusCode.Accepted, (await instructor.PostAsync($"/api/runs/{run}/cancel", null, Token)).StatusCode);
        await process.WaitForExitAsync(Token);
        var canceled = await TestPortal.WaitForAsync(instructor, run, "Canceled");
        Assert.Contains("steps are kept", canceled.GetProperty("message").GetString(), StringComparison.Ordinal);
        var attempt = Assert.Single(canceled.GetProperty("attempts").EnumerateArray());
        Assert.Equal((canceled.GetProperty("message").GetString(), true), (attempt.GetProperty("end").GetString(), attempt.GetProperty("counts").GetBoolean()));

        var kept = canceled.GetProperty("step").GetInt32();
        await instructor.PostAsync($"/api/runs/{run}/resume", null, Token);
        await TestPortal.WaitForAsync(instructor, run, json => json.GetProperty("step").GetInt32() > kept);
        await instructor.PostAsync($"/api/runs/{run}/cancel", null, Token);
        var reached = (await TestPortal.WaitForAsync(instructor, run, "Canceled")).GetProperty("step").GetInt32();

        Assert.Equal(HttpStatusCode.Accepted, (await instructor.PostAsync($"/api/runs/{run}/evaluate", null, Token)).StatusCode);
        var evaluated = await TestPortal.WaitForAsync(instructor, run, "Completed");
        // On a busy host the process may be ended between saving a step and telling it.
        var saved = evaluated.GetProperty("step").GetInt32();
        Assert.InRange(saved, reached, reached + 1);
        Assert.Equal(3, evaluated.GetProperty("attempt").GetInt32());
        Assert.Equal(JsonValueKind.Number, (await instructor.GetFromJsonAsync<JsonElement>($"/api/runs/{run}/evaluation", Token)).GetProperty("auroc").ValueKind);
        var points = (await instructor.GetStringAsync($"/api/runs/{run}/metrics.csv", Token)).Split('\n');
        Assert.Contains(points, line => line.StartsWith($"{saved},train/loss,", StringComparison.Ordinal));
        await AccessTests.AssertProblemAsync(await instructor.PostAsync($"/api/runs/{run}/evaluate", null, Token), HttpStatusCode.Conflict, "cannot be evaluated now: it is complete");
        Assert.Equal(HttpStatusCode.NoContent, (await instructor.DeleteAsync($"/api/runs/{run}", Token)).StatusCode);
        Assert.False(Directory.Exists(Path.Combine(portal.DataDirectory, "runs", run.ToString(CultureInfo.InvariantCulture))));
    }

    [Fact]
    public async Task WaitingRun_SaysItsPlace_AndWhyItWaits_AsItsPageDoes()
    {
        using var student = await portal.StudentAsync("Waits");
        var going = await TestPortal.LaunchAsync(student, steps: 100_000);
        await TestPortal.WaitForAsync(student, going, "Running");

        var run = await TestPortal.LaunchAsync(student, steps: 10);

        var wait = (await TestPortal.StateAsync(student, run)).GetProperty("wait");
        Assert.Equal(1, wait.GetProperty("place").GetInt32());
        Assert.StartsWith($"Your other run ({going}) is in progress, and this one waits for it", wait.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.True(wait.TryGetProperty("expectedStart", out _));
        var listed = (await student.GetFromJsonAsync<JsonElement>("/api/runs", Token)).EnumerateArray().ToDictionary(json => json.GetProperty("id").GetInt32());
        Assert.Equal(1, listed[run].GetProperty("wait").GetProperty("place").GetInt32());
        Assert.False(listed[going].TryGetProperty("wait", out _));
        await student.PostAsync($"/api/runs/{run}/cancel", null, Token);
        await student.PostAsync($"/api/runs/{going}/cancel", null, Token);
        await TestPortal.WaitForAsync(student, going, "Canceled");
    }

    [Fact]
    public async Task KilledTraining_IsTriedAgainByItself_AndEndsAsIfNeverKilled()
    {
        using var instructor = portal.Instructor();
        var run = await TestPortal.LaunchAsync(instructor, steps: 60);
        await TestPortal.WaitForAsync(instructor, run, json => json.GetProperty("step").GetInt32() > 5);
        using (var process = ProcessOf(run)) process.Kill();

        var completed = await TestPortal.WaitForAsync(instructor, run, "Completed");
        Assert.Equal(2, completed.GetProperty("attempt").GetInt32());
        var attempts = completed.GetProperty("attempts").EnumerateArray().ToList();
        Assert.Equal([false, true], attempts.Select(attempt => attempt.GetProperty("counts").GetBoolean()));
        Assert.Matches(@"^Its process was killed \(signal 9\) at step \d+\.$", attempts[0].GetProperty("end").GetString());
        var steps = (await instructor.GetStringAsync($"/api/runs/{run}/metrics.csv", Token)).Split('\n')
            .Where(line => line.Contains(",train/loss,", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(1, 60), steps);
    }

    private static async Task AssertWeightsAsync(HttpClient client, int run, EvaluationFile evaluation)
    {
        using var answer = await client.GetAsync($"/api/runs/{run}/weights.safetensors", Token);
        Assert.Equal($"run-{run}-step-{evaluation.Info.CheckpointStep}.safetensors", answer.Content.Headers.ContentDisposition?.FileName);
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, await answer.Content.ReadAsByteArrayAsync(Token), Token);
        using (var weights = WeightsFile.Open(path, WeightsFormat.SafeTensors))
        {
            Assert.Equal(evaluation.ClassifierWeight, weights.Read("classifier.weight"));
            Assert.Equal("Teaching only, not for diagnosis.", weights.Metadata["note"]);
        }
        File.Delete(path);
        await AccessTests.AssertProblemAsync(await client.GetAsync($"/api/runs/{run}/weights.safetensors?step=7", Token), HttpStatusCode.NotFound, "no checkpoint of step 7. It has: 5, 10.");
    }

    private static async Task AssertSlicesAsync(HttpClient instructor, int run, EvaluationFile file)
    {
        var found = await instructor.GetFromJsonAsync<JsonElement>($"/api/runs/{run}/slices?threshold=0", Token);
        var slices = found.GetProperty("slices").EnumerateArray().ToList();
        Assert.Equal(file.Count, slices.Where(slice => slice.GetProperty("column").GetString() == "view").Sum(slice => slice.GetProperty("images").GetInt32()));
        Assert.All(slices.Where(slice => slice.GetProperty("positives").GetInt32() > 0), slice => Assert.Equal(1, slice.GetProperty("sensitivity").GetDouble()));
        var lines = (await instructor.GetStringAsync($"/api/runs/{run}/slices.csv?threshold=0", Token)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("column,value,negatives,images,positives,auroc,", lines[0], StringComparison.Ordinal);
        Assert.Equal(slices.Count, lines.Length - 1);
        Assert.All(lines, line => Assert.Equal(lines[0].Count(letter => letter == ','), line.Count(letter => letter == ',')));
        await AccessTests.AssertProblemAsync(await instructor.GetAsync($"/api/runs/{run}/slices?threshold=2", Token), HttpStatusCode.BadRequest, "threshold must be from 0 to 1, not 2.");
    }

    private static async Task AssertNotSentTwiceAsync(HttpClient client, string address)
    {
        using var first = await client.GetAsync(address, Token);
        foreach (var (asked, status) in (IEnumerable<(string, HttpStatusCode)>)[(address, HttpStatusCode.NotModified), ($"{address}?scale=own", HttpStatusCode.OK)])
        {
            using var again = new HttpRequestMessage(HttpMethod.Get, asked);
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            Assert.Equal(status, (await client.SendAsync(again, Token)).StatusCode);
        }
    }

    private static async Task AssertPicturesAsync(HttpClient client, int run)
    {
        var (pixels, width, height) = ImageCodec.DecodeGrey(new MemoryStream(await client.GetByteArrayAsync("/api/datasets/phantom/test/1.png", Token)));
        var unchanged = ImageCodec.DecodeGrey(new MemoryStream(await client.GetByteArrayAsync($"/api/runs/{run}/cam/1.png?opacity=0", Token)));
        Assert.Equal((256, 256), (width, height));
        Assert.Equal(pixels, unchanged.Pixels);
        await AssertNotSentTwiceAsync(client, $"/api/runs/{run}/cam/1.png");

        using var overlay = await client.GetAsync($"/api/runs/{run}/cam/1.png?class=0&opacity=1&scale=own&colours=jet", Token);
        Assert.Equal("image/png", overlay.Content.Headers.ContentType?.MediaType);
        Assert.NotEqual(pixels, ImageCodec.DecodeGrey(await overlay.Content.ReadAsStreamAsync(Token)).Pixels);
        // Unless asked for one class, the map is the difference of both: the reason of the verdict.
        async Task<byte[]> MapAsync(string query) => ImageCodec.DecodeGrey(new MemoryStream(await client.GetByteArrayAsync($"/api/runs/{run}/cam/1.png?layer=map&scale=own{query}", Token))).Pixels;
        Assert.Equal(await MapAsync("&class=difference"), await MapAsync(""));
        Assert.NotEqual(await MapAsync("&class=1"), await MapAsync(""));
        Assert.NotEqual(await MapAsync("&class=1"), await MapAsync("&class=0"));
        // Other methods, from the feature maps that were kept. After so few steps nothing may speak for the class; what knows no class differs all the same.
        var maps = new List<byte[]>();
        foreach (var method in (string[])["cam", "grad-cam", "ablation-cam", "eigen-cam"])
            maps.Add(ImageCodec.DecodeGrey(new MemoryStream(await client.GetByteArrayAsync($"/api/runs/{run}/cam/1.png?method={method}&layer=map&scale=own", Token))).Pixels);
        Assert.All(maps, map => Assert.Equal(256 * 256, map.Length));
        Assert.All(maps.Take(3), map => Assert.NotEqual(maps[3], map));
        foreach (var (query, part) in ((string, string)[])
            [("class=2", "class must be difference, 1"), ("opacity=1.5", "opacity must be"), ("opacity=NaN", "opacity must be"), ("scale=big", "scale must be"), ("colours=pink", "colours must be one of"), ("layer=x", "layer must be"), ("method=x", "method must be one of cam, grad-cam, ablation-cam, eigen-cam")])
        {
            await AccessTests.AssertProblemAsync(await client.GetAsync($"/api/runs/{run}/cam/1.png?{query}", Token), HttpStatusCode.BadRequest, part);
        }
        await AccessTests.AssertProblemAsync(await client.GetAsync($"/api/runs/{run}/cam/999.png", Token), HttpStatusCode.NotFound, "not 999");
    }

    private Process ProcessOf(int run)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Finds the training process through /proc.");
        return TrainingProcesses.Of(Path.Combine(portal.DataDirectory, "runs", run.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Nobody can tell its length, so it is sent in chunks.</summary>
    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
