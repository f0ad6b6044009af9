using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Api;

[Collection(TestPortal.Training)]
public sealed class AccessTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Endpoints => new()
    {
        { "GET", "/api/datasets" },
        { "GET", "/api/datasets/phantom/test/0.png" },
        { "GET", "/api/runs" },
        { "POST", "/api/runs" },
        { "GET", "/api/runs/1" },
        { "POST", "/api/runs/1/cancel" },
        { "POST", "/api/runs/1/resume" },
        { "DELETE", "/api/runs/1" },
        { "GET", "/api/runs/1/metrics.csv" },
        { "GET", "/api/runs/1/weights.safetensors" },
        { "GET", "/api/runs/1/evaluation" },
        { "GET", "/api/runs/1/evaluation.h5" },
        { "GET", "/api/runs/1/cam/0.png" },
        { "GET", "/api/runs/1/slices" },
        { "GET", "/api/runs/1/slices.csv" },
        { "GET", "/api/answers/failures" },
        { "PUT", "/api/answers/failures" },
        { "GET", "/api/no-such-thing" },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task WithoutSigningIn_AnswersOneLine(string method, string address)
    {
        using var browser = portal.Browser();
        using var request = new HttpRequestMessage(new(method), address);

        await AssertProblemAsync(await browser.SendAsync(request, Token), HttpStatusCode.Unauthorized, "Sign in");
        using var guessed = portal.Bearer("guessed");
        Assert.Equal(HttpStatusCode.Unauthorized, (await guessed.GetAsync(address, Token)).StatusCode);
    }

    [Fact]
    public async Task Handbook_IsReadAndSearchedWithoutSigningIn_AndItsUnknownPagesAreNot()
    {
        var handbook = Directory.CreateDirectory(Path.Combine(portal.DataDirectory, "content", "handbook")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Guide.ContentTests.Root(), "content", "handbook")))
            File.Copy(file, Path.Combine(handbook, Path.GetFileName(file)), overwrite: true);
        using var browser = portal.Browser();

        Assert.Contains("href=\"/help/administrator\"", await browser.GetStringAsync("/help", Token), StringComparison.Ordinal);
        var page = await browser.GetStringAsync("/help/administrator", Token);
        Assert.Contains("<h2 id=\"settings\">", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/help/instructor#a-first-lesson\"", page, StringComparison.Ordinal);
        var found = await browser.GetStringAsync("/help?q=Lab__RunMinutes", Token);
        Assert.Contains("href=\"/help/administrator#settings\"", found, StringComparison.Ordinal);
        Assert.Contains("value=\"Lab__RunMinutes\"", found, StringComparison.Ordinal);
        Assert.Contains("Nothing about", await browser.GetStringAsync("/help?q=%3Cscript%3E", Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/help/no-such-page", Token)).StatusCode);
    }

    [Fact]
    public async Task RunOfAnotherStudent_DoesNotExist()
    {
        using var ada = await portal.StudentAsync("Ada");
        using var bo = await portal.StudentAsync("Bo");
        using var instructor = portal.Instructor();
        var run = await TestPortal.LaunchAsync(ada, steps: 5000);

        foreach (var (method, part) in ((string, string)[])
            [("GET", ""), ("POST", "/cancel"), ("POST", "/resume"), ("DELETE", ""), ("GET", "/metrics.csv"), ("GET", "/weights.safetensors"), ("GET", "/evaluation"), ("GET", "/evaluation.h5"), ("GET", "/cam/0.png"), ("GET", "/slices"), ("GET", "/slices.csv")])
        {
            using var request = new HttpRequestMessage(new(method), $"/api/runs/{run}{part}");
            await AssertProblemAsync(await bo.SendAsync(request, Token), HttpStatusCode.NotFound, $"There is no run {run}.");
        }
        Assert.Empty((await bo.GetFromJsonAsync<JsonElement>("/api/runs", Token)).EnumerateArray());
        Assert.Equal(run, (await TestPortal.StateAsync(ada, run)).GetProperty("id").GetInt32());
        Assert.Equal("Ada", (await TestPortal.StateAsync(instructor, run)).GetProperty("owner").GetString());
        Assert.Equal(HttpStatusCode.Accepted, (await instructor.PostAsync($"/api/runs/{run}/cancel", null, Token)).StatusCode);
        await TestPortal.WaitForAsync(ada, run, "Canceled");
    }

    [Fact]
    public async Task RequestFromAnotherSitesPage_IsRefused_WhateverItsCookie()
    {
        using var student = await portal.StudentAsync("Carol");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/runs/1/cancel");
        request.Headers.Add("Origin", "https://elsewhere.example");

        await AssertProblemAsync(await student.SendAsync(request, Token), HttpStatusCode.Forbidden, "another site");
    }

    [Fact]
    public async Task Description_IsOpen_AndNamesEveryEndpoint()
    {
        using var browser = portal.Browser();

        var paths = (await browser.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Token)).GetProperty("paths");

        var names = paths.EnumerateObject().Select(path => path.Name).ToList();
        Assert.Contains("/api/runs/{id}/cam/{index}.png", names);
        Assert.Contains("/api/runs/{id}/evaluation.h5", names);
        Assert.All(paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()), verb => Assert.True(verb.Value.TryGetProperty("summary", out _)));
    }

    [Fact]
    public async Task Answers_CarryHeadersThatKeepTheBrowserHere()
    {
        using var browser = portal.Browser();

        var headers = (await browser.GetAsync("/join", Token)).Headers;

        Assert.Contains("default-src 'none'", Assert.Single(headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
    }

    internal static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string part)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var detail = (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("detail").GetString()!;
        Assert.Contains(part, detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', detail);
    }
}
