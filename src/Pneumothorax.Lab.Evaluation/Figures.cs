namespace Pneumothorax.Lab.Evaluation;

/// <summary>Numbers as the result pages write them.</summary>
public static class Figures
{
    /// <returns>"17 %", finer towards the ends: "98.7 %", and never 100 for something that is less.</returns>
    public static string Percent(double? share) => share switch
    {
        null => "not defined",
        <= 0 => "0 %",
        >= 1 => "100 %",
        < 0.001 => "under 0.1 %",
        > 0.999 => "over 99.9 %",
        < 0.1 or > 0.9 => FormattableString.Invariant($"{100 * share:0.#} %"),
        _ => FormattableString.Invariant($"{100 * share:0} %"),
    };

    /// <returns>"0.889", or the words for an area or share that does not exist.</returns>
    public static string Figure(double? value) => value is { } number ? FormattableString.Invariant($"{number:0.000}") : "not defined";

    /// <returns>"0.36", with up to four digits where they are there; addresses carry all of them.</returns>
    public static string Threshold(double value) => FormattableString.Invariant($"{value:0.00##}");

    /// <returns>"1 image", "12 images".</returns>
    public static string Count(int number, string one, string many) => FormattableString.Invariant($"{number:#,##0} {(number == 1 ? one : many)}");
}
