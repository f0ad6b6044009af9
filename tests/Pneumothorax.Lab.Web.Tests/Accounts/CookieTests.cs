namespace Pneumothorax.Lab.Web.Tests.Accounts;

public sealed class CookieTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Theory]
    [InlineData("http://localhost", "Pneumothorax.Lab=", false)]
    [InlineData("https://localhost", "__Host-Pneumothorax.Lab=", true)]
    public async Task SignIn_IsForThisHostAlone_AndOverTlsNeverInTheClear(string address, string begin, bool isSecure)
    {
        using var browser = portal.CreateClient(new() { BaseAddress = new(address), AllowAutoRedirect = false, HandleCookies = true });

        var joined = await TestPortal.JoinAsync(browser, $"Over {new Uri(address).Scheme}");

        var cookie = Assert.Single(joined.Headers.GetValues("Set-Cookie"), value => value.Contains("Pneumothorax.Lab=", StringComparison.Ordinal));
        Assert.StartsWith(begin, cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", cookie, StringComparison.Ordinal);
        Assert.Contains("path=/;", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain=", cookie, StringComparison.Ordinal);
        Assert.Equal(isSecure, cookie.Contains("secure", StringComparison.Ordinal));
        Assert.True((await browser.GetAsync("/api/runs", TestContext.Current.CancellationToken)).IsSuccessStatusCode);
    }
}
