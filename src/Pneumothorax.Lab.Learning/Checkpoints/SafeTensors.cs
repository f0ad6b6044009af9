using System.Security.Cryptography;
using Pneumothorax.Lab.Experiments.Weights;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Checkpoints;

/// <summary>
/// Named float32 tensors in one file that Python opens too (<c>safetensors.torch.load_file</c>).
/// </summary>
internal static class SafeTensors
{
    /// <summary>Writes and waits until the disk has it.</summary>
    /// <returns>SHA-256 of the file, as lower-case hexadecimal digits.</returns>
    /// <exception cref="IOException">The disk is full, or the folder is gone.</exception>
    public static string Write(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var places = new List<(string, IReadOnlyList<long>, long, long)>();
        long end = 0;
        foreach (var (name, tensor) in tensors)
        {
            var start = end;
            end += tensor.numel() * sizeof(float);
            places.Add((name, tensor.shape, start, end));
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        Append(SafeTensorsHeader.Bytes(places));
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

        var bytes = File.ReadAllBytes(path);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != expectedHash)
            throw new InvalidDataException($"{path} is damaged: its contents do not match their hash.");

        using var file = WeightsFile.Open(path, new MemoryStream(bytes), WeightsFormat.SafeTensors);
        foreach (var (name, target) in targets)
        {
            if (!file.Entries.TryGetValue(name, out var entry) || !entry.Shape.SequenceEqual(target.shape))
                throw new InvalidDataException($"{path} belongs to another network: it has no \"{name}\" of shape {string.Join(" x ", target.shape)}.");
        }

        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (name, target) in targets) target.copy_(tensor(file.ReadAsIs(name), target.shape));
    }
}
