using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Datasets.Storage;

namespace Pneumothorax.Lab.Datasets;

/// <summary>The images of one split, in file order. Indices run from 0 to <see cref="Count"/> - 1.</summary>
public sealed class ImageSplit
{
    private readonly PixelCache _cache;
    private readonly SplitRows _rows;
    private readonly IReadOnlyList<int>? _view;

    internal ImageSplit(PixelCache cache, SplitRows rows, IReadOnlyList<int>? view = null)
    {
        (_cache, _rows, _view) = (cache, rows, view);
        Count = view?.Count ?? cache.Count;
        Positives = view?.Count(row => rows.Labels[row] == 1) ?? rows.Positives;
        HeldOutRows = view is null ? rows.HeldOut : [];
        var heldOut = HeldOutRows.ToHashSet();
        TrainingRows = view is null && heldOut.Count > 0 ? [.. Enumerable.Range(0, Count).Where(row => !heldOut.Contains(row))] : [.. Enumerable.Range(0, Count)];
    }

    public int Count { get; }

    /// <summary>Images that show a pneumothorax.</summary>
    public int Positives { get; }

    /// <summary>Rows for gradient steps: of the train split all but the held-out ones. Of other splits, all rows.</summary>
    public IReadOnlyList<int> TrainingRows { get; }

    /// <summary>Rows of the train split that form the validation split; empty for other splits.</summary>
    public IReadOnlyList<int> HeldOutRows { get; }

    /// <returns>256 x 256 grey values, row by row, 0 black to 255 white, straight from the memory map. Not valid once the store is disposed.</returns>
    public ReadOnlySpan<byte> Pixels(int index) => _cache.Pixels(Row(index));

    public bool HasPneumothorax(int index) => _rows.Labels[Row(index)] == 1;

    /// <returns>What is known of the image (patient, view, sex, age, source, ...); may be empty.</returns>
    public IReadOnlyDictionary<string, string> Attributes(int index) => _rows.Attributes(Row(index));

    /// <summary>What may be known of the images: the keys of <see cref="Attributes"/>, in the order of the data set's table.</summary>
    public IReadOnlyList<string> AttributeKeys => [.. _rows.Columns.Select(column => column.Name)];

    /// <returns>One attribute of every image in order, null where it is not known: a whole column without a dictionary an image.</returns>
    public string?[] AttributeOfAll(string key)
    {
        var column = _rows.Column(key);
        return [.. Enumerable.Range(0, Count).Select(index => column?.Of(Row(index)))];
    }

    /// <returns>Where the pneumothorax is, where that is known.</returns>
    public PixelBox? Box(int index) => _rows.Box(Row(index));

    /// <summary>Whether <see cref="Mask"/> is known.</summary>
    public bool HasMask(int index) => _rows.Masks.ContainsKey(Row(index));

    /// <returns>Which pixels show the pneumothorax, where that is known; unpacked anew each time.</returns>
    public ImageMask? Mask(int index) => _rows.Mask(Row(index));

    /// <summary>Whether an image of the train split belongs to the validation split.</summary>
    public bool IsHeldOut(int index) => _view is null && _rows.IsHeldOut(Row(index));

    /// <returns>The image's row in the registered file; differs from the index only in a validation split taken from the train file.</returns>
    public int FileRow(int index) => Row(index);

    internal ImageSplit View(IReadOnlyList<int> rows) => new(_cache, _rows, rows);

    private int Row(int index)
    {
        if ((uint)index >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(index), index, $"The split has the images 0 to {Count - 1}.");
        return _view is null ? index : _view[index];
    }
}
