using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Api;

/// <summary>Answers in words, as the box on the page saves them.</summary>
public sealed partial class AnswerApiTests(TestPortal portal) : IClassFixture<TestPortal>, IAsyncLifetime
{
    private const string Address = "/api/answers/failures";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(portal.DataDirectory, "content", "chapters")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "09-where-it-fails.md"),
            "---\ntitle: Where it fails\nlead: A lead.\nminutes: 1\n---\n:::question id=failures title=\"Are they reasonable?\"\nFind some.\n:::\n", Token);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Save_AndReadAgain_GivesTextVersionAndTime()
    {
        using var ada = await portal.StudentAsync("Ada A.");
        Assert.Equal(0, (await ada.GetFromJsonAsync<JsonElement>(Address, Token)).GetProperty("version").GetInt32());

        var saved = await SaveAsync(ada, "Image 12 is missed.", 0);

        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        var read = await ada.GetFromJsonAsync<JsonElement>(Address, Token);
        Assert.Equal(("Image 12 is missed.", 1), (read.GetProperty("text").GetString(), read.GetProperty("version").GetInt32()));
        Assert.True((DateTimeOffset.UtcNow - read.GetProperty("savedAt").GetDateTimeOffset()).Duration() < TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("{\"text\":\"a\\u0000b\",\"version\":0}", "text contains a control character at position 2 (U+0000).")]
    [InlineData("{\"text\":\"a\\uD83E\",\"version\":0}", "text contains half of a character")]
    [InlineData("{\"te\\u0001xt\":\"a\",\"version\":0}", "A text in the body contains a control character at position 3 (U+0001).")]
    public async Task Save_OfATextThatMayNotComeIn_IsRefusedInASentence(string body, string sentence)
    {
        using var eve = await portal.StudentAsync($"Eve {Math.Abs(body.GetHashCode(StringComparison.Ordinal))}");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        var refused = await eve.PutAsync(new Uri(Address, UriKind.Relative), content, Token);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.StartsWith(sentence, (await refused.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await eve.GetFromJsonAsync<JsonElement>(Address, Token)).GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Save_OnAnOldVersion_Conflicts_AndBringsTheOtherText()
    {
        using var bo = await portal.StudentAsync("Bo A.");
        await SaveAsync(bo, "From the laptop.", 0);

        var response = await SaveAsync(bo, "From the lab's computer.", 0);

        Assert.Equal((HttpStatusCode.Conflict, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal(("From the laptop.", 1), (problem.GetProperty("text").GetString(), problem.GetProperty("version").GetInt32()));
        Assert.Equal(HttpStatusCode.OK, (await SaveAsync(bo, "From both.", 1)).StatusCode);
    }

    [Fact]
    public async Task AnswerOfAnotherMember_IsNeverGiven_NorWritten()
    {
        using var carol = await portal.StudentAsync("Carol A.");
        using var dan = await portal.StudentAsync("Dan A.");
        await SaveAsync(carol, "Carol's own.", 0, await DraftKeyAsync(carol));

        Assert.Equal("", (await dan.GetFromJsonAsync<JsonElement>(Address, Token)).GetProperty("text").GetString());
        // Her page is still open while he has signed in on the same computer.
        await AccessTests.AssertProblemAsync(await SaveAsync(dan, "Carol's next sentence.", 0, await DraftKeyAsync(carol)), HttpStatusCode.Forbidden, "signed in now");
        Assert.Equal("", (await dan.GetFromJsonAsync<JsonElement>(Address, Token)).GetProperty("text").GetString());
        Assert.NotEqual(await DraftKeyAsync(carol), await DraftKeyAsync(dan));
    }

    [Theory]
    [InlineData(Address, """{"version":0}""", HttpStatusCode.BadRequest, "text is missing")]
    [InlineData(Address, """{"text":"One.","version":"first"}""", HttpStatusCode.BadRequest, "version")]
    [InlineData("/api/answers/weather", """{"text":"Fine.","version":0}""", HttpStatusCode.NotFound, "The guide has no question \"weather\".")]
    public async Task Save_OfSomethingElse_IsRefusedInOneLine(string address, string body, HttpStatusCode status, string part)
    {
        using var instructor = portal.Instructor();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        await AccessTests.AssertProblemAsync(await instructor.PutAsync(address, content, Token), status, part);
    }

    [Fact]
    public async Task Save_TooLong_IsRefused_AndWhatWasThereStays()
    {
        using var eve = await portal.StudentAsync("Eve A.");
        await SaveAsync(eve, "Short.", 0);

        await AccessTests.AssertProblemAsync(await SaveAsync(eve, new('a', 20_001), 1), HttpStatusCode.BadRequest, "An answer can have at most 20,000 characters; this one has 20,001.");
        // As long as allowed, in letters of three bytes each.
        Assert.Equal(HttpStatusCode.OK, (await SaveAsync(eve, new('语', 20_000), 1)).StatusCode);
    }

    [Fact]
    public async Task Save_FromAnotherSitesPage_IsRefused()
    {
        using var finn = await portal.StudentAsync("Finn A.");
        using var request = new HttpRequestMessage(HttpMethod.Put, Address) { Content = JsonContent.Create(new { text = "Forged.", version = 0 }) };
        request.Headers.Add("Origin", "https://elsewhere.example");

        await AccessTests.AssertProblemAsync(await finn.SendAsync(request, Token), HttpStatusCode.Forbidden, "another site");
    }

    // Letters as they are, as browsers send them.
    private static Task<HttpResponseMessage> SaveAsync(HttpClient client, string text, int version, string? writer = null) =>
        client.PutAsJsonAsync(Address, new { text, version, writer }, new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }, Token);

    private static async Task<string> DraftKeyAsync(HttpClient browser) =>
        Meta().Match(await browser.GetStringAsync("/guide/where-it-fails", Token)).Groups[1].Value;

    [GeneratedRegex("""<meta name="lab-writer" content="([0-9a-f]{24})""")]
    private static partial Regex Meta();
}
