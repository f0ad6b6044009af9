using System.Globalization;
using System.Text.RegularExpressions;

namespace Pneumothorax.Lab.Experiments.Text;

/// <summary>A number as somebody typed it.</summary>
/// <param name="Value">Null where it is no number, or where it can mean two.</param>
public readonly record struct NumberReading(double? Value)
{
    /// <summary>Where it can mean two numbers: how to write the one that is meant, in a sentence.</summary>
    public string? Problem { get; init; }

    /// <summary>Where it can mean two: the one whose point or comma begins the decimals.</summary>
    public double? WithDecimals { get; init; }

    /// <summary>Where it can mean two: the one whose point or comma parts the thousands.</summary>
    public double? WithThousands { get; init; }
}

/// <summary>
/// Reads what people type as numbers, the same in every box and address: 0.05 and 0,05, 1,600.5 and 1.600,5, 1 600, 35 %, 1/3, 5e-3, 10^-3,
/// with any minus sign. What can mean two numbers of different size is never guessed: the reading says how to write it.
/// </summary>
public static partial class NumberText
{
    private const int MostLetters = 60;

    /// <returns>A number of any kind. A single comma before three digits, as in 1,600, can mean two: a point is always the decimal point.</returns>
    public static NumberReading Read(string? text) => Read(text, isWhole: false, out _);

    /// <returns>A whole number, written as the pages write it: 1,600 has a comma between the thousands.</returns>
    public static NumberReading ReadWhole(string? text)
    {
        var reading = Read(text, isWhole: true, out var isPercent);
        return isPercent || (reading.Value is { } value && value != Math.Floor(value)) ? default : reading;
    }

    /// <summary>Reads a share of a box that shows percent: 12 and 12 % are 0.12.</summary>
    /// <param name="least">Smallest share that the box takes; of two readings the one outside of its range is not meant.</param>
    /// <param name="most">Largest share that the box takes.</param>
    public static NumberReading ReadShare(string? text, double least, double most)
    {
        var reading = Read(text, isWhole: false, out var isPercent);
        if (isPercent || reading.Value is not { } value || Fraction().IsMatch(text!)) return reading;
        var (percent, share) = (value / 100, value);
        var (fitsAsPercent, fitsAsShare) = (percent >= least && percent <= most, share >= least && share <= most);
        return percent == share || !fitsAsShare ? new(percent)
            : !fitsAsPercent ? new(share)
            : new(null) { Problem = $"“{text!.Trim()}” can mean {Plain(value)} % or {Plain(100 * value)} %. Write the percent sign." };
    }

    /// <returns>Null for what is no number, or can mean two.</returns>
    public static double? Number(string? text) => Read(text).Value;

    /// <returns>Null for what is no whole number, or can mean two.</returns>
    public static int? Whole(string? text) => ReadWhole(text).Value is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <returns>Every digit that it takes to read the same number back.</returns>
    public static string RoundTrip(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <returns>With every digit it takes, without separators between thousands.</returns>
    public static string Plain(double number) => number is > -1e15 and < 1e15 && (number == 0 || Math.Abs(number) >= 1e-6)
        ? ((decimal)number).ToString("0.############", CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture);

    private static NumberReading Read(string? text, bool isWhole, out bool isPercent)
    {
        isPercent = false;
        if (text is null || text.Length > MostLetters) return default;
        var bare = Usual(text);
        isPercent = bare.EndsWith('%');
        if (isPercent) bare = bare[..^1].TrimEnd();

        var reading = bare.Split('/') is [var above, var below] ? Quotient(Single(above.Trim(), isWhole), Single(below.Trim(), isWhole)) : Single(bare, isWhole);
        if (reading.Problem is not null) reading = reading with { Problem = Ambiguous(text.Trim(), reading, isWhole, isPercent) };
        return isPercent ? reading with { Value = reading.Value / 100, WithDecimals = reading.WithDecimals / 100, WithThousands = reading.WithThousands / 100 } : reading;
    }

    private static NumberReading Quotient(NumberReading above, NumberReading below) =>
        above.Value is { } a && below.Value is { } b ? b == 0 ? default : Finite(a / b)
        : above.Problem is null ? new(null) { Problem = above.Value is null ? null : below.Problem, WithDecimals = above.Value / below.WithDecimals, WithThousands = above.Value / below.WithThousands }
        : below.Value is { } divisor ? new(null) { Problem = above.Problem, WithDecimals = above.WithDecimals / divisor, WithThousands = above.WithThousands / divisor }
        : default;

    /// <summary>A number without a fraction line or percent sign.</summary>
    private static NumberReading Single(string bare, bool isWhole)
    {
        if (Shape().Match(bare) is not { Success: true } match) return default;
        var exponent = match.Groups["power"].Success ? match.Groups["power"].Value : match.Groups["exponent"].Value;
        var (certain, other) = match.Groups["digits"].Success ? Digits(match.Groups["digits"].Value.Trim(), isWhole) : ("1", null);
        if (certain is null) return default;

        var scale = $"e{(exponent.Length == 0 ? "0" : exponent.Replace(" ", "", StringComparison.Ordinal))}";
        var sign = match.Groups["sign"].Value;
        var value = Parse(sign + certain + scale);
        return other is null ? Finite(value) : new(null) { Problem = "", WithDecimals = value, WithThousands = Parse(sign + other + scale) };
    }

    /// <returns>The digits with a decimal point at most, as the first reading and, where it can mean two, the second: decimals, then thousands.</returns>
    private static (string? Certain, string? Other) Digits(string digits, bool isWhole)
    {
        var at = digits.LastIndexOfAny(['.', ',']);
        var (before, after) = at < 0 ? (digits, "") : (digits[..at], digits[(at + 1)..]);
        if (before.Length + after.Length == 0 || !after.All(char.IsAsciiDigit)) return default;
        var decimals = after.Length == 0 ? "" : $".{after}";
        if (before.All(char.IsAsciiDigit))
        {
            var canPartThousands = at >= 0 && after.Length == 3 && before.Length is >= 1 and <= 3 && before[0] != '0';
            if (!canPartThousands || (digits[at] == '.' && !isWhole)) return ((before.Length == 0 ? "0" : before) + decimals, null);
            // Pages write whole numbers with a comma between thousands; a point there is what others write.
            return isWhole && digits[at] == ',' ? (before + after, null) : (before + decimals, before + after);
        }
        if (Thousands().Match(before) is { Success: true } groups && (at < 0 || (after.Length > 0 && groups.Groups["sign"].Value[0] != digits[at]))) return (Bare(before) + decimals, null);
        return Thousands().IsMatch(digits) ? (Bare(digits), null) : default;
    }

    private static string Ambiguous(string typed, NumberReading reading, bool isWhole, bool isPercent)
    {
        var unit = isPercent ? " %" : "";
        var (decimals, thousands) = (Plain(reading.WithDecimals ?? 0), Plain(reading.WithThousands ?? 0));
        var offered = isWhole && reading.WithDecimals != Math.Floor(reading.WithDecimals ?? 0) ? $"{thousands}{unit}" : $"{decimals}{unit} or {thousands}{unit}";
        return $"“{typed}” can mean {decimals}{unit} or {thousands}{unit}. Write {offered}.";
    }

    /// <summary>Typographic signs and spaces as on a keyboard.</summary>
    private static string Usual(string text) => string.Concat(text.Trim().Select(letter => letter switch
    {
        '−' or '–' or '‒' or '﹣' or '－' => '-',
        '＋' => '+',
        '’' or '‘' or 'ʼ' or '´' => '\'',
        '⁄' or '∕' or '÷' => '/',
        '％' or '﹪' => '%',
        '×' or '·' or '⋅' or '∙' => '*',
        _ => char.IsWhiteSpace(letter) ? ' ' : letter,
    }));

    private static string Bare(string grouped) => string.Concat(grouped.Where(char.IsAsciiDigit));

    private static double Parse(string number) => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static NumberReading Finite(double number) => double.IsFinite(number) ? new(number) : default;

    [GeneratedRegex(@"^(?<sign>[+-]?) *(?:(?<digits>[0-9.,' _]*[0-9.,]) *(?:(?:[eE] *|[*x] *10 *\^ *)(?<exponent>[+-]? *[0-9]{1,3}))?|10 *\^ *(?<power>[+-]? *[0-9]{1,3}))$", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    [GeneratedRegex("^[1-9][0-9]{0,2}(?<sign>[.,' _])[0-9]{3}(?:\\k<sign>[0-9]{3})*$", RegexOptions.CultureInvariant)]
    private static partial Regex Thousands();

    [GeneratedRegex("[/⁄∕÷]", RegexOptions.CultureInvariant)]
    private static partial Regex Fraction();
}
