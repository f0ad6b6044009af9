using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Backup;

/// <summary>
/// A whole lab in one file, made while it is at work: rows, class keys and sign-in keys, run folders, and whatever else lies in the data
/// directory. Images of data sets only when asked for: they are large, and can be registered again. Downloads that wait to be imported never.
/// </summary>
/// <remarks>
/// The rows come first, the folders after. A run that trains meanwhile is in it as if its host had been lost at that moment: its newest
/// checkpoint is whole, and points after that are cut when it goes on.
/// </remarks>
public sealed class LabBackup(LabPaths paths, LabDatabase database, TimeProvider clock)
{
    internal const string SqliteName = "lab.db";
    internal const string PostgresName = "lab.dump";
    internal const string ContentName = "content";

    // Of the moment, or made again by whoever needs it.
    private static readonly string[] s_leftOut = ["lab.db", "lab.db-wal", "lab.db-shm"];
    private static readonly string[] s_leftOutEndings = [".part", ".cache", ".lock"];

    /// <param name="file">Written whole, or not at all; readable by its owner alone, since it holds the keys of the class.</param>
    /// <param name="withImages">Also the images of the data sets.</param>
    /// <param name="content">The instructor's own content directory, if there is one.</param>
    /// <exception cref="IOException">There is no lab, the file exists, or it cannot be written; the message says so in one line.</exception>
    public async Task<BackupManifest> SaveAsync(string file, bool withImages, string? content, CancellationToken cancellationToken)
    {
        file = Path.GetFullPath(file);
        if (file.StartsWith(paths.DataDirectory + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new IOException($"{file} is inside the data directory. Write the backup somewhere else.");
        if (File.Exists(file)) throw new IOException($"{file} already exists. Choose another file name.");
        if (!Directory.Exists(paths.DataDirectory)) throw new DirectoryNotFoundException($"There is no folder {paths.DataDirectory}. Give the lab's data directory with --data-directory.");

        BackupManifest? manifest = null;
        var rows = $"{file}.rows.part";
        try
        {
            await AtomicFile.WriteAsync(file, async part =>
            {
                var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                await using var stream = new FileStream(part, options);
                using (var archive = new BackupArchive(stream))
                {
                    var runs = await AddRowsAsync(archive, rows, cancellationToken);
                    await AddFolderAsync(archive, "", paths.DataDirectory, folder => IsKept(folder, runs, withImages), cancellationToken);
                    if (content is not null) await AddFolderAsync(archive, ContentName, content, _ => true, cancellationToken);
                    await archive.FinishAsync(files => manifest = Describe(files, withImages), cancellationToken);
                }
                stream.Flush(flushToDisk: true);
            }, replace: false);
            return manifest!;
        }
        finally
        {
            File.Delete(rows);
        }
    }

    /// <returns>The runs that have a row.</returns>
    private async Task<HashSet<string>> AddRowsAsync(BackupArchive archive, string rows, CancellationToken cancellationToken)
    {
        var runs = database.IsShared ? await DatabaseCopy.SavePostgresAsync(database, rows, cancellationToken) : DatabaseCopy.SaveSqlite(paths.Database, rows);
        await archive.TryAddAsync(database.IsShared ? PostgresName : SqliteName, rows, cancellationToken);
        return runs;
    }

    /// <summary>The folder of a run that was launched since the rows were copied would be taken for that of another run of its number.</summary>
    private bool IsKept(string folder, HashSet<string> runs, bool withImages) =>
        (withImages || folder != paths.Datasets) && folder != paths.Incoming && (Path.GetDirectoryName(folder) != paths.Runs || runs.Contains(Path.GetFileName(folder)));

    private BackupManifest Describe(IReadOnlyList<BackedUpFile> files, bool withImages) => new()
    {
        Format = BackupManifest.NewestFormat,
        LabVersion = LabVersion.Text,
        MadeAt = clock.GetUtcNow(),
        Database = database.IsShared ? "postgresql" : "sqlite",
        Files = files,
        WithoutImages = withImages ? [] : [.. Datasets()],
        Runs = files.Where(file => file.Path.StartsWith("runs/", StringComparison.Ordinal)).Select(file => file.Path.Split('/')[1]).Distinct().Count(),
    };

    private IEnumerable<MissingDataset> Datasets() =>
        Directory.Exists(paths.Datasets)
            ? from folder in new DirectoryInfo(paths.Datasets).EnumerateDirectories()
              where !folder.Name.StartsWith('.') && File.Exists(Path.Combine(folder.FullName, "dataset.json"))
              orderby folder.Name
              select new MissingDataset(folder.Name, folder.EnumerateFiles().Sum(file => file.Length))
            : [];

    private static async Task AddFolderAsync(BackupArchive archive, string name, string folder, Func<string, bool> isKept, CancellationToken cancellationToken)
    {
        // Checkpoints before points: those of a run that trains meanwhile then reach at least as far.
        foreach (var inner in Folders(folder).Where(isKept))
        {
            if (Path.GetFileName(inner) == "checkpoints") await AddCheckpointsAsync(archive, Inside(name, inner), new(folder), cancellationToken);
            else await AddFolderAsync(archive, Inside(name, inner), inner, isKept, cancellationToken);
        }
        foreach (var file in Files(folder))
        {
            if (name.Length == 0 && s_leftOut.Contains(Path.GetFileName(file))) continue;
            await archive.TryAddAsync(Inside(name, file), file, cancellationToken);
        }
    }

    /// <summary>Checkpoints come and go as wholes. Where one goes while it is read, a newer one is there.</summary>
    private static async Task AddCheckpointsAsync(BackupArchive archive, string name, RunFolder run, CancellationToken cancellationToken)
    {
        HashSet<int> added = [];
        for (var isWhole = false; !isWhole;)
        {
            isWhole = true;
            foreach (var step in run.CheckpointSteps().Where(added.Add))
            {
                var checkpoint = $"{name}/step-{step}";
                foreach (var file in Files(run.CheckpointPath(step))) isWhole &= await archive.TryAddAsync($"{checkpoint}/{Path.GetFileName(file)}", file, cancellationToken);
                if (!Directory.Exists(run.CheckpointPath(step)))
                {
                    isWhole = false;
                    archive.Forget(checkpoint);
                }
            }
        }
    }

    private static string Inside(string name, string path) => name.Length == 0 ? Path.GetFileName(path) : $"{name}/{Path.GetFileName(path)}";

    private static IReadOnlyList<string> Files(string folder) => List(() => Directory.GetFiles(folder));

    private static IReadOnlyList<string> Folders(string folder) => List(() => Directory.GetDirectories(folder));

    /// <summary>Hidden ones are on their way in or out.</summary>
    private static IReadOnlyList<string> List(Func<string[]> list)
    {
        try
        {
            return [.. from path in list()
                       let name = Path.GetFileName(path)
                       where !name.StartsWith('.') && !s_leftOutEndings.Any(name.EndsWith)
                       orderby name
                       select path];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }
}
