using PureHDF;
using PureHDF.VOL.Native;

namespace Pneumothorax.Lab.Datasets.Tests;

/// <summary>Small files in the exercise's format, written for a test.</summary>
internal static class SampleFile
{
    public static byte Grey(int image, int at) => (byte)((image * 37 + at * 11 + at / 251) % 256);

    public static byte[] Image(int image, int side = 256) => [.. Enumerable.Range(0, side * side).Select(at => Grey(image, at))];

    /// <param name="labels">0 or 1 an image; alternating when null.</param>
    /// <param name="image">Pixels of an image; <see cref="Image"/> when null.</param>
    /// <param name="mask">Values of an image's mask; no masks when null.</param>
    /// <param name="chunks">Null for one contiguous array, else gzip chunks of this shape.</param>
    public static string Write(string path, int images, int side = 256, byte[]? labels = null, uint[]? chunks = null, Func<int, byte[]>? image = null, Func<int, byte[]>? mask = null)
    {
        labels ??= [.. Enumerable.Range(0, images).Select(i => (byte)(i % 2))];
        byte[] pixels = [.. Enumerable.Range(0, images).SelectMany(i => image?.Invoke(i) ?? Image(i, side))];
        var file = new H5File
        {
            ["image"] = new H5Dataset(
                pixels, chunks, fileDims: [(ulong)images, (ulong)side, (ulong)side, 1],
                datasetCreation: chunks is null ? default : new H5DatasetCreation(Filters: [PureHDF.Filters.DeflateFilter.Id])),
            ["label"] = new H5Dataset(labels.SelectMany(label => new[] { 1f - label, label }).ToArray(), fileDims: [(ulong)images, 2]),
        };
        if (mask is not null)
        {
            var maskSide = (ulong)Math.Sqrt(mask(0).Length);
            file["mask"] = new H5Dataset(Enumerable.Range(0, images).SelectMany(mask).ToArray(), fileDims: [(ulong)images, maskSide, maskSide, 1]);
        }
        file.Write(path);
        return path;
    }
}
