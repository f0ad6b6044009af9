namespace Pneumothorax.Lab.Web.Classroom;

/// <summary>Comma-separated values as RFC 4180 has them, safe to open in a spreadsheet.</summary>
internal static class Csv
{
    /// <summary>With these a spreadsheet takes a cell for a formula, and would run what a student typed.</summary>
    private const string FormulaStarts = "=+-@\t\r\n";

    public static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    private static string Cell(string text)
    {
        // The apostrophe makes it text; spreadsheets do not show it, or show one sign too many.
        var safe = text.Length > 0 && FormulaStarts.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
