using System.Globalization;
using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>Reads what people type as numbers: 0.357, 0,357, 35.7 %, 5/14, 1,600.</summary>
public static class Typed
{
    /// <summary>Half a unit of the second decimal, and a little for who rounded on the way.</summary>
    public const double Rounding = 0.006;

    /// <returns>A decimal number, a percentage or a fraction; null for anything else. A task asks for decimals: 1,386 has a decimal comma.</returns>
    public static double? Number(string? text) => NumberText.Read(text) is var read ? read.Value ?? read.WithDecimals : null;

    /// <returns>A whole number, with or without marks between thousands; null for anything else.</returns>
    public static long? Whole(string? text) =>
        NumberText.ReadWhole(text) is var read && (read.Value ?? read.WithThousands) is { } number and > -1e15 and < 1e15 ? (long)number : null;

    /// <returns>The whole numbers in a text such as "[0, 1]", "128 x 8 x 8" or "0 1"; null when something else stands between them.</returns>
    public static IReadOnlyList<long>? Wholes(string? text)
    {
        if (text is null || text.Any(letter => !char.IsAsciiDigit(letter) && !char.IsWhiteSpace(letter) && !"[](){},;x×*-/|·".Contains(letter))) return null;
        var parts = text.Split([.. text.Where(letter => !char.IsAsciiDigit(letter)).Distinct()], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 && parts.All(part => part.Length < 10) ? [.. parts.Select(part => long.Parse(part, CultureInfo.InvariantCulture))] : null;
    }

    /// <returns>Whether a number is right to about two decimals, or half a percent of a large one.</returns>
    public static bool IsNear(double typed, double right) => Math.Abs(typed - right) <= Math.Max(Rounding, 0.005 * Math.Abs(right));
}
