using System.Net;
using Markdig;

namespace Pneumothorax.Lab.Classroom.Guide;

/// <param name="Html">One or two sentences.</param>
public sealed record GlossaryEntry(string Term, string Html);

/// <summary>The words that mean one thing in this lab: <c>glossary.md</c>, a second-level heading a term and its meaning below.</summary>
public sealed class Glossary(IReadOnlyList<GlossaryEntry> entries)
{
    public static Glossary Empty { get; } = new([]);

    public IReadOnlyList<GlossaryEntry> Entries { get; } = entries;

    /// <param name="term">In any case, with hyphens or spaces: a Markdown link cannot hold spaces.</param>
    public GlossaryEntry? Find(string term) =>
        Entries.FirstOrDefault(entry => string.Equals(Spaced(entry.Term), Spaced(term), StringComparison.OrdinalIgnoreCase));

    private static string Spaced(string term) => term.Replace('-', ' ');

    public static Glossary Read(string text) => new(
        [.. from chunk in ("\n" + text.ReplaceLineEndings("\n")).Split("\n## ").Skip(1)
            let lines = chunk.Split('\n', 2)
            let html = Markdown.ToHtml(lines.ElementAtOrDefault(1)?.Trim() ?? "").Trim()
            // A meaning stands inside a sentence, so it is no paragraph of its own.
            select new GlossaryEntry(WebUtility.HtmlEncode(lines[0].Trim()), html.Replace("<p>", "", StringComparison.Ordinal).Replace("</p>", "", StringComparison.Ordinal))]);
}
