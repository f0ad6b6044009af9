using System.Globalization;
using Pneumothorax.Lab.Experiments;

namespace Pneumothorax.Lab.Runs.Comparison;

/// <summary>Several runs in an address: <c>1,2,3</c>.</summary>
public static class RunIds
{
    private const int MostNamed = 5, MostLetters = 20;

    /// <returns>Every number once, in the order given; what is no number is left out.</returns>
    public static IReadOnlyList<int> Parse(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.TrimEntries)
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0).Distinct()];

    /// <returns>What was left out, a sentence each: numbers that are there twice, and what is no number of a run.</returns>
    public static IReadOnlyList<string> LeftOut(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return [];
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        List<string> twice = [.. parts.Where(part => Parse(part).Count == 1).GroupBy(part => Parse(part)[0]).Where(same => same.Count() > 1).Select(same => Join([same.Key]))];
        List<string> strange = [.. parts.Where(part => Parse(part).Count == 0).Distinct(StringComparer.Ordinal).Take(MostNamed).Select(part => $"“{InputText.Cut(part, MostLetters)}”")];
        List<string> said = [];
        if (twice.Count > 0) said.Add(twice.Count == 1 ? $"Run {twice[0]} is in the address more than once and counts once." : $"Runs {string.Join(", ", twice)} are in the address more than once and count once.");
        if (strange.Count > 0) said.Add(strange.Count == 1 ? $"The address names {strange[0]}, which is no number of a run." : $"The address names {string.Join(", ", strange)}, which are no numbers of runs.");
        return said;
    }

    public static string Join(IEnumerable<int> ids) => string.Join(',', ids);

    /// <summary>A run's name in every chart: "A" for the first run, "Z" for the 26th, then "AA" as in a spreadsheet.</summary>
    public static string Letter(int index) => (index < 26 ? "" : Letter(index / 26 - 1)) + (char)('A' + index % 26);
}
