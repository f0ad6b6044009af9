namespace Pneumothorax.Lab.Experiments;

/// <summary>Text of other people in a table that a spreadsheet may open.</summary>
public static class SpreadsheetText
{
    /// <summary>With these a spreadsheet takes a cell for a formula, and would run what a student typed. The wide, small, raised and lowered
    /// ones are folded to the plain ones by spreadsheets that expect Chinese, Japanese or Korean.</summary>
    private const string FormulaStarts =
        "=+-@\t\r\n" + "\uFF1D\uFF0B\uFF0D\uFF20" + "\uFE66\uFE62\uFE63\uFE6B" + "\u207C\u207A\u207B\u208C\u208A\u208B" + "\u2212\uFE58\u2010\u2011";

    /// <summary>Not seen before the sign, and skipped by some.</summary>
    private const string Blanks = " \u00A0\u3000\u200B\uFEFF";

    /// <returns>The text, with an apostrophe before what would be a formula: spreadsheets do not show it, or show one sign too many.</returns>
    public static string Safe(string text)
    {
        var seen = text.AsSpan().TrimStart(Blanks);
        return seen.Length > 0 && FormulaStarts.Contains(seen[0], StringComparison.Ordinal) ? "'" + text : text;
    }
}
