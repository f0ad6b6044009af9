using System.Net;
using System.Text.RegularExpressions;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Hosts;

public sealed partial class DashboardTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/hangfire")]
    [InlineData("/hangfire/jobs/processing")]
    public async Task HangfiresPages_AreForTheInstructor_AndAbsentForOthers(string address)
    {
        using var student = await portal.StudentAsync($"Mira {address.Length}");
        using var instructor = portal.Instructor();

        Assert.Equal(HttpStatusCode.NotFound, (await student.GetAsync(address, Token)).StatusCode);
        Assert.StartsWith("/join", (await portal.Browser().GetAsync(address, Token)).Headers.Location?.OriginalString, StringComparison.Ordinal);
        var answer = await instructor.GetAsync(address, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(Token);
        Assert.Contains("Hangfire", page, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\"", page, StringComparison.Ordinal);
        // What the content security policy would block.
        Assert.Contains("script-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotMatch(InlineScript(), page);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    [InlineData("/queue")]
    [InlineData("/hangfire")]
    [InlineData("/api/datasets")]
    [InlineData("/no/such/page")]
    public async Task Head_IsAnsweredAsAGet_WithoutABody(string address)
    {
        using var instructor = portal.Instructor();
        using var got = await instructor.GetAsync(address, Token);
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        using var answer = await instructor.SendAsync(request, Token);

        Assert.Equal((got.StatusCode, got.Content.Headers.ContentType?.MediaType), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.NotEqual(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData("/hangfire/no/such/page")]
    [InlineData("/hangfire/jobs")]
    public async Task AddressThatHangfireDoesNotHave_IsNoFault(string address)
    {
        using var instructor = portal.Instructor();

        Assert.Equal(HttpStatusCode.NotFound, (await instructor.GetAsync(address, Token)).StatusCode);
    }

    [Fact]
    public async Task Change_WithoutTheFormsToken_IsRefused()
    {
        using var instructor = portal.Instructor();

        var page = await instructor.GetAsync("/hangfire", Token);
        var token = FormToken().Match(await page.Content.ReadAsStringAsync(Token)).Groups[1].Value;
        var cookie = page.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        Assert.False((await DeleteAsync(null)).IsSuccessStatusCode);
        Assert.True((await DeleteAsync(token)).IsSuccessStatusCode);

        Task<HttpResponseMessage> DeleteAsync(string? formToken)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/hangfire/jobs/enqueued/delete") { Content = new FormUrlEncodedContent([new("jobs[]", "1")]) };
            request.Headers.Add("Cookie", cookie);
            if (formToken is not null) request.Headers.Add("RequestVerificationToken", formToken);
            return instructor.SendAsync(request, Token);
        }
    }

    [GeneratedRegex("name=\"csrf-token\"\\s+content=\"([^\"]+)")]
    private static partial Regex FormToken();

    [GeneratedRegex("<script(?![^>]*\\bsrc=)[^>]*>")]
    private static partial Regex InlineScript();
}
