using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Accounts;

public sealed class OidcSignInTests(OidcPortal university) : IClassFixture<OidcPortal>
{
    private static readonly Viewer s_instructor = new(null, "Instructor", IsInstructor: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private HttpClient Browser() => university.Portal.Browser();

    private async Task<Person> PersonAsync(string name) =>
        Assert.Single(await university.Portal.Services.GetRequiredService<People>().ListAsync(s_instructor, Token), person => person.Name == name);

    private static async Task<bool> IsInAsync(HttpClient browser) => (await browser.GetAsync("/api/runs", Token)).StatusCode == HttpStatusCode.OK;

    [Fact]
    public async Task SignIn_MakesAStudent_AndIsTheSameOneNextTime()
    {
        using var here = Browser();
        Assert.Contains("Sign in with the University of the Tests", await here.GetStringAsync("/join", Token), StringComparison.Ordinal);
        Assert.Equal("/runs?sort=name", await OidcPortal.SignInAsync(here, "ada", ("returnUrl", "/runs?sort=name")));
        using var there = Browser();
        Assert.Equal("/", await OidcPortal.SignInAsync(there, "ada"));

        Assert.True(await IsInAsync(here) && await IsInAsync(there));
        var ada = await PersonAsync("Ada Lovelace");
        Assert.True(ada is { HasUniversity: true, HasPassword: false, Member.Role: MemberRole.Student });
        // Another person of the same name is another member.
        using var twin = Browser();
        await OidcPortal.SignInAsync(twin, "twin");
        Assert.NotEqual(ada.Id, (await PersonAsync("Ada Lovelace 2")).Id);
    }

    [Theory]
    [InlineData("tess", "Tess Tutor", MemberRole.Assistant)]
    [InlineData("ines", "Ines Instructor", MemberRole.Instructor)]
    public async Task SignIn_WithAGroupThatGivesARole_HasIt(string user, string name, MemberRole role)
    {
        using var browser = Browser();
        await OidcPortal.SignInAsync(browser, user);

        Assert.Equal(role, (await PersonAsync(name)).Member.Role);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/class", Token)).StatusCode);
    }

    [Theory]
    [InlineData("forged")]
    [InlineData("late")]
    [InlineData("elsewhere")]
    public async Task Token_WronglySigned_Expired_OrForAnotherClient_LetsNobodyIn(string user)
    {
        using var browser = Browser();

        Assert.Equal("/join?error=university-fault", await OidcPortal.SignInAsync(browser, user));

        Assert.False(await IsInAsync(browser));
        var page = await browser.GetStringAsync("/join?error=university-fault", Token);
        Assert.Contains("The sign-in with your university failed", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nonce_OfAnotherSignIn_LetsNobodyIn()
    {
        using var browser = Browser();
        var authorize = (await OidcPortal.BeginAsync(browser)).ToString();
        var nonce = System.Web.HttpUtility.ParseQueryString(new Uri(authorize).Query)["nonce"]!;
        var other = new Uri(authorize.Replace(Uri.EscapeDataString(nonce), "638000000000000000.AAAA", StringComparison.Ordinal));
        Assert.NotEqual(authorize, other.ToString());

        var back = await OidcPortal.AnswerAsync(other, "bo");

        Assert.Equal("/join?error=university-fault", (await browser.GetAsync(back, Token)).Headers.Location?.OriginalString);
        Assert.False(await IsInAsync(browser));
    }

    [Fact]
    public async Task State_Changed_Missing_OrOfAnotherBrowser_LetsNobodyIn()
    {
        using var browser = Browser();
        var back = await OidcPortal.AnswerAsync(await OidcPortal.BeginAsync(browser), "bo");
        var code = System.Web.HttpUtility.ParseQueryString(back.Split('?')[1])["code"]!;
        using var other = Browser();

        foreach (var (who, address) in ((HttpClient, string)[])[(browser, $"/signin-oidc?code={Uri.EscapeDataString(code)}&state=made-up"), (browser, $"/signin-oidc?code={Uri.EscapeDataString(code)}"), (other, back)])
        {
            Assert.Equal("/join?error=university-fault", (await who.GetAsync(address, Token)).Headers.Location?.OriginalString);
            Assert.False(await IsInAsync(who));
        }
    }

    [Fact]
    public async Task TurnedBack_IsToldSo()
    {
        using var browser = Browser();
        var back = await OidcPortal.AnswerAsync(await OidcPortal.BeginAsync(browser), "bo", turnBack: true);

        Assert.Equal("/join?error=university-refused", (await browser.GetAsync(back, Token)).Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Connected_ToSomebodyWhoJoinedByCode_BringsHimThere()
    {
        using var here = Browser();
        await TestPortal.JoinAsync(here, "Bo by code");
        var back = await OidcPortal.AnswerAsync(await OidcPortal.BeginAsync(here, "/account", "/account/university"), "bo");
        Assert.Equal("/account?done=connected", (await here.GetAsync(back, Token)).Headers.Location?.OriginalString);
        Assert.True(await IsInAsync(here));

        using var there = Browser();
        await OidcPortal.SignInAsync(there, "bo");
        Assert.Contains("Bo by code", await there.GetStringAsync("/data", Token), StringComparison.Ordinal);

        // And nobody else can have it.
        using var thief = Browser();
        await TestPortal.JoinAsync(thief, "Thief");
        back = await OidcPortal.AnswerAsync(await OidcPortal.BeginAsync(thief, "/account", "/account/university"), "bo");
        Assert.Equal("/account?error=university-taken", (await thief.GetAsync(back, Token)).Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task SignOut_OffersTheUniversitysToo()
    {
        using var browser = Browser();
        await OidcPortal.SignInAsync(browser, "ada");

        Assert.Equal("/join?left=university", (await TestPortal.SendAsync(browser, "/data", "/sign-out")).Headers.Location?.OriginalString);
        Assert.False(await IsInAsync(browser));
        var end = await OidcPortal.BeginAsync(browser, "/join?left=university", "/sign-out/university");
        using var there = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var back = (await there.GetAsync(end, Token)).Headers.Location!;

        Assert.StartsWith("/signout-callback-oidc", back.PathAndQuery, StringComparison.Ordinal);
        Assert.Equal("/join", (await browser.GetAsync(back.PathAndQuery, Token)).Headers.Location?.OriginalString);
    }
}

public sealed class UniversityAwayTests
{
    [Fact]
    public async Task Provider_ThatDoesNotAnswer_IsOneLineOnTheSignInPage()
    {
        await using var portal = new TestPortal();
        (portal.Settings["Lab:OpenIdConnect:Authority"], portal.Settings["Lab:OpenIdConnect:ClientId"]) = ("http://127.0.0.1:1/", "lab");
        using var browser = portal.Browser();

        var sent = await TestPortal.SendAsync(browser, "/join", "/sign-in/university");

        Assert.Equal("/join?error=university-away", sent.Headers.Location?.OriginalString);
        Assert.Contains("does not answer right now", await browser.GetStringAsync(sent.Headers.Location, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClassCode_WhereItIsNeeded_IsAskedOfStrangers()
    {
        await using var university = new OidcPortal();
        await university.InitializeAsync();
        university.Portal.Settings["Lab:OpenIdConnect:NeedsClassCode"] = "true";
        university.Portal.Settings["Lab:JoinByCode"] = "false";
        using var browser = university.Portal.Browser();

        Assert.Equal("/join?error=university-code", await OidcPortal.SignInAsync(browser, "ada"));
        Assert.Equal("/", await OidcPortal.SignInAsync(browser, "ada", ("code", TestPortal.ClassCode)));
        using var again = university.Portal.Browser();
        Assert.Equal("/", await OidcPortal.SignInAsync(again, "ada"));
        Assert.DoesNotContain("join-code", await again.GetStringAsync("/join", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
