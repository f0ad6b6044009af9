using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Pneumothorax.Lab.Storage.Names;

/// <summary>
/// What decides whether two names are one: the same key, made here, so that both databases agree. It is the name in compatibility
/// decomposition, case-folded, without default-ignorable characters, with look-alikes replaced (the skeleton of Unicode's UTS 39). For comparing only.
/// </summary>
/// <remarks>The lab runs without ICU (InvariantGlobalization), where <see cref="string.Normalize()"/> changes ASCII only, which is to say nothing.
/// The table is made by make_name_folding.py.</remarks>
public static class NameKey
{
    private const string Resource = "Pneumothorax.Lab.Storage.Names.name-folding.txt";

    // https://www.unicode.org/versions/latest/core-spec/chapter-3/#G24646
    private const int FirstSyllable = 0xAC00, LastSyllable = 0xD7A3, FirstLeading = 0x1100, FirstVowel = 0x1161, BeforeTrailing = 0x11A7;
    private const int Vowels = 21, Trailings = 28;

    private static readonly Lazy<Folding> s_folding = new(Read);

    /// <returns>Empty for a name of which nothing is seen. A half of a surrogate pair counts as U+FFFD.</returns>
    public static string Of(string name)
    {
        var folding = s_folding.Value;
        List<(Rune Letter, byte Class)> folded = new(name.Length);
        foreach (var letter in name.EnumerateRunes())
        {
            foreach (var part in Decomposed(letter.Value))
            {
                if (!folding.Targets.TryGetValue(part, out var target)) Append(new Rune(part));
                else foreach (var becomes in target) Append(becomes);
            }
        }
        return string.Concat(folded.Select(part => part.Letter.ToString()));

        // Canonical order: marks of a letter by their class, those of one class as they came.
        void Append(Rune letter)
        {
            var combining = folding.Classes.GetValueOrDefault(letter.Value);
            var at = folded.Count;
            if (combining > 0) while (at > 0 && folded[at - 1].Class > combining) at--;
            folded.Insert(at, (letter, combining));
        }
    }

    private static int[] Decomposed(int letter)
    {
        if (letter is < FirstSyllable or > LastSyllable) return [letter];
        var (index, trailing) = Math.DivRem(letter - FirstSyllable, Trailings);
        var (leading, vowel) = Math.DivRem(index, Vowels);
        return trailing == 0 ? [FirstLeading + leading, FirstVowel + vowel] : [FirstLeading + leading, FirstVowel + vowel, BeforeTrailing + trailing];
    }

    private static Folding Read()
    {
        Dictionary<int, Rune[]> targets = [];
        Dictionary<int, byte> classes = [];
        using var reader = new StreamReader(typeof(NameKey).Assembly.GetManifestResourceStream(Resource)!, Encoding.ASCII);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var words = line.Split(' ');
            if (line.StartsWith('@'))
            {
                var combining = byte.Parse(words[0].AsSpan(1), CultureInfo.InvariantCulture);
                foreach (var span in words.Skip(1))
                {
                    var (from, to) = Span(span);
                    for (var code = from; code <= to; code++) classes[code] = combining;
                }
                continue;
            }
            var (first, last) = Span(words[0]);
            var target = words.Skip(1).Select(Code).ToArray();
            for (var code = first; code <= last; code++)
            {
                targets[code] = target.Length == 1 ? [new Rune(target[0] + code - first)] : [.. target.Select(part => new Rune(part))];
            }
        }
        return new(targets.ToFrozenDictionary(), classes.ToFrozenDictionary());
    }

    private static (int First, int Last) Span(string text) =>
        text.Split('-') is [var first, var last] ? (Code(first), Code(last)) : (Code(text), Code(text));

    private static int Code(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <param name="Targets">What a character becomes, where it does not stay as it is.</param>
    /// <param name="Classes">Canonical combining classes of marks.</param>
    private sealed record Folding(FrozenDictionary<int, Rune[]> Targets, FrozenDictionary<int, byte> Classes);
}
