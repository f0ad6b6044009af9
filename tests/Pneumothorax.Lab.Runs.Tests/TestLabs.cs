using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs.Tests;

/// <summary>
/// How the labs of a test class are built: embedded, with everything in one host and its rows in a file; or scaled out, as a portal that
/// trains nothing and a worker host, which share a directory and a PostgreSQL database. What holds for one holds for the other.
/// </summary>
public sealed class TestLabs(PostgresServer? server)
{
    private static readonly SemaphoreSlim s_gate = new(1);

    /// <summary>By directory, so that a later lab on the same directory finds its rows again.</summary>
    private readonly Dictionary<string, string> _databases = [];

    public static TestLabs Embedded => new(null);

    /// <param name="program">What plays the trainer; absent by default.</param>
    /// <param name="directory">A directory that an earlier lab left.</param>
    /// <param name="startQueue">False: nothing takes runs out of the line.</param>
    internal async Task<TestLab> OpenAsync(string? program = null, string? directory = null, bool startQueue = false, int slots = 1, int workers = 1, TimeProvider? clock = null, SilenceLimit? silence = null, MemoryKills? kills = null)
    {
        directory ??= Directory.CreateTempSubdirectory("lab-runs-").FullName;
        if (server is null)
        {
            DatabaseTemplate.CopyTo(LabPaths.Resolve(directory).Database);
            return await TestLab.OpenAsync([TestLab.Build(program, directory, new(), slots, clock, silence, kills)], directory, startQueue);
        }

        if (!_databases.TryGetValue(directory, out var database)) _databases[directory] = database = await CreateDatabaseAsync(server);
        var hosts = Enumerable.Range(0, workers + 1).Select(i => TestLab.Build(program, directory, new(database), i == 0 ? 0 : slots, clock, silence, kills));
        return await TestLab.OpenAsync([.. hosts], directory, startQueue);
    }

    /// <summary>With a shell script as the trainer, and a queue that starts it.</summary>
    internal async Task<TestLab> TrainedByAsync(string script, int slots = 1, int workers = 1, TimeProvider? clock = null, SilenceLimit? silence = null, MemoryKills? kills = null)
    {
        var program = await TestLab.ProgramAsync(script);
        return await OpenAsync(program, Path.GetDirectoryName(program), startQueue: true, slots, workers, clock, silence, kills);
    }

    /// <summary>Copies a database that has its tables already: making them takes a second each time.</summary>
    private static async Task<string> CreateDatabaseAsync(PostgresServer server)
    {
        await s_gate.WaitAsync();
        try
        {
            if (server.Template is null)
            {
                var first = await server.CreateDatabaseAsync();
                using (var host = TestLab.Build(null, Path.GetTempPath(), new(first), slots: 0))
                {
                    await host.Services.GetServices<IHostedService>().OfType<DatabaseSetup>().Single().StartingAsync(CancellationToken.None);
                }
                NpgsqlConnection.ClearAllPools();
                server.Template = new NpgsqlConnectionStringBuilder(first).Database;
            }
            return await server.CreateDatabaseAsync(server.Template);
        }
        finally
        {
            s_gate.Release();
        }
    }
}
