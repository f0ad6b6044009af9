namespace Pneumothorax.Lab.Classroom.Guide;

/// <summary>One page of the guide, read from <c>content/chapters/NN-slug.md</c>.</summary>
/// <param name="Number">From the file name; chapters are shown in this order.</param>
/// <param name="Slug">From the file name; the chapter's address.</param>
/// <param name="Lead">One or two sentences under the title.</param>
/// <param name="Minutes">How long it takes, about.</param>
/// <param name="Sections">Its second-level headings, in order.</param>
/// <param name="Parts">Its body: prose and live parts, in order.</param>
public sealed record Chapter(
    int Number, string Slug, string Title, string Lead, int Minutes, IReadOnlyList<ChapterSection> Sections, IReadOnlyList<ChapterPart> Parts);

/// <param name="Id">The heading's anchor.</param>
public sealed record ChapterSection(string Id, string Title);

/// <summary>A stretch of a chapter.</summary>
public abstract record ChapterPart;

/// <summary>Rendered Markdown.</summary>
public sealed record ProsePart(string Html) : ChapterPart;

/// <summary>A remark in the margin.</summary>
public sealed record NotePart(string Title, string Html) : ChapterPart;

/// <summary>What the course's original notebook did at this point; the page gathers these at its end, folded.</summary>
public sealed record NotebookPart(string Html) : ChapterPart;

/// <summary>A live part, placed by name; its arguments have been checked.</summary>
public sealed record LivePart(LiveKind Kind, IReadOnlyDictionary<string, string> Arguments) : ChapterPart
{
    public string? this[string argument] => Arguments.GetValueOrDefault(argument);

    /// <summary>What the author wrote between the colons, rendered; empty for a kind that takes no text.</summary>
    public string Html { get; init; } = "";
}

/// <summary>Something the author got wrong, shown in place of it.</summary>
/// <param name="File">Path within the content folder.</param>
/// <param name="Line">Counted from 1.</param>
public sealed record FaultPart(string File, int Line, string Message) : ChapterPart;
