using System.Globalization;

namespace Pneumothorax.Lab.Web.Comparison;

/// <summary>Several runs in an address: <c>1,2,3</c>.</summary>
public static class RunIds
{
    /// <returns>Every number once, in the order given; what is no number is left out.</returns>
    public static IReadOnlyList<int> Parse(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.TrimEntries)
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0).Distinct()];

    public static string Join(IEnumerable<int> ids) => string.Join(',', ids);

    /// <summary>A run's name in every chart: "A" for the first run, "Z" for the 26th, then "AA" as in a spreadsheet.</summary>
    public static string Letter(int index) => (index < 26 ? "" : Letter(index / 26 - 1)) + (char)('A' + index % 26);
}
