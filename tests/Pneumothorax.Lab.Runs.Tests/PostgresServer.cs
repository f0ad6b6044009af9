using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

[assembly: AssemblyFixture(typeof(Pneumothorax.Lab.PostgresServer))]

namespace Pneumothorax.Lab;

/// <summary>A real PostgreSQL server of these tests alone, in a temporary directory and on a free port; started by whoever first asks for a database.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Missing = "PostgreSQL is not installed (Debian's package postgresql), so what needs a server is not tested.";

    /// <summary>Debian keeps them out of the path.</summary>
    private static readonly string? s_programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb"))).OrderDescending(StringComparer.Ordinal).FirstOrDefault()
        : null;

    /// <summary>Copying files takes half the time of writing each page to the log; servers before 15 know nothing else, nor this word.</summary>
    private static readonly string s_copying =
        int.TryParse(Path.GetFileName(Path.GetDirectoryName(s_programs)), CultureInfo.InvariantCulture, out var version) && version >= 15 ? " STRATEGY FILE_COPY" : "";

    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-postgres-").FullName;
    private readonly int _port = FreePort();
    private Process? _server;
    private int _databases;

    /// <summary>A database with its tables made, for others to be copied from.</summary>
    public string? Template { get; set; }

    private string DataFolder => Path.Combine(_folder, "data");

    /// <returns>The connection string of a new, empty database.</returns>
    /// <param name="template">A database that nobody uses, to copy.</param>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        Assert.SkipWhen(s_programs is null, Missing);
        await _gate.WaitAsync();
        try
        {
            if (_server is null) await StartAsync(isNew: true);
            var name = string.Create(CultureInfo.InvariantCulture, $"lab{++_databases}");
            await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"CREATE DATABASE {name}{(template is null ? "" : $" TEMPLATE {template}")}{s_copying}", connection);
            await command.ExecuteNonQueryAsync();
            return ConnectionString(name);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the server as an administrator would, cutting all connections, and starts it again.</summary>
    /// <param name="pause">How long it stays away.</param>
    public Task RestartAsync(TimeSpan pause) => RestartAsync(() => Task.Delay(pause));

    /// <inheritdoc cref="RestartAsync(TimeSpan)"/>
    /// <param name="meanwhile">What is done while it is away.</param>
    public async Task RestartAsync(Func<Task> meanwhile)
    {
        await _gate.WaitAsync();
        try
        {
            await StopAsync();
            try { await meanwhile(); }
            catch
            {
                // Others rely on it.
                await StartAsync(isNew: false);
                throw;
            }
            await StartAsync(isNew: false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();        // a test that failed may have left it restarting
        if (_server is not null) await StopAsync();
        _gate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Database={database};Username=lab");

    private async Task StartAsync(bool isNew)
    {
        if (isNew)
        {
            if (Environment.UserName == "root") await FinishAsync(Process.Start("chown", ["nobody", _folder]));
            // Nothing here outlives the tests, so nothing waits for a disk.
            await FinishAsync(Run("initdb", "-D", DataFolder, "-U", "lab", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"));
        }
        _server = Run(
            "postgres", "-D", DataFolder, "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", _folder,
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=800",
            // Else it goes round the databases of all tests, most of which are done with.
            "-c", "autovacuum=off");
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (attempt < 200)
            {
                await Task.Delay(50);
            }
        }
    }

    private async Task StopAsync()
    {
        // The server itself writes its number; what was started may only be a program that changed the user.
        var server = (await File.ReadAllLinesAsync(Path.Combine(DataFolder, "postmaster.pid")))[0];
        await FinishAsync(Process.Start("kill", ["-INT", server]));      // a fast shutdown
        await _server!.WaitForExitAsync();
        _server.Dispose();
    }

    /// <summary>Starts one of the server's programs; they refuse to run as root.</summary>
    private static Process Run(string program, params string[] arguments)
    {
        var path = Path.Combine(s_programs!, program);
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("setpriv", ["--reuid=nobody", "--clear-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task FinishAsync(Process process)
    {
        using (process)
        {
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
