using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Experiments.Recording;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Tests.Api;

namespace Pneumothorax.Lab.Web.Tests.Recordings;

/// <summary>What a run recorded, through the API, recorded by the real <c>lab</c>.</summary>
[Collection(TestPortal.Training)]
public sealed class RecordingApiTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RecordedRun_GivesMomentsPicturesAndEventFiles()
    {
        using var instructor = portal.Instructor();
        var run = await LaunchAsync(instructor, new { steps = 4, batchSize = 2, learningRate = 0.01, validationEvery = 2, recordImages = true, recordDistributions = true });
        await TestPortal.WaitForAsync(instructor, run, "Completed");

        var moments = (await instructor.GetStringAsync($"/api/runs/{run}/recordings.jsonl", Token))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => RecordedMoment.Parse(line)!).ToList();
        Assert.Equal([0, 1, 2, 3, 4], moments.Select(moment => moment.Step));

        var index = moments[^1].Maps!.Images[0].Index;
        using (var picture = await instructor.GetAsync($"/api/runs/{run}/maps/4/{index}.png?top=5", Token))
        {
            Assert.Equal("image/png", picture.Content.Headers.ContentType?.MediaType);
            using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{run}/maps/4/{index}.png?top=5");
            again.Headers.IfNoneMatch.Add(picture.Headers.ETag!);
            Assert.Equal(HttpStatusCode.NotModified, (await instructor.SendAsync(again, Token)).StatusCode);
            var difference = await picture.Content.ReadAsByteArrayAsync(Token);
            Assert.Equal(difference, await instructor.GetByteArrayAsync($"/api/runs/{run}/maps/4/{index}.png?top=5&class=difference", Token));
            await using var bytes = await picture.Content.ReadAsStreamAsync(Token);
            Assert.Equal((256, 256), ImageCodec.DecodeGrey(bytes) is var (_, width, height) ? (width, height) : default);
        }

        await using var zip = await ZipArchive.CreateAsync(
            new MemoryStream(await instructor.GetByteArrayAsync($"/api/runs/{run}/tensorboard.zip", Token)), ZipArchiveMode.Read, leaveOpen: false, Encoding.UTF8, Token);
        var entry = Assert.Single(zip.Entries);
        Assert.StartsWith($"run-{run}/events.out.tfevents.", entry.FullName);
        Assert.True(entry.Length > 4 * 5 * 10_000);

        // Where no value is above 0 a map has no colour, so that two of them can be alike, but not all three at a scale this small.
        List<string> pictures = [];
        foreach (var target in (string[])["difference", "1", "0"])
            pictures.Add(Convert.ToBase64String(await instructor.GetByteArrayAsync($"/api/runs/{run}/maps/4/{index}.png?top=0.01&class={target}", Token)));
        Assert.NotEqual(1, pictures.Distinct().Count());
        await AccessTests.AssertProblemAsync(await instructor.GetAsync($"/api/runs/{run}/maps/4/{index}.png?class=2", Token), HttpStatusCode.BadRequest, "class must be difference, 1 (pneumothorax) or 0 (no pneumothorax), not");

        await AccessTests.AssertProblemAsync(await instructor.GetAsync($"/api/runs/{run}/maps/7/{index}.png", Token), HttpStatusCode.NotFound, "no maps at step 7, but at 0, 1, 2, 3, 4");
        await AccessTests.AssertProblemAsync(await instructor.GetAsync($"/api/runs/{run}/maps/4/9999.png", Token), HttpStatusCode.NotFound, "recorded the validation images");
        await AccessTests.AssertProblemAsync(await instructor.GetAsync($"/api/runs/{run}/maps/4/{index}.png?top=-1", Token), HttpStatusCode.BadRequest, "top is a number above 0, not -1.");
        using var student = await portal.StudentAsync("Somebody else");
        Assert.Equal(HttpStatusCode.NotFound, (await student.GetAsync($"/api/runs/{run}/maps/4/{index}.png", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await student.GetAsync($"/api/runs/{run}/tensorboard.zip", Token)).StatusCode);
    }

    [Fact]
    public async Task RunThatRecordsNothing_SaysHowToSwitchItOn()
    {
        using var instructor = portal.Instructor();
        var run = await LaunchAsync(instructor, new { steps = 1, batchSize = 2, learningRate = 0.01 });
        await TestPortal.WaitForAsync(instructor, run, "Completed");

        await AccessTests.AssertProblemAsync(await instructor.GetAsync($"/api/runs/{run}/recordings.jsonl", Token), HttpStatusCode.NotFound, "recordImages and recordDistributions switch it on");
        await AccessTests.AssertProblemAsync(await instructor.GetAsync($"/api/runs/{run}/maps/1/0.png", Token), HttpStatusCode.NotFound, "recorded nothing");
    }

    [Fact]
    public async Task Launch_SwitchThatIsNeitherOnNorOff_IsRefused()
    {
        using var instructor = portal.Instructor();
        using var body = new StringContent("""{"network":"lite","dataset":"phantom","hyperparameters":{"recordImages":"sometimes"}}""", Encoding.UTF8, "application/json");

        await AccessTests.AssertProblemAsync(await instructor.PostAsync("/api/runs", body, Token), HttpStatusCode.BadRequest, "hyperparameters.recordImages");
    }

    private static async Task<int> LaunchAsync(HttpClient client, object hyperparameters)
    {
        var response = await client.PostAsJsonAsync("/api/runs", new { dataset = "phantom", network = "lite", hyperparameters }, Token);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetInt32();
    }
}
