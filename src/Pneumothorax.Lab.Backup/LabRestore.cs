using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Backup;

/// <summary>Brings back what <see cref="LabBackup"/> saved, on this host or another one. The next start of a portal goes on from there.</summary>
public sealed class LabRestore(LabPaths paths, LabDatabase database)
{
    /// <summary>A hundred bytes a file: ten times as many files as any class leaves.</summary>
    private const long MostManifestBytes = 256 << 20;

    /// <summary>Every file is compared with its checksum before anything takes its place.</summary>
    /// <remarks>Whatever fails, directory and database are left as they were, and the next try works.</remarks>
    /// <exception cref="IOException">The data directory or the database is in use or not empty, or the disk is full; the message says so in one line.</exception>
    /// <exception cref="InvalidDataException">The file is no backup, or damaged.</exception>
    public async Task<BackupManifest> LoadAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file)) throw new FileNotFoundException($"There is no file {file}.");
        if (Directory.Exists(paths.DataDirectory) && Directory.EnumerateFileSystemEntries(paths.DataDirectory).Any())
        {
            throw new IOException($"The data directory {paths.DataDirectory} is not empty. Choose another one with --data-directory; nothing was changed.");
        }
        // Where the directory is there already, its parent may be closed to its owner (/data), or it is a mount that cannot be replaced.
        var isThere = Directory.Exists(paths.DataDirectory);
        var aside = isThere ? Path.Combine(paths.DataDirectory, $".restoring-{Guid.NewGuid():N}") : $"{paths.DataDirectory}.restoring-{Guid.NewGuid():N}";
        try
        {
            using var zip = Open(file);
            var manifest = await ReadAsync(zip, file, cancellationToken);
            RequireDatabase(manifest);
            RequireRoom(manifest, file, Path.GetDirectoryName(paths.DataDirectory)!);
            await using var target = database.IsShared ? await RestoreTarget.TakeAsync(database, cancellationToken) : null;
            Directory.CreateDirectory(aside);
            foreach (var entry in manifest.Files) await ExtractAsync(zip, entry, file, aside, cancellationToken);
            if (target is not null) manifest = manifest with { CleanedTexts = await FillServerAsync(aside, cancellationToken) };
            if (target is not null) await target.UnmarkAsync();
            if (isThere) MoveInto(aside, paths.DataDirectory);
            else Directory.Move(aside, paths.DataDirectory);
            target?.Keep();
            return manifest;
        }
        finally
        {
            if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        }
    }

    /// <summary>With the rows of a server, or those of a file: so a class moves from one machine to several.</summary>
    /// <returns>How many texts had to be cleaned for the server.</returns>
    private async Task<int> FillServerAsync(string lab, CancellationToken cancellationToken)
    {
        var rows = Path.Combine(lab, LabBackup.PostgresName);
        if (File.Exists(rows))
        {
            await DatabaseCopy.RestorePostgresAsync(database, rows, cancellationToken);
            File.Delete(rows);
            return 0;
        }
        var paths = new LabPaths(lab);
        var cleaned = await RowsToServer.CarryAsync(paths, database, cancellationToken);
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(lab, Path.GetFileName(paths.Database) + "*")) File.Delete(file);
        if (Directory.Exists(paths.Keys)) Directory.Delete(paths.Keys, recursive: true);
        return cleaned;
    }

    private static void MoveInto(string aside, string folder)
    {
        foreach (var part in Directory.EnumerateFileSystemEntries(aside)) Directory.Move(part, Path.Combine(folder, Path.GetFileName(part)));
    }

    private static ZipArchive Open(string file)
    {
        try { return ZipFile.OpenRead(file); }
        catch (InvalidDataException exception) { throw Damaged(file, "it is not a complete ZIP file", exception); }
    }

    private static async Task<BackupManifest> ReadAsync(ZipArchive zip, string file, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = zip.GetEntry(BackupManifest.FileName)?.Open() ?? throw Damaged(file, $"it has no {BackupManifest.FileName}");
            using var content = new MemoryStream();
            if (!await CopyAtMostAsync(stream, content, MostManifestBytes, cancellationToken)) throw Damaged(file, $"its {BackupManifest.FileName} is larger than any backup's");
            content.Position = 0;
            var manifest = JsonSerializer.Deserialize<BackupManifest>(content, LabJson.Document) ?? throw Damaged(file, $"its {BackupManifest.FileName} is empty");
            return manifest.Format <= BackupManifest.NewestFormat
                ? manifest
                : throw new InvalidDataException($"{file} was made by version {manifest.LabVersion} of the lab. Restore it with that version.");
        }
        catch (JsonException exception)
        {
            throw Damaged(file, $"its {BackupManifest.FileName} cannot be read", exception);
        }
    }

    private void RequireDatabase(BackupManifest manifest)
    {
        if (manifest.Database != "postgresql" || database.IsShared) return;
        throw new ArgumentException($"This backup is from a lab on PostgreSQL. Set {LabDatabase.Setting} to an empty database first.");
    }

    /// <summary>Before anything is written. What the list says is not believed: see <see cref="ExtractAsync"/>.</summary>
    private static void RequireRoom(BackupManifest manifest, string file, string folder)
    {
        if (manifest.Files.Any(entry => entry.Bytes < 0)) throw Damaged(file, $"its {BackupManifest.FileName} contains a size below 0");
        while (!Directory.Exists(folder)) folder = Path.GetDirectoryName(folder)!;
        var (needed, free) = (manifest.Files.Sum(entry => (decimal)entry.Bytes), new DriveInfo(folder).AvailableFreeSpace);
        if (needed > free) throw new IOException(string.Create(CultureInfo.InvariantCulture, $"The files of {file} need {needed / 1e9m:0.0} GB, but the disk of {folder} has only {free / 1e9:0.0} GB free. Nothing was restored."));
    }

    private static async Task ExtractAsync(ZipArchive zip, BackedUpFile file, string archive, string folder, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(Path.Combine(folder, file.Path));
        if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw Damaged(archive, $"{file.Path} would be outside the data directory");
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
                // Counted as they come: a few MB can unpack to more than any disk holds, whatever the archive says of itself.
                if (!await CopyAtMostAsync(source, target, file.Bytes, cancellationToken)) throw Damaged(archive, $"{file.Path} is longer than it was when it was saved");
            }
            await using var written = File.OpenRead(path);
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(written, cancellationToken));
            if (hash != file.Sha256) throw Damaged(archive, $"{file.Path} differs from what was saved");
        }
        catch (InvalidDataException exception) when (exception.InnerException is null && !exception.Message.Contains(archive, StringComparison.Ordinal))
        {
            throw Damaged(archive, $"{file.Path} cannot be unpacked", exception);
        }
    }

    /// <returns>False as soon as there is more than that; then it ends.</returns>
    private static async Task<bool> CopyAtMostAsync(Stream source, Stream target, long most, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        for (var left = most; await source.ReadAsync(buffer, cancellationToken) is > 0 and var read; left -= read)
        {
            if (read > left) return false;
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        return true;
    }

    private static InvalidDataException Damaged(string file, string why, Exception? inner = null) =>
        new($"{file} is damaged, or not a backup of this lab: {why}. Nothing was restored.", inner);
}
