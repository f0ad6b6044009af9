using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Accounts;

public sealed class SqlitePasswordTests(TestPortal portal) : PasswordTests(portal), IClassFixture<TestPortal>;

public sealed class PostgresPasswordTests(PostgresPortal portal) : PasswordTests(portal.Portal), IClassFixture<PostgresPortal>;

public abstract class PasswordTests(TestPortal portal)
{
    private const string Good = "lung apex rib";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Passwords Passwords => portal.Services.GetRequiredService<Passwords>();

    private async Task<int> IdOfAsync(string name)
    {
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        return await db.Members.Where(member => member.Name == name).Select(member => member.Id).SingleAsync(Token);
    }

    private static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string name, string password) =>
        TestPortal.SendAsync(browser, "/join", "/sign-in", ("name", name), ("password", password), ("returnUrl", "/runs"));

    private static async Task<bool> IsInAsync(HttpClient browser) => (await browser.GetAsync("/api/runs", Token)).StatusCode == HttpStatusCode.OK;

    [Fact]
    public async Task Joined_WithAPassword_ComesBackWithItFromAnyComputer()
    {
        using var here = portal.Browser();
        Assert.Equal("/", (await TestPortal.JoinAsync(here, "Rosalind", password: Good)).Headers.Location?.OriginalString);

        using var there = portal.Browser();
        Assert.StartsWith("/join?error=password&name=Rosalind", (await SignInAsync(there, "Rosalind", Good + "!")).Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.False(await IsInAsync(there));
        Assert.Equal("/runs", (await SignInAsync(there, " rosalind ", Good)).Headers.Location?.OriginalString);

        Assert.Contains("Rosalind", await there.GetStringAsync("/data", Token), StringComparison.Ordinal);
        Assert.True(await IsInAsync(here));
    }

    [Fact]
    public async Task Joined_WithAPoorPassword_IsAskedForAnother_AndIsNotInYet()
    {
        using var browser = portal.Browser();

        var refused = await TestPortal.JoinAsync(browser, "Shorty", password: "aaaaaaaaa");

        Assert.StartsWith("/join?error=new-password", refused.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Equal("/", (await TestPortal.JoinAsync(browser, "Shorty")).Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task WrongPasswords_MakeTheNameWait_ButNeitherItsOwnersComputersNorTheReturnLink()
    {
        using var owner = portal.Browser();
        await TestPortal.JoinAsync(owner, "Locked", password: Good);
        var link = System.Text.RegularExpressions.Regex.Match(await owner.GetStringAsync("/data", Token), "/return\\?token=[0-9a-f]+").Value;

        // At once, as a guesser would: every one is counted.
        var guesses = await Task.WhenAll(Enumerable.Range(0, Passwords.WrongOnes).Select(i => Passwords.CheckAsync("Locked", $"guess number {i}", new($"192.0.2.{i}"), Token)));
        Assert.Single(guesses, guess => guess.Check == PasswordCheck.MustWait);
        var locked = await Passwords.CheckAsync("Locked", Good, new("198.51.100.1"), Token);
        Assert.Equal((PasswordCheck.MustWait, null), (locked.Check, locked.MemberId));
        Assert.InRange(locked.Wait!.Value.TotalSeconds, 0, 15);
        Assert.Equal(PasswordCheck.Wrong, (await Passwords.CheckAsync("Nobody At All", Good, new("198.51.100.1"), Token)).Check);

        using var browser = portal.Browser();
        Assert.StartsWith("/join?error=locked", (await SignInAsync(browser, "Locked", Good)).Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Contains("Too many wrong passwords", await browser.GetStringAsync("/join?error=locked-15", Token), StringComparison.Ordinal);
        // Where she has signed in before, others' guesses count for nothing; her own are counted there.
        await TestPortal.SendAsync(owner, "/data", "/sign-out");
        Assert.False(await IsInAsync(owner));
        Assert.Equal("/runs", (await SignInAsync(owner, "Locked", Good)).Headers.Location?.OriginalString);
        await TestPortal.SendAsync(owner, "/data", "/sign-out");
        for (var i = 0; i < Passwords.WrongOnes; i++) await SignInAsync(owner, "Locked", $"guess number {i}");
        Assert.StartsWith("/join?error=locked-", (await SignInAsync(owner, "Locked", Good)).Headers.Location?.OriginalString, StringComparison.Ordinal);

        Assert.Equal("/", (await browser.GetAsync(link, Token)).Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task NameThatWaits_IsLetInByTheInstructor()
    {
        using var owner = portal.Browser();
        await TestPortal.JoinAsync(owner, "Waiting", password: Good);
        for (var i = 0; i < Passwords.WrongOnes; i++) await Passwords.CheckAsync("waiting", $"guess number {i}", new("192.0.2.1"), Token);
        var people = portal.Services.GetRequiredService<People>();
        var instructor = new Viewer(null, "Instructor", IsInstructor: true);
        Assert.NotNull((await people.ListAsync(instructor, Token)).Single(person => person.Name == "Waiting").WaitsUntil);

        await people.UnlockAsync(await IdOfAsync("Waiting"), instructor, Token);

        Assert.Null((await people.ListAsync(instructor, Token)).Single(person => person.Name == "Waiting").WaitsUntil);
        Assert.Equal(PasswordCheck.Right, (await Passwords.CheckAsync("Waiting", Good, new("192.0.2.1"), Token)).Check);
    }

    [Fact]
    public async Task Changed_EndsOtherComputers_AndKeepsThisOne()
    {
        using var here = portal.Browser();
        await TestPortal.JoinAsync(here, "Lise", password: Good);
        using var there = portal.Browser();
        await SignInAsync(there, "Lise", Good);

        var wrong = await TestPortal.SendAsync(here, "/account", "/account/password", ("current", "not this one"), ("password", "another good one"));
        Assert.Equal("/account?error=current", wrong.Headers.Location?.OriginalString);
        Assert.True(await IsInAsync(there));
        var changed = await TestPortal.SendAsync(here, "/account", "/account/password", ("current", Good), ("password", "another good one"));

        Assert.Equal("/account?done=password", changed.Headers.Location?.OriginalString);
        Assert.True(await IsInAsync(here));
        Assert.Contains("/return?token=", await here.GetStringAsync("/data", Token), StringComparison.Ordinal);
        Assert.StartsWith("/join?error=ended", (await there.GetAsync("/runs", Token)).Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.StartsWith("/join?error=password", (await SignInAsync(there, "Lise", Good)).Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_SetsAPasswordOnce_AndMakingItSignsNobodyOut()
    {
        using var here = await portal.StudentAsync("Emmy");
        var id = await IdOfAsync("Emmy");
        var link = await Passwords.LinkAsync(id, Token);
        Assert.True(await IsInAsync(here));

        using var there = portal.Browser();
        Assert.Contains("For Emmy.", await there.GetStringAsync(link, Token), StringComparison.Ordinal);
        var query = System.Web.HttpUtility.ParseQueryString(link.Split('?')[1]);
        (string, string)[] fields = [("member", query["member"]!), ("token", query["token"]!)];
        Assert.Contains("error=new-password", (await TestPortal.SendAsync(there, link, "/password", [.. fields, ("password", "short")])).Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Equal("/", (await TestPortal.SendAsync(there, link, "/password", [.. fields, ("password", Good)])).Headers.Location?.OriginalString);

        Assert.True(await IsInAsync(there));
        Assert.False(await IsInAsync(here));        // the password is new: whoever set it is the only one in
        using var third = portal.Browser();
        Assert.Contains("This link no longer works", await third.GetStringAsync(link, Token), StringComparison.Ordinal);
        Assert.Equal("/join?error=password-link", (await TestPortal.SendAsync(third, "/join", "/password", [.. fields, ("password", "stolen from the mail")])).Headers.Location?.OriginalString);
        // Nor is it somebody else's.
        await portal.StudentAsync("Not Emmy");
        Assert.Null(await Passwords.NameOfLinkAsync(await IdOfAsync("Not Emmy"), query["token"], Token));
    }

    [Fact]
    public async Task ReturnLink_MadeAnew_EndsTheOneBefore()
    {
        using var here = await portal.StudentAsync("Chien");
        var page = await here.GetStringAsync("/data", Token);
        var before = System.Text.RegularExpressions.Regex.Match(page, "/return\\?token=[0-9a-f]+").Value;

        Assert.Equal("/account?done=link", (await TestPortal.SendAsync(here, "/account", "/account/return-link")).Headers.Location?.OriginalString);

        var after = System.Text.RegularExpressions.Regex.Match(await here.GetStringAsync("/data", Token), "/return\\?token=[0-9a-f]+").Value;
        Assert.NotEqual(before, after);
        using var there = portal.Browser();
        Assert.Equal("/join?error=link", (await there.GetAsync(before, Token)).Headers.Location?.OriginalString);
        Assert.Equal("/", (await there.GetAsync(after, Token)).Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/password")]
    [InlineData("/account/password")]
    [InlineData("/account/return-link")]
    [InlineData("/account/sign-ins")]
    [InlineData("/account/university")]
    public async Task Form_SentFromAnotherSite_ChangesNothing(string action)
    {
        using var browser = await portal.StudentAsync($"Victim of {action}");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["member"] = "1", ["name"] = "x", ["password"] = Good, ["token"] = "x" });

        var refused = await browser.PostAsync(action, form, Token);

        // The last one is not there at all without a university.
        Assert.True(refused.Headers.Location?.OriginalString.Contains("error=old", StringComparison.Ordinal) ?? !refused.IsSuccessStatusCode, $"{refused.StatusCode} {refused.Headers.Location}");
        Assert.True(await IsInAsync(browser));
    }

    [Fact]
    public async Task Erased_LosesPasswordTokensAndLogins()
    {
        using var browser = portal.Browser();
        await TestPortal.JoinAsync(browser, "Gone", password: Good);
        var id = await IdOfAsync("Gone");
        var tokens = portal.Services.GetRequiredService<AccessTokens>();
        var (token, _) = await tokens.AddAsync(id, "script", null, Token);
        await portal.Services.GetRequiredService<OidcMembers>().ConnectAsync(id, "https://issuer.example", "gone", Token);

        await portal.Services.GetRequiredService<StudentErasure>().EraseAsync(id, new(null, "Instructor", IsInstructor: true), Token);

        using var program = portal.Bearer(token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/runs", Token)).StatusCode);
        Assert.Equal(PasswordCheck.Wrong, (await Passwords.CheckAsync("Gone", Good, new("192.0.2.1"), Token)).Check);
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        Assert.False(await db.Accounts.AnyAsync(account => account.Id == id, Token) || await db.Logins.AnyAsync(login => login.UserId == id, Token));
    }
}
