using PureHDF;
using PureHDF.VOL.Native;

namespace Pneumothorax.Lab.Datasets.Hdf5;

/// <summary>
/// A file in the exercise's format: <c>image</c> (N, h, w, 1) or (N, h, w), any number type, values 0 to 255; <c>label</c> (N, 2)
/// one-hot, column 1 = has pneumothorax, or (N) with 0 and 1; where masks are known, <c>mask</c> in the shape of <c>image</c>, 0 outside and
/// above it inside, all 0 for an image without one. Opening it checks everything but the pixel values.
/// </summary>
internal sealed class Hdf5Images : IDisposable
{
    private readonly NativeFile _file;
    private readonly Hdf5Array _images;
    private readonly Hdf5Array? _masks;
    private readonly Hdf5Reason _reason;

    private Hdf5Images(NativeFile file, Hdf5Array images, Hdf5Array? masks, byte[] labels, Hdf5Reason reason)
    {
        (_file, _images, _masks, Labels, _reason) = (file, images, masks, labels, reason);
        Positives = labels.Count(label => label == 1);
    }

    public string Path => _reason.Path;

    public int Count => _images.Rows;
    public int Height => _images.Shape[1];
    public int Width => _images.Shape[2];

    /// <summary>Type of the stored numbers, such as "uint8".</summary>
    public string TypeName => _images.Type.Name;

    /// <summary>0 or 1 an image; 1 is pneumothorax. Both occur.</summary>
    public byte[] Labels { get; }

    public int Positives { get; }

    /// <summary>The darkest and the brightest grey value of all images, once <see cref="Read"/> has been through.</summary>
    public (byte Darkest, byte Brightest) Range { get; private set; }

    public bool HasMasks => _masks is not null;

    /// <exception cref="InvalidDataException">One line that names file, data set and reason.</exception>
    public static Hdf5Images Open(string path)
    {
        var reason = new Hdf5Reason(path);
        var stream = Hdf5FileStream.Open(path, FileShare.Read);
        NativeFile? file = null;
        try
        {
            file = reason.Guard(() => H5File.Open(stream));
            var images = OpenArray(file, stream, "image", "(N, 256, 256, 1)", reason);
            if (!(images.Shape.Count == 3 || (images.Shape.Count == 4 && images.Shape[3] == 1)))
                throw (reason with { Dataset = "image" }).Refuse($"has the shape {Text(images)}, but (N, 256, 256, 1) or (N, 256, 256) is needed");

            var labels = OpenArray(file, stream, "label", "(N, 2)", reason);
            if (labels.Rows != images.Rows)
                throw (reason with { Dataset = "label" }).Refuse($"has {labels.Rows} rows for {images.Rows} images");

            var masks = reason.Guard(() => file.LinkExists(Mask)) ? OpenArray(file, stream, Mask, "(N, 256, 256, 1)", reason) : null;
            if (masks is not null && !masks.Shape.Take(3).SequenceEqual(images.Shape.Take(3)) || masks is { Shape: not ([_, _, _] or [_, _, _, 1]) })
                throw (reason with { Dataset = Mask }).Refuse($"has the shape {Text(masks!)}, but that of the images is needed: {Text(images)}");

            return new(file, images, masks, LabelReader.Read(labels, reason with { Dataset = "label" }), reason with { Dataset = "image" });
        }
        catch
        {
            file?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads every image in file order: index and grey values, Height x Width, valid during the call.</summary>
    /// <exception cref="InvalidDataException">A value is outside 0..255, or the file is damaged.</exception>
    public void Read(Action<int, ReadOnlySpan<byte>> image, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var area = Height * Width;
        var grey = new byte[area];
        byte darkest = byte.MaxValue, brightest = 0;
        foreach (var block in _reason.Guard(_images.Blocks()))
        {
            for (var i = 0; i < block.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_images.Type.ToGrey(block.Bytes.Slice(i * _images.RowBytes, _images.RowBytes), grey) is { } bad)
                {
                    throw _reason.Refuse($"contains {ElementType.Text(bad.Value)} in image {block.First + i} (row {bad.Bad / Width}, column {bad.Bad % Width}); "
                        + "pixels go from 0 to 255");
                }
                if (brightest - darkest < byte.MaxValue) (darkest, brightest) = (Math.Min(darkest, grey.Min()), Math.Max(brightest, grey.Max()));
                image(block.First + i, grey);
            }
            progress?.Report((double)(block.First + block.Count) / Count);
        }
        Range = (darkest, brightest);
        // Scaled to 0..1 somewhere: rounding would leave black pictures.
        if (brightest <= 1) throw _reason.Refuse($"contains no value above {brightest}; pixels go from 0 (black) to 255 (white), so multiply by 255");
    }

    /// <summary>Reads the mask of every image that has one, in file order; none where the file has no masks.</summary>
    /// <param name="mask">Gets an image's index and which of its Height x Width pixels are inside, at least one, valid during the call.</param>
    /// <exception cref="InvalidDataException">A value is outside 0..255, the file is damaged, or a mask belongs to an image without a pneumothorax.</exception>
    public void ReadMasks(Action<int, ReadOnlySpan<bool>> mask, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (_masks is null) return;

        var reason = _reason with { Dataset = Mask };
        var values = new byte[Height * Width];
        var inside = new bool[values.Length];
        foreach (var block in reason.Guard(_masks.Blocks()))
        {
            for (var i = 0; i < block.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_masks.Type.ToGrey(block.Bytes.Slice(i * _masks.RowBytes, _masks.RowBytes), values) is { } bad)
                    throw reason.Refuse($"contains {ElementType.Text(bad.Value)} for image {block.First + i}; 0 (outside) or 1 (inside) is needed");
                if (!values.AsSpan().ContainsAnyExcept((byte)0)) continue;
                if (Labels[block.First + i] == 0) throw reason.Refuse($"marks pixels of image {block.First + i}, whose label says no pneumothorax");
                for (var at = 0; at < values.Length; at++) inside[at] = values[at] > 0;
                mask(block.First + i, inside);
            }
            progress?.Report((double)(block.First + block.Count) / Count);
        }
    }

    public void Dispose() => _file.Dispose();

    private const string Mask = "mask";

    private static Hdf5Array OpenArray(NativeFile file, Hdf5FileStream stream, string name, string expected, Hdf5Reason reason)
    {
        var of = reason with { Dataset = name };
        // Before PureHDF follows the link: nothing but the file that was named is opened.
        if (of.Guard(() => PureHdfInternals.ExternalFileOf(file, name)) is { } other) throw of.Refuse(LeadsElsewhere(other));
        if (!reason.Guard(() => file.LinkExists(name)))
        {
            var there = reason.Guard(() => file.Children().Select(child => child.Name).Order().ToList());
            throw reason.Refuse($"has no data set \"{name}\"; it contains {(there.Count == 0 ? "nothing" : string.Join(", ", there.Select(child => $"\"{child}\"")))}");
        }
        return of.Guard(() => file.Get(name)) switch
        {
            NativeDataset dataset when ReferenceEquals(PureHdfInternals.Get(dataset, "Context"), PureHdfInternals.Get(file, "Context")) =>
                of.Guard(() => Hdf5Array.Open(stream, dataset, expected, of)),
            NativeDataset => throw of.Refuse(LeadsElsewhere("another file")),
            NativeGroup => throw of.Refuse("is a group, not an array"),
            IH5UnresolvedLink { Reason: InsufficientExecutionStackException } => throw of.Refuse("is a soft link that leads back to itself"),
            IH5UnresolvedLink { Reason: { } why } => throw of.Refuse($"is a link to {Target(why)}, which is not in this file"),
            _ => throw of.Refuse("is not an array"),
        };
    }

    /// <summary>PureHDF names what it did not find in quotes.</summary>
    private static string Target(Exception why) => why.Message.Split('\'') is [_, var target, _] ? $"\"{target}\"" : "something";

    private static string LeadsElsewhere(string file) => $"is a link into {file}; write the array itself into this file";

    private static string Text(Hdf5Array array) => Hdf5Reason.Shape(array.Shape.Select(size => (ulong)size));
}
