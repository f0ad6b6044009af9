using System.Globalization;
using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Experiments.Slices;

namespace Pneumothorax.Lab.Web.Failures;

/// <summary>
/// Cuts the test images by every column that the data set knows: words of few values as they are, numbers in bands, lists of findings
/// ("Effusion|Mass") by each finding.
/// </summary>
internal static class SliceColumns
{
    /// <summary>A column of more distinct words is a name or a note, not a group.</summary>
    private const int MostValues = 12;

    /// <summary>Up to so many distinct numbers are taken as they are.</summary>
    private const int MostNumbers = 6;

    private const int Bands = 4;
    private const string Box = "box";
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
    public static (IReadOnlyList<Slice> Slices, IReadOnlyList<string> LeftOut) Of(ImageSplit test, byte[] labels)
    {
        List<Slice> slices = [];
        List<string> leftOut = [];
        foreach (var key in test.AttributeKeys.Except(s_aside))
        {
            var column = test.AttributeOfAll(key);
            var values = column.OfType<string>().Distinct().ToList();
            if (values.Count == 0) continue;
            if (Groups(key, column, values) is { } groups) slices.AddRange(Cut(key, column, groups, labels));
            else leftOut.Add($"{Title(key)} ({values.Count:#,##0} different values)");
        }
        if (!test.AttributeKeys.Contains(AttributeNames.Size)) slices.AddRange(OfBoxes(test, labels));
        return (slices, leftOut);
    }

    /// <summary>"Chest drain" for "drain"; the data set's own name of other columns, with a capital.</summary>
    public static string Title(string key) => key switch
    {
        AttributeNames.Drain => "Chest drain",
        AttributeNames.Size => "Size of the pneumothorax",
        AttributeNames.Side => "Side of the pneumothorax",
        Box => "Area of the true box",
        _ => char.ToUpperInvariant(key[0]) + key[1..].Replace('_', ' '),
    };

    /// <returns>Which groups each value belongs to, in the order of display; null where the column makes none.</returns>
    private static List<(string Name, Func<string, bool> Holds)>? Groups(string key, string?[] column, List<string> values)
    {
        if (values.Any(value => value.Contains('|')))
        {
            // Lists: groups overlap, and the rarest are left to themselves.
            var parts = column.OfType<string>().SelectMany(Parts).GroupBy(part => part).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal);
            return [.. parts.Take(MostValues).Select(group => (group.Key, (Func<string, bool>)(value => Parts(value).Contains(group.Key))))];
        }
        if (values.All(value => Number(value) is not null) && (key == AttributeNames.Age || values.Count > MostNumbers))
        {
            var cuts = key == AttributeNames.Age ? s_ages : QuantileBands.Cuts(column.OfType<string>().Select(value => Number(value)!.Value), Bands);
            return InBands(cuts, value => Number(value)!.Value);
        }
        if (values.Count > MostValues) return null;
        return [.. values.OrderBy(value => Array.IndexOf(s_ordered, value) is >= 0 and var place ? place : s_ordered.Length)
            .ThenBy(value => Number(value) ?? 0).ThenBy(value => value, StringComparer.Ordinal)
            .Select(name => (name, (Func<string, bool>)(value => value == name)))];
    }

    private static IEnumerable<Slice> Cut(string key, string?[] column, List<(string Name, Func<string, bool> Holds)> groups, byte[] labels)
    {
        var ofTheSick = s_ofTheSick.Contains(key) || !column.Where((value, i) => value is not null && labels[i] == 0).Any();
        var negatives = ofTheSick ? SliceNegatives.All : SliceNegatives.Own;
        List<Slice> slices = [];
        foreach (var (name, holds) in groups)
        {
            // Asked once a distinct value, not once an image.
            var known = column.OfType<string>().Distinct().ToDictionary(value => value, holds);
            bool[] inside = [.. column.Select(value => value is not null && known[value])];
            if (inside.Contains(true)) slices.Add(new(key, Title(key), name, negatives, inside));
        }
        bool[] unknown = [.. column.Select(value => value is null)];
        if (!ofTheSick && unknown.Contains(true)) slices.Add(new(key, Title(key), NotRecorded, negatives, unknown));
        // One slice of everybody has nothing beside it.
        return slices.Count > 1 ? slices : [];
    }

    private static IEnumerable<Slice> OfBoxes(ImageSplit test, byte[] labels)
    {
        double?[] areas = [.. Enumerable.Range(0, test.Count).Select(i => labels[i] == 1 && test.Box(i) is { } box ? 100.0 * box.Width * box.Height / (DatasetManifest.Side * DatasetManifest.Side) : (double?)null)];
        if (areas.Count(area => area is not null) < 3 * SliceArea.LeastOfAClass) yield break;

        var cuts = QuantileBands.Cuts(areas.OfType<double>(), 3).Select(cut => Math.Round(cut, 1)).Distinct().ToList();
        foreach (var (index, (name, _)) in InBands(cuts, _ => 0).Index())
        {
            bool[] inside = [.. areas.Select(area => area is { } known && QuantileBands.BandOf(known, cuts) == index)];
            if (inside.Contains(true)) yield return new(Box, Title(Box), $"{name} %", SliceNegatives.All, inside);
        }
    }

    /// <summary>"under 18", "18 to under 40", ..., "80 and over".</summary>
    private static List<(string Name, Func<string, bool> Holds)> InBands(IReadOnlyList<double> cuts, Func<string, double> number) =>
        [.. Enumerable.Range(0, cuts.Count + 1).Select(band => (
            cuts.Count == 0 ? "all" : band == 0 ? $"under {Text(cuts[0])}" : band == cuts.Count ? $"{Text(cuts[^1])} and over" : $"{Text(cuts[band - 1])} to under {Text(cuts[band])}",
            (Func<string, bool>)(value => QuantileBands.BandOf(number(value), cuts) == band)))];

    private static string[] Parts(string value) => value.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Some collections write an age as "058Y".</summary>
    private static double? Number(string value) =>
        double.TryParse(value.TrimEnd('Y', 'y'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
