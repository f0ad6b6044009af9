using System.Globalization;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.CustomContainers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Pneumothorax.Lab.Classroom.Guide;

/// <summary>Reads the chapters of one guide. Nothing an author writes breaks the page: what cannot be read becomes a <see cref="FaultPart"/>.</summary>
public sealed partial class ChapterReader(Glossary glossary)
{
    /// <summary>The Markdown of chapters and of the handbook.</summary>
    public static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UseCustomContainers().UseAutoIdentifiers().UsePipeTables().UseSmartyPants().Build();

    private readonly Dictionary<string, string> _questions = [];     // id -> the file that placed it first

    /// <param name="file">Path as the author knows it, such as "chapters/02-the-data.md"; number and slug come from it.</param>
    public Chapter Read(string file, string text)
    {
        var name = FileName().Match(Path.GetFileName(file));
        var number = name.Success ? int.Parse(name.Groups["number"].Value, CultureInfo.InvariantCulture) : 0;
        var slug = name.Success ? name.Groups["slug"].Value : Path.GetFileNameWithoutExtension(file);

        var lines = text.ReplaceLineEndings("\n").Split('\n');
        List<ChapterPart> parts = [];
        var (facts, bodyLine) = FrontMatter(file, lines, parts);

        // Blank lines in place of the front matter keep every line number true.
        var body = string.Concat(Enumerable.Repeat("\n", bodyLine)) + string.Join('\n', lines[bodyLine..]);
        var document = Markdown.Parse(body, Pipeline);
        ShowTerms(file, document, parts);

        List<Block> prose = [];
        foreach (var block in document.ToList())
        {
            if (block is not CustomContainer container)
            {
                prose.Add(block);
                continue;
            }
            Flush(prose, parts);
            parts.Add(Placed(file, container));
        }
        Flush(prose, parts);

        return new(number, slug, facts.GetValueOrDefault("title", slug), facts.GetValueOrDefault("lead", ""),
            int.TryParse(facts.GetValueOrDefault("minutes"), out var minutes) ? minutes : 0, Sections(document), parts);
    }

    private static (Dictionary<string, string> Facts, int BodyLine) FrontMatter(string file, string[] lines, List<ChapterPart> parts)
    {
        Dictionary<string, string> facts = [];
        var end = lines is ["---", ..] ? Array.IndexOf(lines, "---", 1) : -1;
        if (end < 0)
        {
            parts.Add(new FaultPart(file, 1, "A chapter begins with title, lead and minutes between two lines of three dashes."));
            return (facts, 0);
        }
        for (var line = 1; line < end; line++)
        {
            if (lines[line].Split(':', 2) is [var key, var value]) facts[key.Trim()] = value.Trim().Trim('"');
            else if (lines[line].Trim().Length > 0) parts.Add(new FaultPart(file, line + 1, $"\"{lines[line].Trim()}\" does not have the form name: value."));
        }
        foreach (var needed in (string[])["title", "lead", "minutes"])
        {
            if (!facts.ContainsKey(needed)) parts.Add(new FaultPart(file, 1, $"The chapter has no {needed}."));
        }
        return (facts, end + 1);
    }

    private ChapterPart Placed(string file, CustomContainer container)
    {
        FaultPart Fault(string message) => new(file, container.Line + 1, message);

        var name = container.Info ?? "";
        if (container.ClosingFencedCharCount == 0) return Fault($":::{name} is not closed. End it with a line of three colons.");
        if (container.Descendants<CustomContainer>().FirstOrDefault() is { } inner) return new FaultPart(file, inner.Line + 1, $":::{inner.Info} is inside :::{name}. Live parts cannot be nested.");

        Dictionary<string, string> arguments = [];
        var written = container.Arguments ?? "";
        foreach (Match match in Argument().Matches(written))
        {
            arguments[match.Groups["name"].Value] = match.Groups["quoted"] is { Success: true } quoted ? quoted.Value : match.Groups["bare"].Value;
        }
        if (Argument().Replace(written, "").Trim() is { Length: > 0 } rest) return Fault($":::{name} is followed by \"{rest}\", which does not have the form name=value.");

        if (name == "note")
        {
            return arguments.TryGetValue("title", out var title) && arguments.Count == 1
                ? new NotePart(title, Html([.. container]))
                : Fault(":::note takes only a title: :::note title=\"One-hot label\".");
        }
        if (name == "notebook") return arguments.Count == 0 ? new NotebookPart(Html([.. container])) : Fault(":::notebook takes no arguments.");
        if (LiveKind.All.FirstOrDefault(kind => kind.Name == name) is not { } kind)
        {
            return Fault($"There is no \"{name}\". The live parts are: note, notebook, {string.Join(", ", LiveKind.All.Select(known => known.Name))}.");
        }
        foreach (var (argument, value) in arguments)
        {
            if (!kind.Arguments.TryGetValue(argument, out var check)) return Fault($":::{name} has no \"{argument}\". It takes {string.Join(", ", kind.Arguments.Keys)}.");
            if (check(value) is { } problem) return Fault($"{argument} of :::{name} {problem}, not \"{value}\".");
        }
        if (kind.Needs.FirstOrDefault(needed => !arguments.ContainsKey(needed)) is { } absent) return Fault($":::{name} needs {absent}=...");
        if (kind == LiveKind.Question && !_questions.TryAdd(arguments["id"], file)) return Fault($"The question id \"{arguments["id"]}\" is already used in {_questions[arguments["id"]]}. Each question needs its own id.");
        if (!kind.TakesText) return new LivePart(kind, arguments);

        var text = Html([.. container]);
        return text.Length > 0 ? new LivePart(kind, arguments) { Html = text } : Fault($":::{name} has no text. Write it on the lines before the closing colons.");
    }

    /// <summary>Turns <c>[label](term:one-hot-label)</c> into a word that shows its meaning.</summary>
    private void ShowTerms(string file, MarkdownDocument document, List<ChapterPart> parts)
    {
        foreach (var link in document.Descendants<LinkInline>().Where(link => link.Url?.StartsWith("term:", StringComparison.Ordinal) == true).ToList())
        {
            var term = Uri.UnescapeDataString(link.Url!["term:".Length..]);
            if (glossary.Find(term) is not { } entry)
            {
                parts.Add(new FaultPart(file, link.Line + 1, $"The glossary has no \"{term}\"."));
                continue;
            }
            var words = link.FirstChild is LiteralInline literal ? literal.Content.ToString() : term;
            link.ReplaceBy(new HtmlInline(
                $"<span class=\"term\" tabindex=\"0\">{words}<span class=\"meaning\" role=\"note\"><b>{entry.Term}</b> {entry.Html}</span></span>"), copyChildren: false);
        }
    }

    private static IReadOnlyList<ChapterSection> Sections(MarkdownDocument document) =>
        [.. from heading in document.Descendants<HeadingBlock>()
            where heading.Level == 2
            select new ChapterSection(heading.GetAttributes().Id ?? "", Words(heading.Inline))];

    public static string Words(ContainerInline? inline) =>
        inline is null ? "" : string.Concat(inline.Descendants().Select(part => part switch
        {
            LiteralInline literal => literal.Content.ToString(),
            CodeInline code => code.Content,
            _ => "",
        }));

    private static void Flush(List<Block> prose, List<ChapterPart> parts)
    {
        if (prose.Count > 0 && Html(prose) is { Length: > 0 } html) parts.Add(new ProsePart(html));
        prose.Clear();
    }

    public static string Html(IReadOnlyList<Block> blocks)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        foreach (var block in blocks) renderer.Render(block);
        return writer.ToString().Trim();
    }

    [GeneratedRegex(@"^(?<number>\d+)-(?<slug>[a-z0-9-]+)\.md$")]
    private static partial Regex FileName();

    [GeneratedRegex("""(?<name>[a-z][a-z-]*)=(?:"(?<quoted>[^"]*)"|(?<bare>[^\s"]+))""")]
    private static partial Regex Argument();
}
