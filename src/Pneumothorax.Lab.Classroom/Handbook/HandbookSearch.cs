namespace Pneumothorax.Lab.Classroom.Handbook;

/// <summary>A section that has every word that was looked for.</summary>
/// <param name="Excerpt">Its text around the first of them, in pieces; those that were looked for are marked.</param>
public sealed record HandbookHit(HandbookPage Page, HandbookSection Section, IReadOnlyList<(string Text, bool IsMarked)> Excerpt)
{
    public string Address => Section.Id.Length > 0 ? $"{Page.Address}#{Section.Id}" : Page.Address;
}

/// <summary>Looks for words in headings and text.</summary>
public static class HandbookSearch
{
    /// <summary>Longest query; the box takes no more.</summary>
    public const int MostLetters = 100;

    private const int Before = 60, Length = 220;

    /// <returns>Sections whose headings have the words come first, then those that have them most often.</returns>
    public static IReadOnlyList<HandbookHit> Find(IEnumerable<HandbookPage> pages, string? query)
    {
        string[] words = [.. (query ?? "")[..Math.Min(MostLetters, query?.Length ?? 0)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (words.Length == 0) return [];
        return
        [
            .. from page in pages
               from section in page.Sections
               where words.All(word => Has(section.Title, word) || Has(section.Text, word))
               orderby words.Count(word => Has(section.Title, word)) descending, words.Sum(word => Count(section.Text, word)) descending
               select new HandbookHit(page, section, Marked(Around(section.Text, words), words)),
        ];
    }

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static int Count(string text, string word)
    {
        var count = 0;
        for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + word.Length, StringComparison.OrdinalIgnoreCase)) count++;
        return count;
    }

    /// <summary>From a space to a space, so that no word is cut.</summary>
    private static string Around(string text, string[] words)
    {
        var first = words.Select(word => text.IndexOf(word, StringComparison.OrdinalIgnoreCase)).Where(at => at >= 0).DefaultIfEmpty(0).Min();
        var from = first <= Before ? 0 : text.IndexOf(' ', first - Before) is var space and >= 0 && space < first ? space + 1 : first;
        var to = from + Length >= text.Length ? text.Length : text.LastIndexOf(' ', from + Length, Length) is var end and > 0 && end > first ? end : Math.Min(text.Length, first + Length);
        return $"{(from > 0 ? "... " : "")}{text[from..to]}{(to < text.Length ? " ..." : "")}";
    }

    private static List<(string Text, bool IsMarked)> Marked(string text, string[] words)
    {
        List<(string, bool)> pieces = [];
        var at = 0;
        while (at < text.Length)
        {
            var (start, length) = words.Select(word => (Start: text.IndexOf(word, at, StringComparison.OrdinalIgnoreCase), word.Length))
                .Where(found => found.Start >= 0).OrderBy(found => found.Start).ThenByDescending(found => found.Length).FirstOrDefault((text.Length, 0));
            if (start > at) pieces.Add((text[at..start], false));
            if (length > 0) pieces.Add((text.Substring(start, length), true));
            at = start + length;
        }
        return pieces;
    }
}
