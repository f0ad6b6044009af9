using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Accounts;

public sealed class SqliteAccessTokenTests(TestPortal portal) : AccessTokenTests(portal), IClassFixture<TestPortal>;

public sealed class PostgresAccessTokenTests(PostgresPortal portal) : AccessTokenTests(portal.Portal), IClassFixture<PostgresPortal>;

public abstract class AccessTokenTests(TestPortal portal)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private AccessTokens Tokens => portal.Services.GetRequiredService<AccessTokens>();

    private IDbContextFactory<LabDbContext> Contexts => portal.Services.GetRequiredService<IDbContextFactory<LabDbContext>>();

    private async Task<int> JoinAsync(string name)
    {
        using var browser = await portal.StudentAsync(name);
        await using var db = await Contexts.CreateDbContextAsync(Token);
        return await db.Members.Where(member => member.Name == name).Select(member => member.Id).SingleAsync(Token);
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("detail").GetString();

    [Fact]
    public async Task Token_ActsAsItsMember_UntilItIsRevoked()
    {
        var id = await JoinAsync("Maryam");
        var (token, row) = await Tokens.AddAsync(id, "  Notebook ", TimeSpan.FromDays(30), Token);
        using var program = portal.Bearer(token);

        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/runs", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync("/class/progress.csv", Token)).StatusCode);      // a student's
        var listed = Assert.Single(await Tokens.ListAsync(id, Token));
        Assert.Equal("Notebook", listed.Name);
        Assert.NotNull(listed.LastUsedAt);
        await using (var db = await Contexts.CreateDbContextAsync(Token))
        {
            Assert.DoesNotContain(token, JsonSerializer.Serialize(await db.AccessTokens.ToListAsync(Token)), StringComparison.Ordinal);
        }

        Assert.False(await Tokens.RevokeAsync(row.Id, id + 1, Token));
        Assert.True(await Tokens.RevokeAsync(row.Id, id, Token));

        var refused = await program.GetAsync("/api/runs", Token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("This token is not valid: it was mistyped, or it has been revoked.", await DetailAsync(refused));
    }

    [Fact]
    public async Task Token_AfterItsLastDay_IsRefusedWithThatDay()
    {
        var id = await JoinAsync("Late");
        var (token, row) = await Tokens.AddAsync(id, "old", TimeSpan.FromDays(30), Token);
        await using (var db = await Contexts.CreateDbContextAsync(Token))
        {
            await db.AccessTokens.Where(t => t.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.ExpiresAt, new DateTimeOffset(2026, 5, 3, 12, 0, 0, TimeSpan.Zero)), Token);
        }
        using var program = portal.Bearer(token);

        var refused = await program.GetAsync("/api/runs", Token);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.StartsWith("This token expired on 3 May 2026.", await DetailAsync(refused), StringComparison.Ordinal);
        Assert.Null(Assert.Single(await Tokens.ListAsync(id, Token)).LastUsedAt);
    }

    [Fact]
    public async Task Tokens_WithoutAName_OrTooMany_AreRefused()
    {
        var id = await JoinAsync("Collector");
        await Assert.ThrowsAsync<RequestRefusedException>(() => Tokens.AddAsync(id, "  ", null, Token));
        for (var i = 0; i < AccessToken.MostPerMember; i++) await Tokens.AddAsync(id, $"number {i}", null, Token);

        Assert.Contains("Revoke one first", (await Assert.ThrowsAsync<RequestRefusedException>(() => Tokens.AddAsync(id, "one more", null, Token))).Message, StringComparison.Ordinal);
    }
}
