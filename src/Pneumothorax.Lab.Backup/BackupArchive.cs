using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Backup;

/// <summary>A ZIP file that is written from front to back, each entry with its checksum, the list of them last.</summary>
internal sealed class BackupArchive : IDisposable
{
    private readonly ZipArchive _zip;
    private readonly List<BackedUpFile> _files = [];

    public BackupArchive(Stream stream) => _zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);

    /// <summary>Adds a file as long as it is now: one that is being written to may grow meanwhile.</summary>
    /// <returns>False when it is no longer there.</returns>
    public async Task<bool> TryAddAsync(string name, string path, CancellationToken cancellationToken)
    {
        FileStream source;
        try { source = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, useAsync: true); }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException) { return false; }

        await using (source)
        {
            // Weights and images are as dense as they can be.
            var entry = _zip.CreateEntry(name, name.EndsWith(".jsonl", StringComparison.Ordinal) || name.EndsWith(".db", StringComparison.Ordinal) ? CompressionLevel.Optimal : CompressionLevel.Fastest);
            await using var target = await entry.OpenAsync(cancellationToken);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[1 << 16];
            long copied = 0;
            for (var left = source.Length; left > 0;)
            {
                var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken);
                if (read == 0) break;
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                (left, copied) = (left - read, copied + read);
            }
            _files.Add(new(name, copied, Convert.ToHexStringLower(hash.GetHashAndReset())));
        }
        return true;
    }

    /// <summary>What was added below this folder does not count: part of it has gone.</summary>
    public void Forget(string folder) => _files.RemoveAll(file => file.Path.StartsWith(folder + "/", StringComparison.Ordinal));

    public async Task FinishAsync(Func<IReadOnlyList<BackedUpFile>, BackupManifest> describe, CancellationToken cancellationToken)
    {
        await using var target = await _zip.CreateEntry(BackupManifest.FileName).OpenAsync(cancellationToken);
        await JsonSerializer.SerializeAsync(target, describe(_files), LabJson.Document, cancellationToken);
    }

    public void Dispose() => _zip.Dispose();
}
