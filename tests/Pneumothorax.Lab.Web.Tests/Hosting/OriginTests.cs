using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Hosting;

/// <summary>A portal whose host has said where browsers reach it, and under which names it answers.</summary>
public sealed class AddressedPortal : IAsyncLifetime
{
    public TestPortal Portal { get; } = new();

    public ValueTask InitializeAsync()
    {
        (Portal.Settings["Lab:PublicAddress"], Portal.Settings["Lab:AllowedHosts"]) = ("https://lab.example.edu", "localhost;lab.example.edu");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}

public sealed class OriginTests(AddressedPortal addressed) : IClassFixture<AddressedPortal>
{
    private readonly TestPortal _portal = addressed.Portal;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://localhost", true)]
    [InlineData("https://lab.example.edu", true)]
    [InlineData(null, true)]
    [InlineData("http://localhost:8000", false)]
    [InlineData("https://localhost", true)]
    [InlineData("https://localhost:8000", false)]
    [InlineData("https://elsewhere.example", false)]
    [InlineData("null", false)]
    public async Task LiveConnection_IsForPagesOfThisSiteAlone(string? origin, bool isTaken)
    {
        using var browser = _portal.Browser();
        var entered = await browser.GetAsync($"/instructor?token={TestPortal.InstructorToken}", Token);
        // It comes along from any port of this host.
        var cookie = entered.Headers.GetValues("Set-Cookie").First(value => value.StartsWith("Pneumothorax.Lab=", StringComparison.Ordinal)).Split(';')[0];
        using var negotiate = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        if (origin is not null) negotiate.Headers.Add("Origin", origin);

        var negotiated = (await browser.SendAsync(negotiate, Token)).StatusCode;

        var sockets = _portal.Server.CreateWebSocketClient();
        sockets.ConfigureRequest = request =>
        {
            request.Headers.Cookie = cookie;
            if (origin is not null) request.Headers.Origin = origin;
        };
        var connecting = await Record.ExceptionAsync(async () =>
        {
            using var socket = await sockets.ConnectAsync(new Uri("ws://localhost/_blazor"), Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        });
        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.Forbidden, negotiated);
        if (isTaken) Assert.Null(connecting);
        else Assert.Contains("403", connecting?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DashboardsForms_AreForPagesOfThisSiteAlone()
    {
        using var instructor = _portal.Instructor();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hangfire/jobs/enqueued/delete");
        request.Headers.Add("Origin", "http://localhost:8000");

        Assert.Equal(HttpStatusCode.Forbidden, (await instructor.SendAsync(request, Token)).StatusCode);
    }

    [Fact]
    public async Task Links_BeginWithTheSetAddress_WhateverTheRequestCallsThisHost()
    {
        using var browser = await _portal.StudentAsync("Linked");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account");
        request.Headers.Host = "localhost:9999";

        var page = await (await browser.SendAsync(request, Token)).Content.ReadAsStringAsync(Token);

        Assert.Contains("data-copy=\"https://lab.example.edu/return?token=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("9999", page, StringComparison.Ordinal);
        using var described = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        described.Headers.Host = "localhost:9999";
        var servers = JsonDocument.Parse(await (await browser.SendAsync(described, Token)).Content.ReadAsStringAsync(Token)).RootElement.GetProperty("servers");
        Assert.Equal("https://lab.example.edu", Assert.Single(servers.EnumerateArray()).GetProperty("url").GetString());
    }

    [Fact]
    public async Task HostThatIsNotAllowed_IsAnsweredWithNothing()
    {
        using var browser = _portal.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/join");
        request.Headers.Host = "elsewhere.example";

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendAsync(request, Token)).StatusCode);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("https://lab.example.edu/", "https://lab.example.edu")]
    [InlineData("http://localhost:5080", "http://localhost:5080")]
    [InlineData("lab.example.edu", "refused")]
    [InlineData("https://lab.example.edu/lab", "refused")]
    [InlineData("ftp://lab.example.edu", "refused")]
    public void PublicAddress_IsASite_OrRefusedInOneLine(string setting, string? origin)
    {
        PublicAddress Read() => PublicAddress.Read(new ConfigurationBuilder().AddInMemoryCollection([new("Lab:PublicAddress", setting)]).Build());

        if (origin == "refused") Assert.Contains("Lab__PublicAddress", Assert.ThrowsAny<Exception>(Read).Message, StringComparison.Ordinal);
        else Assert.Equal(origin, Read().Origin);
    }

    [Fact]
    public void Link_WithoutASetAddress_IsAPath_WhichTheBrowserCompletes()
    {
        Assert.Equal("/return?token=x", new PublicAddress((Uri?)null).Link("/return?token=x"));
    }
}
