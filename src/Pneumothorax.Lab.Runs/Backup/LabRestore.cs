using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Storage;

namespace Pneumothorax.Lab.Runs.Backup;

/// <summary>Brings back what <see cref="LabBackup"/> saved, on this host or another one. The next start of a portal goes on from there.</summary>
public sealed class LabRestore(LabPaths paths, LabDatabase database)
{
    /// <summary>Every file is compared with its checksum before anything takes its place.</summary>
    /// <exception cref="IOException">The data directory or the database is in use, or the disk is full; the message says so in one line.</exception>
    /// <exception cref="InvalidDataException">The file is no backup, or damaged.</exception>
    public async Task<BackupManifest> LoadAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file)) throw new FileNotFoundException($"There is no file {file}.");
        if (Directory.Exists(paths.DataDirectory) && Directory.EnumerateFileSystemEntries(paths.DataDirectory).Any())
        {
            throw new IOException($"The data directory {paths.DataDirectory} is not empty. Name another one with --data-directory; nothing was changed.");
        }
        // Where the directory is there already, its parent may be closed to its owner (/data), or it is a mount that cannot be replaced.
        var isThere = Directory.Exists(paths.DataDirectory);
        var aside = isThere ? Path.Combine(paths.DataDirectory, $".restoring-{Guid.NewGuid():N}") : $"{paths.DataDirectory}.restoring-{Guid.NewGuid():N}";
        try
        {
            using var zip = Open(file);
            var manifest = Read(zip, file);
            RequireDatabase(manifest);
            if (database.IsShared) await DatabaseCopy.RequireEmptyAsync(database, cancellationToken);
            Directory.CreateDirectory(aside);
            foreach (var entry in manifest.Files) await ExtractAsync(zip, entry, file, aside, cancellationToken);
            if (database.IsShared) await FillServerAsync(aside, cancellationToken);
            if (isThere) MoveInto(aside, paths.DataDirectory);
            else Directory.Move(aside, paths.DataDirectory);
            return manifest;
        }
        finally
        {
            if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        }
    }

    /// <summary>With the rows of a server, or those of a file: so a class moves from one machine to several.</summary>
    private async Task FillServerAsync(string lab, CancellationToken cancellationToken)
    {
        var rows = Path.Combine(lab, LabBackup.PostgresName);
        if (File.Exists(rows))
        {
            await DatabaseCopy.RestorePostgresAsync(database, rows, cancellationToken);
            File.Delete(rows);
            return;
        }
        var paths = new LabPaths(lab);
        await RowsToServer.CarryAsync(paths, database, cancellationToken);
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(lab, Path.GetFileName(paths.Database) + "*")) File.Delete(file);
        if (Directory.Exists(paths.Keys)) Directory.Delete(paths.Keys, recursive: true);
    }

    private static void MoveInto(string aside, string folder)
    {
        foreach (var part in Directory.EnumerateFileSystemEntries(aside)) Directory.Move(part, Path.Combine(folder, Path.GetFileName(part)));
    }

    private static ZipArchive Open(string file)
    {
        try { return ZipFile.OpenRead(file); }
        catch (InvalidDataException exception) { throw Damaged(file, "it is no whole ZIP file", exception); }
    }

    private static BackupManifest Read(ZipArchive zip, string file)
    {
        try
        {
            using var stream = zip.GetEntry(BackupManifest.FileName)?.Open() ?? throw Damaged(file, $"it has no {BackupManifest.FileName}");
            var manifest = JsonSerializer.Deserialize<BackupManifest>(stream, LabJson.Document) ?? throw Damaged(file, $"its {BackupManifest.FileName} is empty");
            return manifest.Format <= BackupManifest.NewestFormat
                ? manifest
                : throw new InvalidDataException($"{file} was made by version {manifest.LabVersion} of the lab. Restore it with that one.");
        }
        catch (JsonException exception)
        {
            throw Damaged(file, $"its {BackupManifest.FileName} cannot be read", exception);
        }
    }

    private void RequireDatabase(BackupManifest manifest)
    {
        if (manifest.Database != "postgresql" || database.IsShared) return;
        throw new ArgumentException($"This backup is of a lab on PostgreSQL. Set {LabDatabase.Setting} to an empty database first.");
    }

    private static async Task ExtractAsync(ZipArchive zip, BackedUpFile file, string archive, string folder, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(Path.Combine(folder, file.Path));
        if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw Damaged(archive, $"{file.Path} would lie outside the data directory");
        var entry = zip.GetEntry(file.Path) ?? throw Damaged(archive, $"{file.Path} is missing");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            await using (var source = await entry.OpenAsync(cancellationToken))
            {
                // What the portal itself keeps from others is kept from them here, too: keys, rows, answers.
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                await using var target = new FileStream(path, options);
                await source.CopyToAsync(target, cancellationToken);
            }
            await using var written = File.OpenRead(path);
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(written, cancellationToken));
            if (hash != file.Sha256) throw Damaged(archive, $"{file.Path} is not what was saved");
        }
        catch (InvalidDataException exception) when (exception.InnerException is null && !exception.Message.Contains(archive, StringComparison.Ordinal))
        {
            throw Damaged(archive, $"{file.Path} cannot be unpacked", exception);
        }
    }

    private static InvalidDataException Damaged(string file, string why, Exception? inner = null) =>
        new($"{file} is damaged, or no backup of this lab: {why}. Nothing was restored.", inner);
}
