using System.IO.Compression;
using System.Security.Cryptography;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Weights;

/// <summary>The weights of a checkpoint on their way out, for readers that do not have this program.</summary>
/// <remarks>
/// Names and shapes are those of a PyTorch module of the same build (<c>content/pytorch/lab_network.py</c> is one). The values are copied as they
/// lie in the checkpoint, so that they stay the same to the last bit and nothing here needs torch.
/// </remarks>
public sealed class ExportedWeights : IDisposable
{
    private readonly SafeTensorsFile _weights;
    private readonly FileStream _stream;
    private readonly IReadOnlyDictionary<string, string> _metadata;

    private ExportedWeights(SafeTensorsFile weights, FileStream stream, IReadOnlyDictionary<string, string> metadata) =>
        (_weights, _stream, _metadata) = (weights, stream, metadata);

    /// <param name="step">Of the checkpoint.</param>
    /// <exception cref="InvalidDataException">No such checkpoint, or it is damaged; the message names it.</exception>
    public static ExportedWeights Open(RunFolder folder, int step)
    {
        var spec = folder.ReadSpec();
        var state = folder.ReadCheckpoint(step);
        var path = folder.WeightsPath(step);
        if (!File.Exists(path)) throw new InvalidDataException($"{path} is missing.");

        // Whoever deletes the checkpoint meanwhile does not disturb an open file.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16, useAsync: true);
        try
        {
            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != state.WeightsHash)
                throw new InvalidDataException($"{path} is damaged: its contents do not match their hash.");
            stream.Position = 0;
            return new(new SafeTensorsFile(path, stream), stream, WeightsMetadata.Of(spec, step));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public IReadOnlyCollection<WeightsEntry> Entries => [.. _weights.Entries.Values];

    /// <summary>The checkpoint's file with a header that says what network, images and run it is of.</summary>
    public async Task WriteSafeTensorsAsync(Stream target, CancellationToken cancellationToken = default)
    {
        await target.WriteAsync(Header(), cancellationToken);
        _stream.Position = _weights.DataStart;
        await _stream.CopyToAsync(target, cancellationToken);
    }

    /// <summary>The same values as numpy's archive of arrays, which has no place for more than names.</summary>
    public void WriteNpz(Stream target)
    {
        using var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var entry in _weights.Entries.Values)
        {
            NpzFile.Add(archive, entry, values =>
            {
                var (from, to) = _weights.PlaceOf(entry.Name);
                var bytes = new byte[to - from];
                _stream.Position = _weights.DataStart + from;
                _stream.ReadExactly(bytes);
                values.Write(bytes);
            });
        }
    }

    public void Dispose() => _weights.Dispose();

    private byte[] Header() => SafeTensorsHeader.Bytes(
        _weights.Entries.Values.Select(entry =>
        {
            var (from, to) = _weights.PlaceOf(entry.Name);
            return (entry.Name, entry.Shape, from, to);
        }),
        _metadata, aligned: true);
}
