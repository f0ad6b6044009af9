using System.Globalization;

namespace Pneumothorax.Lab.Web.Comparison;

/// <summary>Several runs in an address: <c>1,2,3</c>.</summary>
public static class RunIds
{
    /// <summary>Where the alphabet ends: a run's letter is its name in every chart.</summary>
    public const int Most = 26;

    /// <returns>Every number once, in the order given, at most <see cref="Most"/>; what is no number is left out.</returns>
    public static IReadOnlyList<int> Parse(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.TrimEntries)
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0).Distinct().Take(Most)];

    public static string Join(IEnumerable<int> ids) => string.Join(',', ids);

    /// <summary>"A" for the first run, "B" for the second.</summary>
    public static string Letter(int index) => ((char)('A' + index)).ToString();
}
