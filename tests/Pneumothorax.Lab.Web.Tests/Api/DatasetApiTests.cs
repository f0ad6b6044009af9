using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Api;

public sealed class DatasetApiTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_SaysThatPhantomsAreSynthetic()
    {
        using var instructor = portal.Instructor();

        var set = Assert.Single((await instructor.GetFromJsonAsync<JsonElement>("/api/datasets", Token)).EnumerateArray());

        Assert.Equal("phantom", set.GetProperty("name").GetString());
        Assert.True(set.GetProperty("synthetic").GetBoolean());
        Assert.Contains(set.GetProperty("splits").EnumerateArray(), split => split.GetProperty("split").GetString() == "test");
    }

    [Fact]
    public async Task Picture_IsTheRegisteredImage_AndIsNotSentTwice()
    {
        using var instructor = portal.Instructor();
        using var first = await instructor.GetAsync("/api/datasets/phantom/validation/1.png", Token);

        var expected = portal.Services.GetRequiredService<DatasetStore>().Open("phantom")[SplitName.Validation].Pixels(1).ToArray();
        Assert.Equal(expected, ImageCodec.DecodeGrey(await first.Content.ReadAsStreamAsync(Token)).Pixels);
        Assert.True(first.Headers.CacheControl?.Private);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/datasets/phantom/validation/1.png");
        again.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(first.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, (await instructor.SendAsync(again, Token)).StatusCode);
    }

    [Fact]
    public async Task Picture_CanBeSmall()
    {
        using var instructor = portal.Instructor();

        var (_, width, height) = ImageCodec.DecodeGrey(await instructor.GetStreamAsync("/api/datasets/phantom/test/0.png?size=64", Token));

        Assert.Equal((64, 64), (width, height));
    }

    [Theory]
    [InlineData("/api/datasets/none/test/0.png", HttpStatusCode.NotFound, "There is no data set \"none\".")]
    [InlineData("/api/datasets/phantom/dev/0.png", HttpStatusCode.NotFound, "train, validation and test")]
    [InlineData("/api/datasets/phantom/test/100000.png", HttpStatusCode.NotFound, "not 100000")]
    [InlineData("/api/datasets/phantom/test/-1.png", HttpStatusCode.NotFound, "not -1")]
    [InlineData("/api/datasets/phantom/test/x.png", HttpStatusCode.NotFound, "nothing at this address")]
    [InlineData("/api/datasets/phantom/test/0.png?size=5000", HttpStatusCode.BadRequest, "size must be from 16 to 256")]
    public async Task Picture_ThatIsNotThere_IsSaidInOneLine(string address, HttpStatusCode status, string part)
    {
        using var instructor = portal.Instructor();

        await AccessTests.AssertProblemAsync(await instructor.GetAsync(address, Token), status, part);
    }
}
