using System.Globalization;
using System.Text;
using Pneumothorax.Lab.Datasets.Registration;
using Pneumothorax.Lab.Experiments;
using PureHDF;
using PureHDF.Selections;

namespace Pneumothorax.Lab.Datasets.Hdf5;

/// <summary>A registered data set as the files of the exercise: <c>image</c> (N, 256, 256, 1) uint8 and <c>label</c> (N, 2) one-hot, with a labels.csv beside them; where masks are known, also <c>mask</c> (N, 256, 256, 1), 1 inside, all 0 for an image without one.</summary>
public static class Hdf5Export
{
    private const int ImagesAtOnce = 256;

    /// <returns>The files, train first; a validation split that was taken from the train file is part of it.</returns>
    /// <exception cref="IOException">A file is there already, or the disk does not suffice.</exception>
    public static IReadOnlyList<string> Write(Dataset dataset, string folder, IProgress<DataProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(folder);
        List<(SplitName Split, string Path)> files = [];
        foreach (var split in SplitNames.All)
        {
            // A view of the train file has rows of its own there.
            if (dataset.Has(split) && (split != SplitName.Validation || dataset[SplitName.Train].HeldOutRows.Count == 0))
                files.Add((split, Path.Combine(folder, $"{dataset.Manifest.Name}_{split.Word()}.h5")));
        }
        foreach (var path in files.Select(file => file.Path).Append(Path.Combine(folder, "labels.csv")))
        {
            if (File.Exists(path)) throw new IOException($"{path} already exists.");
        }

        var total = files.Sum(file => dataset[file.Split].Count);
        var before = 0;
        foreach (var (split, path) in files)
        {
            AtomicFile.Write(
                path,
                temporary => Write(dataset[split], temporary, done => progress?.Report(new("Writing HDF5", (double)(before + done) / total)), cancellationToken),
                replace: false);
            before += dataset[split].Count;
        }
        File.WriteAllText(Path.Combine(folder, "labels.csv"), Csv(dataset, files));
        return [.. files.Select(file => file.Path)];
    }

    private static void Write(ImageSplit images, string path, Action<int> progress, CancellationToken cancellationToken)
    {
        const int side = DatasetManifest.Side;
        ulong count = (ulong)images.Count;
        var pixels = new H5Dataset<byte[]>(fileDims: [count, side, side, 1]);
        var labels = new byte[2 * images.Count];
        for (var i = 0; i < images.Count; i++) labels[2 * i + (images.HasPneumothorax(i) ? 1 : 0)] = 1;
        var file = new H5File { ["image"] = pixels, ["label"] = new H5Dataset(labels, fileDims: [count, 2]) };
        var masks = Enumerable.Range(0, images.Count).Any(images.HasMask) ? new H5Dataset<byte[]>(fileDims: [count, side, side, 1]) : null;
        if (masks is not null) file["mask"] = masks;

        using var writer = file.BeginWrite(path);
        for (var first = 0; first < images.Count; first += ImagesAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = new byte[Math.Min(ImagesAtOnce, images.Count - first) * side * side];
            var here = new HyperslabSelection(4, [(ulong)first, 0, 0, 0], [(ulong)(block.Length / (side * side)), side, side, 1]);
            for (var i = 0; i < block.Length / (side * side); i++) images.Pixels(first + i).CopyTo(block.AsSpan(i * side * side));
            writer.Write(pixels, block, fileSelection: here);
            if (masks is not null) writer.Write(masks, MasksFrom(images, first, block.Length / (side * side)), fileSelection: here);
            progress(first + block.Length / (side * side));
        }
    }

    private static byte[] MasksFrom(ImageSplit images, int first, int count)
    {
        const int pixels = DatasetManifest.Side * DatasetManifest.Side;
        var block = new byte[count * pixels];
        for (var i = 0; i < count; i++)
        {
            if (images.Mask(first + i) is not { } mask) continue;
            for (var place = 0; place < pixels; place++) block[(i * pixels) + place] = (byte)(mask.Inside[place] ? 1 : 0);
        }
        return block;
    }

    private static string Csv(Dataset dataset, List<(SplitName Split, string Path)> files)
    {
        List<string> keys = [.. files.SelectMany(file => Enumerable.Range(0, dataset[file.Split].Count).SelectMany(index => dataset[file.Split].Attributes(index).Keys)).Distinct()];
        var csv = new StringBuilder().AppendJoin(',', ["file", "index", "label", .. keys.Select(Quoted)]).Append('\n');
        foreach (var (split, path) in files)
        {
            for (var index = 0; index < dataset[split].Count; index++)
            {
                var known = dataset[split].Attributes(index);
                csv.AppendJoin(',', [Quoted(Path.GetFileName(path)), index.ToString(CultureInfo.InvariantCulture), dataset[split].HasPneumothorax(index) ? "1" : "0", .. keys.Select(key => Quoted(known.GetValueOrDefault(key, "")))]).Append('\n');
            }
        }
        return csv.ToString();
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(',', '"', '\n') < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
