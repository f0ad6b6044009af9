namespace Pneumothorax.Lab.Web.Tests.Accounts;

/// <summary>The whole portal with its rows on a PostgreSQL server.</summary>
public sealed class PostgresPortal(PostgresServer server) : IAsyncLifetime
{
    public TestPortal Portal { get; } = new();

    public async ValueTask InitializeAsync() => Portal.Settings["ConnectionStrings:Lab"] = await server.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}
