using System.Globalization;
using Pneumothorax.Lab.Datasets;

namespace Pneumothorax.Lab.Evaluation.Slices;

/// <summary>Something that is known of the images of a split.</summary>
/// <param name="Key">The data set's name of it.</param>
/// <param name="Values">(N): null where it is not known.</param>
public sealed record ImageColumn(string Key, string?[] Values)
{
    /// <summary>Share of the picture that the true box takes, in percent; not in a table, but as good as one.</summary>
    public const string Box = "box";

    /// <summary>Share of the picture that the true mask takes, in percent; in place of the box where masks are known.</summary>
    public const string Mask = "mask";

    /// <returns>Every column that the data set knows; the true masks or boxes where it gives no size.</returns>
    public static IReadOnlyList<ImageColumn> Of(ImageSplit split)
    {
        List<ImageColumn> columns = [.. split.AttributeKeys.Select(key => new ImageColumn(key, split.AttributeOfAll(key)))];
        if (columns.Any(column => column.Key == AttributeNames.Size)) return columns;
        var rows = Enumerable.Range(0, split.Count);
        columns.Add(rows.Any(split.HasMask)
            ? new(Mask, [.. rows.Select(index => split.Mask(index) is { } mask ? Percent(mask.Area) : null)])
            : new(Box, [.. rows.Select(index => split.Box(index) is { } box ? Percent(box.Width * box.Height) : null)]));
        return columns;
    }

    private static string Percent(double pixels) => (100.0 * pixels / (DatasetManifest.Side * DatasetManifest.Side)).ToString("0.0", CultureInfo.InvariantCulture);
}

/// <summary>
/// Cuts the test images by every column that the data set knows: words of few values as they are, numbers in bands, lists of findings
/// ("Effusion|Mass", or "effusion, mass" in a column of findings) by each finding.
/// </summary>
public static class SliceColumns
{
    /// <summary>A column of more distinct words is a name or a note, not a group.</summary>
    private const int MostValues = 12;

    /// <summary>Up to so many distinct numbers are taken as they are.</summary>
    private const int MostNumbers = 6;

    private const int Bands = 4;
    private const string NotRecorded = "not recorded";

    /// <summary>They say who or whence, not what.</summary>
    private static readonly string[] s_aside = [AttributeNames.Patient, AttributeNames.Source, AttributeNames.Licence, AttributeNames.Note];

    /// <summary>Only the sick can have them, or the treatment of them.</summary>
    private static readonly string[] s_ofTheSick = [AttributeNames.Drain, AttributeNames.Size, AttributeNames.Side];

    private static readonly double[] s_ages = [18, 40, 60, 80];

    /// <summary>Their natural order; other values follow by the alphabet.</summary>
    private static readonly string[] s_ordered = ["small", "medium", "large", "yes", "no"];

    /// <param name="labels">(N): 1 = has pneumothorax.</param>
    /// <returns>The slices column by column, and in words the columns of which none could be made.</returns>
    public static (IReadOnlyList<Slice> Slices, IReadOnlyList<string> LeftOut) Of(IReadOnlyList<ImageColumn> columns, byte[] labels)
    {
        List<Slice> slices = [];
        List<string> leftOut = [];
        foreach (var column in columns.Where(column => !s_aside.Contains(column.Key)))
        {
            var values = column.Values.OfType<string>().Distinct().ToList();
            if (values.Count == 0) continue;
            if (Groups(column, values) is { } groups) slices.AddRange(Cut(column, values, groups, labels));
            else leftOut.Add($"{Title(column.Key)} ({values.Count.ToString("#,##0", CultureInfo.InvariantCulture)} different values)");
        }
        return (slices, leftOut);
    }

    /// <summary>"Chest drain" for "drain"; the data set's own name of other columns, with a capital.</summary>
    public static string Title(string key) => key switch
    {
        AttributeNames.Drain => "Chest drain",
        AttributeNames.Size => "Size of the pneumothorax",
        AttributeNames.Side => "Side of the pneumothorax",
        ImageColumn.Box => "Area of the true box, %",
        ImageColumn.Mask => "Area of the true mask, %",
        _ => char.ToUpperInvariant(key[0]) + key[1..].Replace('_', ' '),
    };

    /// <returns>Names of groups and what belongs to each, in the order of display; null where the column makes none.</returns>
    private static List<(string Name, Func<string, bool> Holds)>? Groups(ImageColumn column, List<string> values)
    {
        if (column.Key.Contains("finding", StringComparison.Ordinal) || values.Any(value => value.Contains('|')))
        {
            // Lists: groups overlap, and the rarest are left to themselves.
            var parts = column.Values.OfType<string>().SelectMany(Parts).GroupBy(part => part).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal);
            return [.. parts.Take(MostValues).Select(group => (group.Key, (Func<string, bool>)(value => Parts(value).Contains(group.Key))))];
        }
        var isAge = column.Key == AttributeNames.Age;
        if (values.All(value => Number(value) is not null) && (isAge || values.Count > MostNumbers))
            return InBands(isAge ? s_ages : QuantileBands.Cuts(column.Values.OfType<string>().Select(value => Number(value)!.Value), Bands));
        if (values.Count > MostValues) return null;
        return [.. values.OrderBy(value => Array.IndexOf(s_ordered, value) is >= 0 and var place ? place : s_ordered.Length)
            .ThenBy(value => Number(value) ?? 0).ThenBy(value => value, StringComparer.Ordinal)
            .Select(name => (name, (Func<string, bool>)(value => value == name)))];
    }

    private static List<Slice> Cut(ImageColumn column, List<string> values, List<(string Name, Func<string, bool> Holds)> groups, byte[] labels)
    {
        var (key, known) = (column.Key, column.Values);
        var ofTheSick = s_ofTheSick.Contains(key) || !known.Where((value, i) => value is not null && labels[i] == 0).Any();
        var negatives = ofTheSick ? SliceNegatives.All : SliceNegatives.Own;
        // Words are compared once an image, and groups asked once a distinct value: a hundred thousand images have few.
        var places = values.Index().ToDictionary(value => value.Item, value => value.Index);
        int[] rows = [.. known.Select(value => value is null ? values.Count : places[value])];
        List<Slice> slices = [];
        foreach (var (name, holds) in groups)
        {
            bool[] held = [.. values.Select(holds), false];
            bool[] inside = [.. rows.Select(row => held[row])];
            if (inside.Contains(true)) slices.Add(new(key, Title(key), name, negatives, inside));
        }
        bool[] unknown = [.. known.Select(value => value is null)];
        if (!ofTheSick && unknown.Contains(true)) slices.Add(new(key, Title(key), NotRecorded, negatives, unknown));
        // One slice of everybody has nothing beside it.
        return slices.Count > 1 ? slices : [];
    }

    /// <summary>"under 18", "18 to under 40", ..., "80 and over".</summary>
    private static List<(string Name, Func<string, bool> Holds)> InBands(IReadOnlyList<double> cuts) =>
        [.. Enumerable.Range(0, cuts.Count + 1).Select(band => (BandName(band, cuts), (Func<string, bool>)(value => QuantileBands.BandOf(Number(value)!.Value, cuts) == band)))];

    private static string BandName(int band, IReadOnlyList<double> cuts) =>
        cuts.Count == 0 ? "all" : band == 0 ? $"under {Text(cuts[0])}" : band == cuts.Count ? $"{Text(cuts[^1])} and over" : $"{Text(cuts[band - 1])} to under {Text(cuts[band])}";

    private static string[] Parts(string value) => value.Split(['|', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Some collections write an age as "058Y".</summary>
    private static double? Number(string value) =>
        double.TryParse(value.TrimEnd('Y', 'y'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
