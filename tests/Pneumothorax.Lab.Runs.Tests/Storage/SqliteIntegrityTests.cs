using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs.Tests.Storage;

/// <summary>A disk that lost or changed bytes is noticed at the start, before rows are missing without a word.</summary>
public sealed class SqliteIntegrityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-integrity-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LabPaths Paths => new(Path.Combine(_folder, "killed"));

    private string Log => Paths.Database + "-wal";

    [Fact]
    public async Task LogOfAKilledPortal_IsRead_AndAllRowsAreThere()
    {
        await KillAsync();

        Assert.Null(SqliteIntegrity.CheckLog(Paths));
        Assert.Equal(20, await StartAsync());
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(0)]     // its header: SQLite takes the whole log for nothing
    public async Task LogThatIsDamaged_IsRefusedWithWhatToDo_AndThatWorks(double at)
    {
        await KillAsync();
        await FlipAsync(Log, (long)(at * new FileInfo(Log).Length) + 10);

        var refusal = await Assert.ThrowsAsync<IOException>(StartAsync);

        Assert.StartsWith($"{Log}, which contains the newest rows, is damaged after byte ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("lab restore FILE --data-directory", refusal.Message, StringComparison.Ordinal);
        var whole = long.Parse(System.Text.RegularExpressions.Regex.Match(refusal.Message, "truncate -s ([0-9]+) ").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        await using (var log = File.OpenWrite(Log)) log.SetLength(whole);
        Assert.InRange(await StartAsync(), 0, 19);
    }

    [Fact]
    public async Task LastChangeThatIsNotWhole_IsSaid_AndAllBeforeItIsThere()
    {
        await KillAsync();
        await FlipAsync(Log, new FileInfo(Log).Length - 10);

        Assert.Contains("The last change in", SqliteIntegrity.CheckLog(Paths), StringComparison.Ordinal);
        Assert.Equal(19, await StartAsync());
    }

    [Fact]
    public async Task DatabaseThatIsDamaged_OrNone_IsRefusedInOneLine()
    {
        Assert.Equal(0, await StartAsync());
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        var pages = new FileInfo(Paths.Database).Length / 4096;
        for (var page = 1; page < pages; page++) await FlipAsync(Paths.Database, (page * 4096) + 3);
        var refusal = await Assert.ThrowsAsync<IOException>(StartAsync);
        Assert.StartsWith($"The database {Paths.Database} is damaged (", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("lab restore FILE --data-directory", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);

        await File.WriteAllTextAsync(Paths.Database, new string('x', 9000), Token);
        Assert.Contains("it is not an SQLite file", (await Assert.ThrowsAsync<IOException>(StartAsync)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "is empty, but")]
    [InlineData(false, "is missing, but")]
    public async Task DatabaseThatIsGone_FromALabWithRuns_BeginsNoEmptyLabWithoutAWord(bool isThere, string words)
    {
        Directory.CreateDirectory(Path.Combine(Paths.Runs, "17"));
        if (isThere) await File.WriteAllBytesAsync(Paths.Database, [], Token);

        var refusal = await Assert.ThrowsAsync<IOException>(StartAsync);

        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("lab restore FILE --data-directory", refusal.Message, StringComparison.Ordinal);
        Directory.Move(Paths.Runs, Paths.Runs + "-aside");
        Assert.Equal(0, await StartAsync());
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Database and log as a portal leaves them that is killed after twenty changes.</summary>
    private async Task KillAsync()
    {
        var alive = new LabPaths(Path.Combine(_folder, "alive"));
        using var host = TestLab.Build(null, alive.DataDirectory, new(), 1);
        await SetUpAsync(host);
        await using var db = await host.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        await db.Database.OpenConnectionAsync(Token);
        await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", Token);
        for (var i = 0; i < 20; i++)
        {
            db.Members.Add(new() { Name = $"Student number {i}", TokenHash = $"{i}" });
            await db.SaveChangesAsync(Token);
        }
        Directory.CreateDirectory(Paths.DataDirectory);
        foreach (var end in (string[])["", "-wal"]) File.Copy(alive.Database + end, Paths.Database + end);
    }

    /// <returns>How many members there are.</returns>
    private async Task<int> StartAsync()
    {
        using var host = TestLab.Build(null, Paths.DataDirectory, new(), 1);
        await SetUpAsync(host);
        await using var db = await host.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        return await db.Members.CountAsync(Token);
    }

    private static Task SetUpAsync(IHost host) => host.Services.GetServices<IHostedService>().OfType<DatabaseSetup>().Single().StartingAsync(Token);

    private static async Task FlipAsync(string path, long at)
    {
        await using var file = new FileStream(path, FileMode.Open);
        file.Position = at;
        var old = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(old ^ 0xFF));
    }
}
