using System.Globalization;
using System.Text;

namespace Pneumothorax.Lab.Experiments;

/// <summary>
/// The one rule for text that comes in, from pages, programs, the command line and tables: well-formed Unicode, and no control
/// characters except line breaks and tabs. Whoever stores a text also says how long it may be. PostgreSQL refuses what breaks the rule, files and terminals do not.
/// </summary>
public static class InputText
{
    /// <returns>What is wrong and what to do, to follow the name of the text in a sentence; null for text that may come in.</returns>
    public static string? Fault(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (char.IsHighSurrogate(letter) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])) at++;
            else if (char.IsSurrogate(letter)) return FormattableString.Invariant($"contains half of a character at position {at + 1} (U+{(int)letter:X4}). Enter it again.");
            else if (char.IsControl(letter) && letter is not ('\t' or '\r' or '\n')) return FormattableString.Invariant($"contains a control character at position {at + 1} (U+{(int)letter:X4}). Remove it and try again.");
        }
        return null;
    }

    /// <returns>Whether the text may come in where one line is expected.</returns>
    public static bool IsLine(string text, int most) =>
        text.Length <= most && Fault(text) is null && text.AsSpan().IndexOfAny("\t\r\n\u2028\u2029") < 0;

    /// <returns>A name or title as people see it: no blanks at its ends, one between words, and nothing that is not seen or turns the direction of the text around it.
    /// Joiners stay between letters, where writing and emoji need them. Line breaks and tabs stay, for <see cref="IsLine"/> to refuse.</returns>
    public static string Seen(string text)
    {
        var seen = new StringBuilder(text.Length);
        Rune? between = null;       // a blank or a joiner, until it is known whether anything follows
        foreach (var letter in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(letter) == UnicodeCategory.SpaceSeparator) between = seen.Length > 0 ? new(' ') : null;
            else if (letter.Value is ZeroWidthNonJoiner or ZeroWidthJoiner) between ??= seen.Length > 0 ? letter : null;
            else if (!IsInvisible(letter))
            {
                seen.Append(between?.ToString()).Append(letter.ToString());
                between = null;
            }
        }
        return seen.ToString();
    }

    /// <summary>Format characters, and letters that Unicode draws as nothing (Default_Ignorable_Code_Point) or as a blank.</summary>
    private static bool IsInvisible(Rune letter) =>
        Rune.GetUnicodeCategory(letter) == UnicodeCategory.Format || letter.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0;

    private const int ZeroWidthNonJoiner = 0x200C, ZeroWidthJoiner = 0x200D;

    /// <returns>At most so many UTF-16 units of the text; never half of a character.</returns>
    public static string Cut(string text, int most) =>
        text.Length <= most ? text : text[..(most > 0 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    /// <summary>For text of programs, which nobody can be asked to type again: what may not come in becomes U+FFFD.</summary>
    public static string Cleaned(string text)
    {
        if (Fault(text) is null) return text;
        var cleaned = new StringBuilder(text.Length);
        // Halves of characters come out as U+FFFD by themselves.
        foreach (var letter in text.EnumerateRunes()) cleaned.Append((Rune.IsControl(letter) && letter.Value is not ('\t' or '\r' or '\n') ? Rune.ReplacementChar : letter).ToString());
        return cleaned.ToString();
    }
}
