namespace Pneumothorax.Lab.Classroom.Handbook;

/// <summary>One page of the handbook, read from <c>content/handbook/SLUG.md</c>.</summary>
/// <param name="Slug">From the file name; the page's address is /help/SLUG.</param>
/// <param name="Title">Its first-level heading.</param>
/// <param name="Lead">The paragraph below the title, as HTML; empty where there is none.</param>
/// <param name="Html">The rest.</param>
/// <param name="Sections">The whole page as plain text, cut at its headings; the first one is what stands before the first of them.</param>
public sealed record HandbookPage(string Slug, string Title, string Lead, string Html, IReadOnlyList<HandbookSection> Sections)
{
    public string Address => $"/help/{Slug}";

    /// <summary>Its second-level headings.</summary>
    public IEnumerable<HandbookSection> Contents => Sections.Where(section => section.Level == 2);
}

/// <param name="Level">Of the heading, 2 or more; 1 for the page itself.</param>
/// <param name="Id">The heading's anchor; empty for the page itself.</param>
/// <param name="Text">What stands below the heading, without markup.</param>
public sealed record HandbookSection(int Level, string Id, string Title, string Text);
