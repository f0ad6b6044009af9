using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Web.Shared.UrlState;

/// <summary>Values in the query of an address, as every page whose address is its state reads and writes them.</summary>
internal static class UrlQuery
{
    /// <param name="parts">name=value each.</param>
    /// <returns>With the question mark; empty where everything has its default.</returns>
    public static string Of(IReadOnlyCollection<string> parts) => parts.Count == 0 ? "" : "?" + string.Join('&', parts);

    /// <returns>A number brought to 0..1; null for what is none.</returns>
    public static double? Share(string? text) => NumberText.Number(text) is { } share ? Math.Clamp(share, 0, 1) : null;

    /// <returns>A whole number of percent, brought into its range.</returns>
    public static int Percent(string? text, int usual, int least = 0) => NumberText.Whole(text) is { } percent ? Math.Clamp(percent, least, 100) : usual;
}
