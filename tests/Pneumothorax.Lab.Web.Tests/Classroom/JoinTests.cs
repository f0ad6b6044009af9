using System.Net;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Classroom;

public sealed class JoinTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Join_WithCodeAndName_SignsInAndLeadsWhereOneWantedToGo()
    {
        using var browser = portal.Browser();
        var closed = await browser.GetAsync("/runs?sort=name", Token);
        Assert.Equal("/join?returnUrl=%2Fruns%3Fsort%3Dname", closed.Headers.Location?.OriginalString);

        // However the code is typed: read aloud, small, in two groups.
        var joined = await TestPortal.JoinAsync(browser, "  Ada   Lovelace ", "qrt-xya ", "/runs?sort=name");

        Assert.Equal("/runs?sort=name", joined.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/runs", Token)).StatusCode);
    }

    [Theory]
    [InlineData("WRONGC", "Bo", "code", "not the code of this class")]
    [InlineData(TestPortal.ClassCode, " ", "name", "Type the name")]
    [InlineData(TestPortal.ClassCode, "<script>alert(1)</script>", "name", "Type the name")]
    public async Task Join_Refused_SaysWhyOnThePage(string code, string name, string error, string sentence)
    {
        using var browser = portal.Browser();
        var refused = await TestPortal.JoinAsync(browser, name.Length < 20 ? name : new string('x', 61) + name, code);

        Assert.StartsWith($"/join?error={error}", refused.Headers.Location?.OriginalString, StringComparison.Ordinal);
        var page = await browser.GetStringAsync(refused.Headers.Location, Token);
        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/runs", Token)).StatusCode);
    }

    [Theory]
    [InlineData("Grace")]
    [InlineData("GRACE")]
    [InlineData("instructor")]
    public async Task Join_WithANameThatIsTaken_IsRefused(string name)
    {
        using var first = portal.Browser();
        await TestPortal.JoinAsync(first, "Grace");
        using var browser = portal.Browser();

        var refused = await TestPortal.JoinAsync(browser, name);

        Assert.StartsWith("/join?error=taken", refused.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Émilie", "ÉMILIE", "taken")]
    [InlineData("Ursula", "Ur\u200Bsula", "alike")]           // a space of no width
    [InlineData("Harriet", "H\u0430rriet", "alike")]          // a Cyrillic a
    [InlineData("Chloë", "Chloe\u0308", "alike")]             // a letter and a mark
    public async Task Join_WithANameThatIsReadAsOneThatIsThere_IsToldSo(string name, string other, string error)
    {
        using var first = portal.Browser();
        Assert.Equal("/", (await TestPortal.JoinAsync(first, name)).Headers.Location?.OriginalString);
        using var browser = portal.Browser();

        var refused = await TestPortal.JoinAsync(browser, other);

        Assert.StartsWith($"/join?error={error}", refused.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Contains(error == "alike" ? "a name that looks like this one" : "already has this name", await browser.GetStringAsync(refused.Headers.Location, Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ev\u001Ba")]
    [InlineData("avE \u202Eave")]      // turns the line around
    public async Task Join_WithWhatNoNameHas_IsToldSoOnThePage(string name)
    {
        using var browser = portal.Browser();

        var refused = await TestPortal.JoinAsync(browser, name);

        Assert.StartsWith("/join?error=name", refused.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Contains("Type the name", await browser.GetStringAsync(refused.Headers.Location, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Join_WithANul_IsRefusedInASentence()
    {
        using var browser = portal.Browser();

        var refused = await TestPortal.JoinAsync(browser, "Ev\0a");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("a field has a control character (U+0000)", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/join?name=a%00b", "The parameter name of this address contains a control character at position 2 (U+0000).")]
    [InlineData("/join?a%01=b", "The name of a parameter of this address contains a control character")]
    [InlineData("/api/runs?x=%7F", "The parameter x of this address contains a control character")]
    [InlineData("/guide/a%1Bb", "The path of this address contains a control character")]
    public async Task Address_WithAControlCharacter_IsRefusedInASentence(string address, string sentence)
    {
        using var browser = portal.Browser();

        var refused = await browser.GetAsync(address, Token);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(sentence, await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Join_SentFromAnotherSite_IsRefused()
    {
        using var browser = portal.Browser();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["code"] = TestPortal.ClassCode, ["name"] = "Mallory" });

        var refused = await browser.PostAsync("/join", form, Token);

        Assert.StartsWith("/join?error=old", refused.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    [InlineData("/\t/elsewhere.example/")]
    public async Task Join_WithAnAddressOutside_LeadsToTheStart(string address)
    {
        using var browser = portal.Browser();

        var joined = await TestPortal.JoinAsync(browser, $"Student {Math.Abs(address.GetHashCode(StringComparison.Ordinal))}", returnUrl: address);

        Assert.Equal("/", joined.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/guide?word=Lungenödem", "/guide?word=Lungen%C3%B6dem")]
    [InlineData("/runs?name=胸 <x> \"y\"", "/runs?name=%E8%83%B8%20%3Cx%3E%20%22y%22")]
    [InlineData("/data/\ud83e\udec1", "/data/%F0%9F%AB%81")]
    public async Task Join_WithAnAddressThatNoHeaderCarries_SignsInAndLeadsThere(string address, string location)
    {
        using var browser = portal.Browser();

        var joined = await TestPortal.JoinAsync(browser, $"Léa {location.Length}", returnUrl: address);

        // The server that listens refuses to send any other letter, after the member is made and before the cookie is out.
        Assert.Equal(location, joined.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/runs", Token)).StatusCode);
    }

    [Fact]
    public async Task SignOut_EndsTheSignIn_ForACopyOfItsCookieToo_AndNotThatOfAnotherComputer()
    {
        var jar = new CookieContainer();
        using var here = portal.CreateDefaultClient(new Uri("http://localhost"), new Microsoft.AspNetCore.Mvc.Testing.Handlers.CookieContainerHandler(jar));
        await TestPortal.JoinAsync(here, "Copied");
        var link = System.Text.RegularExpressions.Regex.Match(await here.GetStringAsync("/data", Token), "/return\\?token=[0-9a-f]+").Value;
        using var there = portal.Browser();
        await there.GetAsync(link, Token);
        var copy = jar.GetCookieHeader(new("http://localhost"));
        Assert.Equal(HttpStatusCode.OK, await WithCopyAsync());

        var left = await TestPortal.SendAsync(here, "/data", "/sign-out");

        Assert.Equal("/join", left.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Unauthorized, await WithCopyAsync());
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/api/runs", Token)).StatusCode);

        async Task<HttpStatusCode> WithCopyAsync()
        {
            using var thief = portal.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/runs");
            request.Headers.Add("Cookie", copy);
            return (await thief.SendAsync(request, Token)).StatusCode;
        }
    }

    [Fact]
    public async Task ReturnLink_OnAnotherComputer_IsTheSameStudent()
    {
        using var here = await portal.StudentAsync("Katherine");
        var page = await here.GetStringAsync("/data", Token);
        var link = System.Text.RegularExpressions.Regex.Match(page, "/return\\?token=[0-9a-f]+").Value;

        using var there = portal.Browser();
        var back = await there.GetAsync(link, Token);

        Assert.Equal("/", back.Headers.Location?.OriginalString);
        Assert.Contains("Katherine", await there.GetStringAsync("/data", Token), StringComparison.Ordinal);
        using var program = portal.Bearer(link.Split('=')[1]);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/runs", Token)).StatusCode);
        // A student's token does not open the instructor's door.
        Assert.Equal("/join?error=link", (await there.GetAsync(link.Replace("/return", "/instructor", StringComparison.Ordinal), Token)).Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task InstructorLink_SignsIn_AndAWrongOneDoesNot()
    {
        using var browser = portal.Browser();
        Assert.Equal("/join?error=link", (await browser.GetAsync("/instructor?token=guessed", Token)).Headers.Location?.OriginalString);

        var entered = await browser.GetAsync($"/instructor?token={TestPortal.InstructorToken}", Token);

        Assert.Equal("/", entered.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/runs", Token)).StatusCode);
    }
}
