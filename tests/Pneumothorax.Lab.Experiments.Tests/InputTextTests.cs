namespace Pneumothorax.Lab.Experiments.Tests;

public sealed class InputTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Thin rims of air.\r\n\tAt the apex.")]
    [InlineData("Zoë \U0001FAC1 علي\u200Cم")]
    public void Text_MayComeIn(string text) => Assert.Null(InputText.Fault(text));

    [Theory]
    [InlineData("a\0b", "contains a control character at position 2 (U+0000). Remove it and try again.")]
    [InlineData("\u001B[2J", "contains a control character at position 1 (U+001B)")]
    [InlineData("ab\u0085", "contains a control character at position 3 (U+0085)")]
    public void Text_IsRefused_WithWhatAndWhere(string text, string fault)
    {
        Assert.StartsWith(fault, InputText.Fault(text), StringComparison.Ordinal);
        Assert.Null(InputText.Fault(InputText.Cleaned(text)));
    }

    [Fact]      // in attributes the compiler replaces halves
    public void HalfOfACharacter_IsRefused()
    {
        Assert.StartsWith("contains half of a character at position 2 (U+D83E)", InputText.Fault("a\uD83E"), StringComparison.Ordinal);
        Assert.StartsWith("contains half of a character at position 1 (U+DEC1)", InputText.Fault("\uDEC1a"), StringComparison.Ordinal);
        Assert.Equal("\uFFFDa", InputText.Cleaned("\uDEC1a"));
    }

    [Theory]
    [InlineData("one line", 8, true)]
    [InlineData("one line", 7, false)]
    [InlineData("two\nlines", 80, false)]
    [InlineData("two\u2028lines", 80, false)]
    [InlineData("a\tb", 80, false)]
    [InlineData("a\0b", 80, false)]
    public void Line_IsOne_AndShortEnough(string text, int most, bool expected) => Assert.Equal(expected, InputText.IsLine(text, most));

    [Theory]
    [InlineData("  Slower \u00A0 start ", "Slower start")]
    [InlineData("\u200BSlow\u00ADer\uFEFF \u2060start\u3164", "Slower start")]
    [InlineData("\u202EnuR", "nuR")]
    [InlineData("\u200B\u2800\u200D", "")]
    [InlineData("علي\u200Cم \u200D", "علي\u200Cم")]
    [InlineData("\U0001F469\u200D\U0001F680", "\U0001F469\u200D\U0001F680")]
    [InlineData("two\nlines", "two\nlines")]
    public void Seen_IsWhatPeopleSee(string text, string seen) => Assert.Equal(seen, InputText.Seen(text));

    [Theory]
    [InlineData("lungs", 9, "lungs")]
    [InlineData("lungs", 4, "lung")]
    [InlineData("a\U0001FAC1b", 2, "a")]
    [InlineData("a\U0001FAC1b", 3, "a\U0001FAC1")]
    [InlineData("\U0001FAC1", 1, "")]
    public void Cut_LeavesNoHalfOfACharacter(string text, int most, string expected) => Assert.Equal(expected, InputText.Cut(text, most));

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("＋1", "'＋1")]
    [InlineData("－1", "'－1")]
    [InlineData("＠SUM(A1)", "'＠SUM(A1)")]
    [InlineData("﹦1", "'﹦1")]
    [InlineData("\u3000＝1", "'\u3000＝1")]
    [InlineData("Mira = 1", "Mira = 1")]
    [InlineData("", "")]
    public void SpreadsheetCell_IsNoFormula(string text, string expected) => Assert.Equal(expected, SpreadsheetText.Safe(text));
}
