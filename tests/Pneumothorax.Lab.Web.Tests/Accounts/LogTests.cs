using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Accounts;

public sealed partial class LogTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryWayIn_AtTheMostTalkativeLevel_LeavesNoSecretInTheLog()
    {
        const string Password = "a password of this test", Wrong = "a wrong password of this test";
        var log = new Memory();
        await using var university = new OidcPortal();
        await university.InitializeAsync();
        var portal = university.Portal;
        portal.Log = log;
        portal.Settings["Logging:Console:LogLevel:Default"] = "None";
        portal.Settings["Logging:LogLevel:Default"] = "Debug";
        portal.Settings["Logging:LogLevel:Microsoft.AspNetCore"] = "Debug";
        portal.Settings["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Debug";

        using var instructor = portal.Browser();
        Assert.Equal("/", (await instructor.GetAsync($"/instructor?token={TestPortal.InstructorToken}", Token)).Headers.Location?.OriginalString);
        using var program = portal.Instructor();
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/runs", Token)).StatusCode);

        using var student = portal.Browser();
        var joined = await TestPortal.JoinAsync(student, "Mira", password: Password);
        var cookie = joined.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("Pneumothorax.Lab=", StringComparison.Ordinal)).Split('=', ';')[1];
        var returnLink = ReturnLink().Match(await student.GetStringAsync("/data", Token)).Value;
        using var other = portal.Browser();
        Assert.Equal("/", (await other.GetAsync(returnLink, Token)).Headers.Location?.OriginalString);
        await TestPortal.SendAsync(other, "/join", "/sign-in", ("name", "Mira"), ("password", Wrong));
        Assert.Equal("/", (await TestPortal.SendAsync(other, "/join", "/sign-in", ("name", "Mira"), ("password", Password))).Headers.Location?.OriginalString);

        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        var mira = await db.Members.Where(member => member.Name == "Mira").Select(member => member.Id).SingleAsync(Token);
        var (apiToken, _) = await portal.Services.GetRequiredService<AccessTokens>().AddAsync(mira, "script", null, Token);
        using var script = portal.Bearer(apiToken);
        Assert.Equal(HttpStatusCode.OK, (await script.GetAsync("/api/runs", Token)).StatusCode);
        var link = await portal.Services.GetRequiredService<Passwords>().LinkAsync(mira, Token);
        using var third = portal.Browser();
        Assert.Contains("For Mira.", await third.GetStringAsync(link, Token), StringComparison.Ordinal);

        using var scholar = portal.Browser();
        var back = await OidcPortal.AnswerAsync(await OidcPortal.BeginAsync(scholar), "ada");
        Assert.Equal("/", (await scholar.GetAsync(back, Token)).Headers.Location?.OriginalString);
        var answer = System.Web.HttpUtility.ParseQueryString(back.Split('?')[1]);

        var text = string.Join('\n', log.Lines);
        Assert.Contains("/instructor", text, StringComparison.Ordinal);      // it did talk
        Assert.Contains("SELECT", text, StringComparison.Ordinal);
        (string Name, string Value)[] secrets =
        [
            ("the instructor's token", TestPortal.InstructorToken), ("the class code", TestPortal.ClassCode), ("a password", Password), ("a wrong password", Wrong),
            ("a return token", returnLink.Split('=')[1]), ("a personal token", apiToken), ("a one-time link", Uri.UnescapeDataString(link.Split("token=")[1])[..40]),
            ("the client's secret", "a-secret-of-the-tests"), ("an authorization code", answer["code"]!), ("a state", answer["state"]!), ("a cookie", cookie[..40]),
        ];
        foreach (var (name, value) in secrets)
        {
            Assert.True(!text.Contains(value, StringComparison.Ordinal), $"{name} is in the log: {log.Lines.FirstOrDefault(line => line.Contains(value, StringComparison.Ordinal))}");
        }
        Assert.DoesNotMatch(SignedToken(), text);
    }

    [GeneratedRegex("/return\\?token=[0-9a-f]+")]
    private static partial Regex ReturnLink();

    [GeneratedRegex(@"eyJ[\w-]+\.eyJ[\w-]+\.")]
    private static partial Regex SignedToken();

    private sealed class Memory : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
