using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Accounts;

public sealed class SqliteSignInLimitTests(TestPortal portal) : SignInLimitTests(portal), IClassFixture<TestPortal>;

public sealed class PostgresSignInLimitTests(PostgresPortal portal) : SignInLimitTests(portal.Portal), IClassFixture<PostgresPortal>;

/// <summary>What wrong guesses cost, and whom. All requests of these tests come from one address.</summary>
public abstract class SignInLimitTests(TestPortal portal)
{
    private const string Return = "/return\\?token=[0-9a-f]+";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SignInLimits Limits => portal.Services.GetRequiredService<SignInLimits>();

    private IDbContextFactory<LabDbContext> Contexts => portal.Services.GetRequiredService<IDbContextFactory<LabDbContext>>();

    private Task<TimeSpan?> WrongAsync(GuessBudget budget, string key) => Limits.WrongAsync(new(key, budget), Token);

    [Fact]
    public async Task Guesses_AreCountedApart_AndKeepNobodyOutWhoNeedsNoGuessing()
    {
        await using (var db = await Contexts.CreateDbContextAsync(Token)) await db.SignInFailures.ExecuteDeleteAsync(Token);
        using var member = await portal.StudentAsync("Member");
        var link = System.Text.RegularExpressions.Regex.Match(await member.GetStringAsync("/data", Token), Return).Value;
        using var browser = portal.Browser();

        // The class code: wrong ones up to the budget, then not even the right one is looked at.
        for (var i = 0; i < GuessBudget.ClassCode.Free - 1; i++) Assert.StartsWith("/join?error=code", await JoinAsync(browser, "Guesser", $"WRONG{i}"), StringComparison.Ordinal);
        Assert.StartsWith("/join?error=many-", await JoinAsync(browser, "Guesser", "WRONGX"), StringComparison.Ordinal);
        Assert.StartsWith("/join?error=many-", await JoinAsync(browser, "Guesser", TestPortal.ClassCode), StringComparison.Ordinal);
        Assert.Contains("Wait 10 seconds, then try again.", await browser.GetStringAsync("/join?error=many-10", Token), StringComparison.Ordinal);

        // The instructor's link is another matter, and has a budget of its own.
        Assert.Equal("/", await EnterAsync(portal.Browser(), TestPortal.InstructorToken));
        using var known = portal.Browser();
        await EnterAsync(known, TestPortal.InstructorToken);
        for (var i = 0; i < GuessBudget.Link.Free; i++) await EnterAsync(browser, $"guess{i}");
        Assert.StartsWith("/join?error=many-", await EnterAsync(portal.Browser(), TestPortal.InstructorToken), StringComparison.Ordinal);
        Assert.Equal("/", await EnterAsync(known, TestPortal.InstructorToken));
        // Return links hold 160 random bits: those of others do not wait for a guesser.
        Assert.Equal("/", (await portal.Browser().GetAsync(link, Token)).Headers.Location?.OriginalString);
        Assert.StartsWith("/join?error=many-", (await browser.GetAsync("/return?token=" + new string('a', 40), Token)).Headers.Location?.OriginalString, StringComparison.Ordinal);

        // Tokens of programs.
        var guesses = 0;
        HttpResponseMessage answer;
        while ((answer = await portal.Bearer($"guess{guesses}").GetAsync("/api/runs", Token)).StatusCode == HttpStatusCode.Unauthorized) guesses++;
        Assert.Equal((HttpStatusCode.TooManyRequests, GuessBudget.Token.Free - 1), (answer.StatusCode, guesses));
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
        Assert.Contains("Too many wrong tokens", JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.Instructor().GetAsync("/api/runs", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.Bearer(link.Split('=')[1]).GetAsync("/api/runs", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync("/api/runs", Token)).StatusCode);

        // And nothing of who or where is kept.
        await using (var db = await Contexts.CreateDbContextAsync(Token))
        {
            Assert.All(await db.SignInFailures.ToListAsync(Token), row => Assert.Matches("^[0-9a-f]{64}$", row.Key));
            await db.SignInFailures.ExecuteDeleteAsync(Token);
        }
    }

    [Fact]
    public async Task AClassBehindOneAddress_ThatJoinsAtOnce_CostsNothing()
    {
        var joined = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            using var browser = portal.Browser();
            return await JoinAsync(browser, $"Classmate number {i}", TestPortal.ClassCode);
        }));

        Assert.All(joined, location => Assert.Equal("/", location));
    }

    [Fact]
    public async Task Waits_GrowToAMost_AndARightOneWritesNothing()
    {
        var key = Guid.NewGuid().ToString("N");
        var budget = new GuessBudget(3, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(3), TimeSpan.FromDays(1));
        List<double?> waits = [];
        for (var i = 0; i < 6; i++)
        {
            waits.Add((await WrongAsync(budget, key))?.TotalMinutes);
            // As if the wait were over.
            await using var db = await Contexts.CreateDbContextAsync(Token);
            await db.SignInFailures.Where(row => row.Key == key).ExecuteUpdateAsync(set => set.SetProperty(row => row.RefusedUntil, (DateTimeOffset?)null), Token);
        }
        Assert.Equal([null, null, 1, 2, 3, 3], waits);

        var other = Guid.NewGuid().ToString("N");
        var (found, wait) = await Limits.TryAsync([new(other, budget)], () => Task.FromResult<string?>("right"), Token);
        Assert.Equal(("right", null), (found, wait));
        await using var after = await Contexts.CreateDbContextAsync(Token);
        Assert.False(await after.SignInFailures.AnyAsync(row => row.Key == other, Token));
    }

    [Fact]
    public async Task WrongOnes_AreForgottenOneByOne()
    {
        var key = Guid.NewGuid().ToString("N");
        var budget = new GuessBudget(3, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(10));
        await WrongAsync(budget, key);
        await WrongAsync(budget, key);
        await using (var db = await Contexts.CreateDbContextAsync(Token))
        {
            var before = DateTimeOffset.UtcNow.AddMinutes(-11);
            await db.SignInFailures.Where(row => row.Key == key).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastAt, before), Token);
        }

        Assert.Null(await WrongAsync(budget, key));
        Assert.NotNull(await WrongAsync(budget, key));
    }

    private static async Task<string?> JoinAsync(HttpClient browser, string name, string code) => (await TestPortal.JoinAsync(browser, name, code)).Headers.Location?.OriginalString;

    private static async Task<string?> EnterAsync(HttpClient browser, string token) => (await browser.GetAsync($"/instructor?token={token}", Token)).Headers.Location?.OriginalString;
}

public sealed class InstructorTokenTests
{
    [Theory]
    [InlineData("a", false)]
    [InlineData("elevenchars", false)]
    [InlineData("aaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("twelve chars", true)]
    public void TokenThatCanBeGuessed_IsRefusedAtTheStart_WithHowToMakeOne(string token, bool isTaken)
    {
        var directory = Directory.CreateTempSubdirectory("lab-keys-").FullName;
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Lab:InstructorToken", token)]).Build();

        var refusal = Record.Exception(() => ClassKeys.Load(new LabPaths(directory), settings));

        Directory.Delete(directory, recursive: true);
        Assert.Equal(isTaken, refusal is null);
        if (refusal is null) return;
        Assert.Contains("at least 12 characters", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("openssl rand -hex 20", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
