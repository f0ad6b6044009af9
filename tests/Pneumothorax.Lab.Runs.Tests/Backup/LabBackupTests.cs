using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Backup;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs.Tests.Backup;

/// <summary>A lab is saved while a run trains in it, and goes on elsewhere.</summary>
public sealed class LabBackupTests(PostgresServer server) : IDisposable
{
    /// <summary>Trains until it is asked to stop, and says from which checkpoint it went on. Keeps two checkpoints, as the real one may.</summary>
    private const string Trainer =
        """
        from=$(ls checkpoints 2>/dev/null | sed -n 's/^step-//p' | sort -n | tail -n 1)
        from=${from:-0}
        echo "$from" >> starts
        [ -e metrics.jsonl ] && head -n "$from" metrics.jsonl > metrics.cut && mv metrics.cut metrics.jsonl
        echo "{\"event\":\"started\",\"fromStep\":$from,\"steps\":20,\"trainImages\":8,\"validationImages\":2,\"parameters\":100,\"device\":\"cpu\"}"
        i=$from
        while true; do
          i=$((i+1))
          echo "{\"step\":$i,\"series\":\"train/loss\",\"value\":0.5}" >> metrics.jsonl
          mkdir -p checkpoints/.step-$i.part && echo "weights of $i" > checkpoints/.step-$i.part/weights.safetensors && mv checkpoints/.step-$i.part checkpoints/step-$i
          rm -rf checkpoints/step-$((i-2))
          echo "{\"event\":\"progress\",\"stage\":\"Training\",\"done\":$i,\"total\":20,\"imagesPerSecond\":9,\"secondsLeft\":1}"
          sleep 0.02
        done
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("lab-backup-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string? _program;

    private string Archive => Path.Combine(_folder, "backup.zip");

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]       // from one machine to several
    public async Task LabAtWork_IsSavedAndGoesOnElsewhere(bool isScaledOut, bool thenIsScaledOut)
    {
        var program = await TestLab.ProgramAsync(Trainer);
        _program = Path.GetDirectoryName(program);
        var directory = Path.Combine(_folder, "here");
        var database = new LabDatabase(isScaledOut ? await server.CreateDatabaseAsync() : null);
        await SaveAtWorkAsync(program, directory, database, isScaledOut);
        var elsewhere = new LabPaths(Path.Combine(_folder, "elsewhere"));
        var other = new LabDatabase(thenIsScaledOut ? await server.CreateDatabaseAsync() : null);

        if (thenIsScaledOut) Directory.CreateDirectory(elsewhere.DataDirectory);      // a mount of all hosts
        var restored = await new LabRestore(elsewhere, other).LoadAsync(Archive, Token);

        Assert.Equal((1, "phantom"), (restored.Runs, Assert.Single(restored.WithoutImages).Name));
        Assert.False(Directory.Exists(elsewhere.Datasets));
        Assert.False(Directory.Exists(elsewhere.Incoming));
        var newest = new RunFolder(Path.Combine(elsewhere.Runs, "1")).CheckpointSteps()[^1];
        await using (var lab = await TestLab.OpenAsync([.. Hosts(program, elsewhere.DataDirectory, other, thenIsScaledOut)], elsewhere.DataDirectory, startQueue: true))
        {
            // Scaled out, the run is taken from its lost host only after half a minute.
            for (var attempt = 0; (await lab.FindAsync(1)).Attempt < 2; attempt++)
            {
                Assert.True(attempt < 1200, "The run does not go on.");
                await Task.Delay(50, Token);
            }
            await lab.WaitForAsync(1, RunState.Running);
            Assert.Equal(["0", $"{newest}"], File.ReadAllLines(Path.Combine(elsewhere.Runs, "1", "starts")));
            var points = lab.Store.FolderOf(await lab.FindAsync(1)).ReadMetrics().Select(point => point.Step).ToList();
            Assert.Equal(Enumerable.Range(1, points.Count), points);
            Assert.Equal(("Mira", 20), ((await lab.FindAsync(1)).Owner!.Name, (await lab.FindAsync(1)).Hyperparameters.Steps));
            // New rows get numbers of their own.
            Assert.Equal(2, (await lab.LaunchAsync(await lab.AddStudentAsync("Jonas"))).Id);
            Assert.Equal(thenIsScaledOut, !File.Exists(elsewhere.Database));
            Assert.Equal(!isScaledOut && thenIsScaledOut ? ["key-1"] : [], await KeysAsync(lab, thenIsScaledOut));
        }
    }

    [Fact]
    public async Task Restore_OfADamagedFile_OrOverALab_IsRefusedInOneLine_AndLeavesNothing()
    {
        var paths = new LabPaths(Path.Combine(_folder, "lab"));
        using (var host = TestLab.Build(null, paths.DataDirectory, new(), 1))
        {
            await host.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<DatabaseSetup>().Single().StartingAsync(Token);
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await File.WriteAllTextAsync(Path.Combine(paths.DataDirectory, "class.json"), "{}", Token);
        await new LabBackup(paths, new(), TimeProvider.System).SaveAsync(Archive, withImages: false, content: null, Token);
        var restore = new LabRestore(new(Path.Combine(_folder, "new")), new());

        Assert.Contains("is not empty", (await Assert.ThrowsAsync<IOException>(() => new LabRestore(paths, new()).LoadAsync(Archive, Token))).Message, StringComparison.Ordinal);
        Assert.Contains("already exists", (await Assert.ThrowsAsync<IOException>(() => new LabBackup(paths, new(), TimeProvider.System).SaveAsync(Archive, false, null, Token))).Message, StringComparison.Ordinal);
        await AssertDamagedAsync(restore, bytes => bytes[..(bytes.Length / 2)]);
        await AssertDamagedAsync(restore, _ => "no archive"u8.ToArray());
        // One file inside is another than when it was saved.
        using (var zip = ZipFile.Open(Archive, ZipArchiveMode.Update))
        {
            zip.GetEntry("class.json")!.Delete();
            await using var stream = zip.CreateEntry("class.json").Open();
            stream.Write("{ }"u8);
        }
        await AssertDamagedAsync(restore, bytes => bytes);
        // A directory that is there already stays the one that it is: its owner may not be allowed to make another, and it may be a mount.
        var mount = Directory.CreateDirectory(Path.Combine(_folder, "lab", "mount")).FullName;
        await AssertDamagedAsync(new LabRestore(new(mount), new()), bytes => bytes);
        Assert.Empty(Directory.EnumerateFileSystemEntries(mount));
        // A database that is none is called damaged, as at the start of a portal.
        var none = new LabPaths(Directory.CreateDirectory(Path.Combine(_folder, "lab", "none")).FullName);
        await File.WriteAllTextAsync(none.Database, new string('x', 9000), Token);
        var refused = await Assert.ThrowsAsync<IOException>(() => new LabBackup(none, new(), TimeProvider.System).SaveAsync(Path.Combine(_folder, "lab", "none.zip"), false, null, Token));
        Assert.StartsWith($"{none.Database} is damaged (it is not an SQLite file), and nothing was saved.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["backup.zip", "damaged.zip", "lab"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order());
    }

    private static async Task<string[]> KeysAsync(TestLab lab, bool isScaledOut)
    {
        if (!isScaledOut) return [];
        await using var db = await lab.Get<IDbContextFactory<PostgresLabDbContext>>().CreateDbContextAsync(Token);
        return await db.DataProtectionKeys.Select(key => key.FriendlyName!).ToArrayAsync(Token);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        if (_program is not null) Directory.Delete(_program, recursive: true);
    }

    private async Task SaveAtWorkAsync(string program, string directory, LabDatabase database, bool isScaledOut)
    {
        await using var lab = await TestLab.OpenAsync([.. Hosts(program, directory, database, isScaledOut)], directory, startQueue: true);
        var run = await lab.LaunchAsync(await lab.AddStudentAsync("Mira"), "A run");
        var folder = lab.Store.FolderOf(run);
        Directory.CreateDirectory(Path.Combine(directory, "datasets", "phantom"));
        await File.WriteAllTextAsync(Path.Combine(directory, "datasets", "phantom", "dataset.json"), "{}", Token);
        Directory.CreateDirectory(Path.Combine(directory, "incoming"));
        await File.WriteAllTextAsync(Path.Combine(directory, "incoming", "download.zip"), "forty gigabytes", Token);
        if (!isScaledOut)
        {
            Directory.CreateDirectory(Path.Combine(directory, "keys"));
            await File.WriteAllTextAsync(Path.Combine(directory, "keys", "key-1.xml"), "<key id=\"1\" />", Token);
        }
        for (var attempt = 0; folder.CheckpointSteps() is not [.., > 10]; attempt++)
        {
            Assert.True(attempt < 1500, "The run makes no checkpoints.");
            await Task.Delay(20, Token);
        }
        await new LabBackup(new(directory), database, TimeProvider.System).SaveAsync(Archive, withImages: false, content: null, Token);
    }

    private static IEnumerable<Microsoft.Extensions.Hosting.IHost> Hosts(string program, string directory, LabDatabase database, bool isScaledOut) =>
        (isScaledOut ? [0, 1] : new[] { 1 }).Select(slots => TestLab.Build(program, directory, database, slots));

    private async Task AssertDamagedAsync(LabRestore restore, Func<byte[], byte[]> damage)
    {
        var damaged = Path.Combine(_folder, "damaged.zip");
        await File.WriteAllBytesAsync(damaged, damage(await File.ReadAllBytesAsync(Archive, Token)), Token);
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => restore.LoadAsync(damaged, Token));
        Assert.StartsWith($"{damaged} is damaged, or not a backup of this lab", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
