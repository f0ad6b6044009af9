using System.Globalization;
using Pneumothorax.Lab.Web.Parts;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>Values in the query of an address, as every page whose address is its state reads and writes them.</summary>
internal static class UrlQuery
{
    /// <param name="parts">name=value each.</param>
    /// <returns>With the question mark; empty where everything has its default.</returns>
    public static string Of(IReadOnlyCollection<string> parts) => parts.Count == 0 ? "" : "?" + string.Join('&', parts);

    /// <returns>Every digit that it takes to read the same number back.</returns>
    public static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <returns>Null for what is no number, or can mean two.</returns>
    public static double? Number(string? text) => NumberText.Read(text).Value;

    /// <returns>Null for what is no whole number, or can mean two.</returns>
    public static int? Whole(string? text) => NumberText.ReadWhole(text).Value is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <returns>A number brought to 0..1; null for what is none.</returns>
    public static double? Share(string? text) => Number(text) is { } share ? Math.Clamp(share, 0, 1) : null;

    /// <returns>A whole number of percent, brought into its range.</returns>
    public static int Percent(string? text, int usual, int least = 0) => Whole(text) is { } percent ? Math.Clamp(percent, least, 100) : usual;
}
