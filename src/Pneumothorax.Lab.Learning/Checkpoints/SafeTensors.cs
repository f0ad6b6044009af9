using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Checkpoints;

/// <summary>
/// Named float32 tensors in one file that Python opens too (<c>safetensors.torch.load_file</c>).
/// </summary>
/// <remarks>
/// Layout, little-endian: length of the header (8 bytes), a JSON header with type, shape and place of each tensor, the raw values.
/// Source: the format description of huggingface/safetensors.
/// </remarks>
internal static class SafeTensors
{
    private sealed record Entry(string Dtype, long[] Shape, long[] DataOffsets);

    // The header's names are the format's own: dtype, shape, data_offsets.
    private static readonly JsonSerializerOptions s_header = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes and waits until the disk has it.</summary>
    /// <returns>SHA-256 of the file, as lower-case hexadecimal digits.</returns>
    /// <exception cref="IOException">The disk is full, or the folder is gone.</exception>
    public static string Write(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var entries = new Dictionary<string, Entry>();
        long end = 0;
        foreach (var (name, tensor) in tensors)
        {
            var start = end;
            end += tensor.numel() * sizeof(float);
            entries[name] = new("F32", tensor.shape, [start, end]);
        }
        var header = JsonSerializer.SerializeToUtf8Bytes(entries, s_header);
        var length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        Append(length);
        Append(header);
        foreach (var tensor in tensors.Values)
        {
            using var scope = NewDisposeScope();
            Append(tensor.detach().cpu().contiguous().bytes);
        }
        file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(ReadOnlySpan<byte> bytes)
        {
            file.Write(bytes);
            hash.AppendData(bytes);
        }
    }

    /// <summary>Fills tensors of the same names and shapes, on whatever device they are.</summary>
    /// <param name="expectedHash">What <see cref="Write"/> returned.</param>
    /// <exception cref="InvalidDataException">The file is absent, damaged, or of another network; the message names it. Nothing was filled.</exception>
    public static void ReadInto(string path, string expectedHash, IReadOnlyDictionary<string, Tensor> targets)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"{path} is missing.");

        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        if (Convert.ToHexStringLower(SHA256.HashData(file)) != expectedHash)
            throw new InvalidDataException($"{path} is damaged: its contents do not match their hash.");

        // The hash says that the bytes are those once written, so the layout needs no further distrust.
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var entries = JsonSerializer.Deserialize<Dictionary<string, Entry>>(file.Slice(sizeof(long), headerLength), s_header)!;
        foreach (var (name, target) in targets)
        {
            if (!entries.TryGetValue(name, out var entry) || !entry.Shape.AsSpan().SequenceEqual(target.shape))
                throw new InvalidDataException($"{path} belongs to another network: it has no \"{name}\" of shape {string.Join(" x ", target.shape)}.");
        }

        var values = file[(sizeof(long) + headerLength)..];
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (name, target) in targets)
        {
            var (from, to) = ((int)entries[name].DataOffsets[0], (int)entries[name].DataOffsets[1]);
            target.copy_(tensor(MemoryMarshal.Cast<byte, float>(values[from..to]).ToArray(), target.shape));
        }
    }
}
