namespace Pneumothorax.Lab.Experiments.Text;

/// <summary>Comma-separated values as RFC 4180 has them, safe to open in a spreadsheet.</summary>
public static class Csv
{
    public static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    private static string Cell(string text)
    {
        var safe = SpreadsheetText.Safe(text);
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
