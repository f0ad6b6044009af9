using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests;

/// <summary>The parts of <c>compose.yaml</c> as processes: a proxy, two portals that train nothing, a worker, and their PostgreSQL server.</summary>
[Collection(TestPortal.Training)]
public sealed class SeveralPortalsTests : IAsyncDisposable
{
    private readonly PortalPrograms _programs = new();

    // Of its own: it is stopped in the middle, and other tests run meanwhile.
    private readonly PostgresServer _server = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PortalsKilledAndDatabaseRestarted_BehindTheProxy_CostTheStudentNothing()
    {
        Assert.SkipUnless(Proxy.IsInstalled, "nginx is not installed (Debian's package nginx), so the proxy is not tested.");
        var database = await _server.CreateDatabaseAsync();
        string[] addresses = [PortalPrograms.FreeAddress(), PortalPrograms.FreeAddress()];
        var front = PortalPrograms.FreeAddress();
        // On an empty directory and an empty database at once.
        Process[] portals = [StartPortal(addresses[0], database), StartPortal(addresses[1], database)];
        foreach (var address in addresses) await WaitUntilReadyAsync(address);
        _programs.StartLab(["worker", "--slots", "1"], Settings(database));
        using var proxy = new Proxy(front, addresses[0], addresses[1]);

        var cookies = new CookieContainer();
        using var browser = PortalPrograms.Browser(cookies, front);
        await WaitUntilReadyAsync(front);
        Assert.Equal("/", (await TestPortal.JoinAsync(browser, "Mira")).Headers.Location?.OriginalString);
        // One of them draws the phantoms.
        while (!(await browser.GetStringAsync("/api/datasets", Token)).Contains("phantom", StringComparison.Ordinal)) await Task.Delay(100, Token);
        // A proxy on this host may say that it did TLS; a browser may not.
        Assert.Equal((true, false), (await IsBelievedAsync(front, "127.0.0.1"), await IsBelievedAsync(front, "127.0.0.2")));
        var run = await TestPortal.LaunchAsync(browser, steps: 120);
        await TestPortal.WaitForAsync(browser, run, json => json.GetProperty("step").GetInt32() > 5);
        // The browser stays with one portal; its sign-in holds on both.
        var own = Assert.Single(proxy.Served.TakeLast(4).Distinct());
        var (his, other) = addresses[0].EndsWith(own, StringComparison.Ordinal) ? (0, 1) : (1, 0);
        foreach (var address in addresses)
        {
            using var direct = PortalPrograms.Browser(cookies, address);
            Assert.Equal(HttpStatusCode.OK, (await direct.GetAsync($"/runs/{run}", Token)).StatusCode);
        }

        portals[his].Kill();        // -9
        await portals[his].WaitForExitAsync(Token);
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/runs/{run}", Token)).StatusCode);
        Assert.EndsWith(addresses[other]["http://".Length..], proxy.Served[^1], StringComparison.Ordinal);

        portals[his] = StartPortal(addresses[his], database);
        await WaitUntilReadyAsync(addresses[his]);
        // The proxy looks again after five seconds; until then it knows of one portal only, and losing that one is losing both.
        while (!proxy.Served[^1].EndsWith(own, StringComparison.Ordinal))
        {
            await Task.Delay(200, Token);
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/runs/{run}", Token)).StatusCode);
        }
        portals[other].Kill();
        await portals[other].WaitForExitAsync(Token);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/runs/{run}", Token)).StatusCode);

        // The database goes and comes back: the portal says so meanwhile, to whoever asks for whatever, and the run notices nothing.
        await _server.RestartAsync(async () =>
        {
            await WaitForReadinessAsync(addresses[his], HttpStatusCode.ServiceUnavailable, "database: does not answer");
            using var direct = PortalPrograms.Browser(cookies, addresses[his]);
            Assert.Equal("ok", await direct.GetStringAsync("/healthz/live", Token));
            Assert.Equal(HttpStatusCode.OK, (await direct.GetAsync("/app.css", Token)).StatusCode);
            await AssertAwayAsync(await direct.GetAsync($"/runs/{run}", Token), "text/html", "http-equiv=\"refresh\"");
            await AssertAwayAsync(await direct.GetAsync("/join", Token), "text/html", "http-equiv=\"refresh\"");
            using var form = new FormUrlEncodedContent([]);
            await AssertAwayAsync(await direct.PostAsync("/join", form, Token), "text/html", "was not saved");
            await AssertAwayAsync(await direct.GetAsync("/api/runs", Token), "application/problem+json", "Try again in a few seconds.");
            using var instructor = PortalPrograms.Instructor(addresses[his]);
            await AssertAwayAsync(await instructor.GetAsync("/class/progress.csv", Token), "text/html", "http-equiv=\"refresh\"");
        });
        await WaitForReadinessAsync(addresses[his], HttpStatusCode.OK, "database: ok\ndata directory: ok\nqueue: ok\n");

        var ended = await TestPortal.WaitForAsync(browser, run, "Completed");
        Assert.Equal((1, 120), (ended.GetProperty("attempt").GetInt32(), ended.GetProperty("step").GetInt32()));
        var losses = (await browser.GetStringAsync($"/api/runs/{run}/metrics.csv", Token)).Split('\n').Where(line => line.Contains(",train/loss,", StringComparison.Ordinal)).ToList();
        Assert.Equal(losses.Count, losses.Select(line => line.Split(',')[0]).Distinct().Count());
        Assert.StartsWith("120,", losses[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongDatabase_IsRefusedInOneLine()
    {
        var portal = StartPortal(PortalPrograms.FreeAddress(), "Host=127.0.0.1;Port=1;Database=lab;Username=lab;Password=secret");

        var line = await PortalPrograms.RefusalAsync(portal);

        Assert.StartsWith("The portal does not start: No PostgreSQL server answers for lab on 127.0.0.1:1", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _programs.Dispose();
        await _server.DisposeAsync();
    }

    private Process StartPortal(string address, string database) => _programs.StartPortal(address, Settings(database));

    private static Dictionary<string, string> Settings(string database) => new()
    {
        ["ConnectionStrings__Lab"] = database,
        ["Lab__Slots"] = "0",
        ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true",
    };

    private static async Task AssertAwayAsync(HttpResponseMessage answer, string kind, string words)
    {
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, kind, true), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.RetryAfter?.Delta > TimeSpan.Zero));
        Assert.Contains("database does not answer at the moment", text, StringComparison.Ordinal);
        Assert.Contains(words, text, StringComparison.Ordinal);
    }

    /// <returns>Whether the portal takes a request through the proxy for one over https, when its sender says so.</returns>
    private static async Task<bool> IsBelievedAsync(string front, string from)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { DefaultRequestHeaders = { { "X-Forwarded-Proto", "https" } } };
        return (await client.GetAsync($"{front}/join", Token)).Headers.Contains("Strict-Transport-Security");
    }

    private static Task WaitUntilReadyAsync(string address) => WaitForReadinessAsync(address, HttpStatusCode.OK, "queue: ok");

    private static async Task WaitForReadinessAsync(string address, HttpStatusCode status, string line)
    {
        using var client = new HttpClient { BaseAddress = new(address) };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var answer = await client.GetAsync("/healthz/ready", Token);
                if (answer.StatusCode == status && (await answer.Content.ReadAsStringAsync(Token)).Contains(line, StringComparison.Ordinal)) return;
            }
            catch (HttpRequestException) when (attempt < 600) { }
            Assert.True(attempt < 600, $"{address} does not say {status} and \"{line}\" after a minute.");
            await Task.Delay(100, Token);
        }
    }
}
