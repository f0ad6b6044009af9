using System.Globalization;

namespace Pneumothorax.Lab.Web.Guide.Tasks;

/// <summary>Reads what people type as numbers: 0.357, 0,357, 35.7 %, 5/14, 1,600.</summary>
public static class Typed
{
    /// <summary>Half a unit of the second decimal, and a little for who rounded on the way.</summary>
    public const double Rounding = 0.006;

    /// <returns>A decimal number, a percentage or a fraction; null for anything else.</returns>
    public static double? Number(string? text)
    {
        var written = Bare(text);
        if (written.EndsWith('%')) return Number(written[..^1]) / 100;
        if (written.Split('/') is [var above, var below]) return Number(above) is { } a && Number(below) is { } b && b != 0 ? a / b : null;
        // One comma is a decimal comma; whole numbers with thousands are asked for by Whole.
        return double.TryParse(written.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
    }

    /// <returns>A whole number, with or without marks between thousands; null for anything else.</returns>
    public static long? Whole(string? text)
    {
        var written = Bare(text);
        var groups = written.Split(',', '.', '’', '\'');
        if (groups.Length > 1 && (groups[0].Length is 0 or > 3 || groups.Skip(1).Any(group => group.Length != 3))) return null;
        return long.TryParse(string.Concat(groups), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <returns>The whole numbers in a text such as "[0, 1]", "128 x 8 x 8" or "0 1"; null when something else stands between them.</returns>
    public static IReadOnlyList<long>? Wholes(string? text)
    {
        if (text is null || text.Any(letter => !char.IsAsciiDigit(letter) && !char.IsWhiteSpace(letter) && !"[](){},;x×*-/|·".Contains(letter))) return null;
        var parts = text.Split([.. text.Where(letter => !char.IsAsciiDigit(letter)).Distinct()], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 && parts.All(part => part.Length < 10) ? [.. parts.Select(part => long.Parse(part, CultureInfo.InvariantCulture))] : null;
    }

    /// <returns>Whether a number is right to about two decimals, or half a percent of a large one.</returns>
    public static bool IsNear(double typed, double right) => Math.Abs(typed - right) <= Math.Max(Rounding, 0.005 * Math.Abs(right));

    private static string Bare(string? text) =>
        new([.. (text ?? "").Where(letter => !char.IsWhiteSpace(letter)).Select(letter => letter == '−' ? '-' : letter)]);
}
