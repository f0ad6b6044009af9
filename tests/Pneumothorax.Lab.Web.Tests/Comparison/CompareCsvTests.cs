using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Comparison;

public sealed class CompareCsvTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Download_HasALineForEachRunThatOneMaySee()
    {
        using var instructor = portal.Instructor();
        using var launched = await instructor.PostAsJsonAsync("/api/runs", new { name = "Mine, all mine", dataset = "phantom", network = "lite", hyperparameters = new { steps = 5, seed = 77 } }, Token);
        var id = (await launched.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetInt32();

        var lines = (await instructor.GetStringAsync($"/api/compare.csv?runs={id},4711", Token)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        using var student = await portal.StudentAsync("Noor");
        var theirs = (await student.GetStringAsync($"/api/compare.csv?runs={id}", Token)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(2, lines.Length);
        Assert.StartsWith($"{id},\"Mine, all mine\",phantom,lite,", lines[1]);
        Assert.Equal(lines[0], Assert.Single(theirs));
    }

    [Fact]
    public async Task Stranger_IsRefused()
    {
        using var stranger = portal.Browser();
        using var answer = await stranger.GetAsync("/api/compare.csv?runs=1", Token);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}
