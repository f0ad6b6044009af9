using System.Text;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.SmartyPants;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Pneumothorax.Lab.Classroom.Guide;

namespace Pneumothorax.Lab.Classroom.Handbook;

/// <summary>Reads a page of the handbook. The files are written for two readers, this portal and whoever looks at the repository: links lead from file to file there.</summary>
public static partial class HandbookReader
{
    /// <param name="folder">Where the file lies: drawings beside it become part of the page.</param>
    public static HandbookPage Read(string folder, string slug, string text)
    {
        var document = Markdown.Parse(text.ReplaceLineEndings("\n"), ChapterReader.Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (link.IsImage) ShowDrawing(folder, link);
            else if (Address(slug, link.Url ?? "") is { } address) link.Url = address;
            else DropLink(link);
        }

        foreach (var table in document.Descendants<Table>()) NameCells(table);
        // Wide commands are scrolled sideways, by keyboard too.
        foreach (var code in document.Descendants<CodeBlock>()) code.GetAttributes().AddProperty("tabindex", "0");

        var blocks = document.ToList();
        var title = slug;
        if (blocks is [HeadingBlock { Level: 1 } heading, ..])
        {
            title = ChapterReader.Words(heading.Inline);
            blocks.RemoveAt(0);
        }
        List<HandbookSection> sections = [.. Sections(title, blocks)];
        var lead = "";
        if (blocks is [ParagraphBlock paragraph, ..])
        {
            lead = Paragraph().Replace(ChapterReader.Html([paragraph]), "$1");
            blocks.RemoveAt(0);
        }
        return new(slug, title, lead, ChapterReader.Html(blocks), sections);
    }

    /// <returns>Where a link of a file leads in the portal; null for a file that the portal does not show.</returns>
    public static string? Address(string slug, string url)
    {
        if (url.StartsWith('#')) return $"/help/{slug}{url}";     // addresses are relative to the base
        if (url.StartsWith('/') || url.Contains("://", StringComparison.Ordinal)) return url;
        if (Page().Match(url) is { Success: true } page) return page.Groups["slug"].Value == HandbookLibrary.Index ? "/help" : $"/help/{page.Groups["slug"].Value}{page.Groups["anchor"].Value}";
        if (Chapter().Match(url) is { Success: true } chapter) return $"/guide/{chapter.Groups["slug"].Value}{chapter.Groups["anchor"].Value}";
        return null;
    }

    /// <summary>A drawing becomes part of the page, so that it takes the page's colours, light or dark.</summary>
    private static void ShowDrawing(string folder, LinkInline image)
    {
        var file = Path.Combine(folder, Path.GetFileName(image.Url ?? ""));
        if (Path.GetExtension(file) == ".svg" && File.Exists(file)) image.ReplaceBy(new HtmlInline(File.ReadAllText(file)), copyChildren: false);
    }

    /// <summary>On a phone a row stands as a block, without the table's head: a third column says there what it is.</summary>
    private static void NameCells(Table table)
    {
        var rows = table.OfType<TableRow>().ToList();
        if (rows is not [{ IsHeader: true, Count: > 2 } head, ..]) return;
        List<string> names = [.. head.OfType<TableCell>().Select(cell => string.Concat(cell.Descendants<LeafBlock>().Select(leaf => PlainText(leaf.Inline))))];
        foreach (var row in rows.Skip(1))
        {
            for (var column = 2; column < Math.Min(row.Count, names.Count); column++) row[column].GetAttributes().AddProperty("data-label", names[column]);
        }
    }

    private static void DropLink(LinkInline link)
    {
        foreach (var part in link.ToList())
        {
            part.Remove();
            link.InsertBefore(part);
        }
        link.Remove();
    }

    private static IEnumerable<HandbookSection> Sections(string title, List<Block> blocks)
    {
        var (level, id, heading, text) = (1, "", title, new StringBuilder());
        foreach (var block in blocks)
        {
            if (block is HeadingBlock next)
            {
                yield return new(level, id, heading, text.ToString().Trim());
                (level, id, heading) = (next.Level, next.GetAttributes().Id ?? "", ChapterReader.Words(next.Inline));
                text.Clear();
                continue;
            }
            foreach (var leaf in block is LeafBlock only ? [only] : block.Descendants().OfType<LeafBlock>())
            {
                text.Append(leaf is CodeBlock code ? code.Lines.ToString() : leaf is HtmlBlock ? "" : PlainText(leaf.Inline)).Append(' ');
            }
        }
        yield return new(level, id, heading, text.ToString().Trim());
    }

    private static string PlainText(ContainerInline? inline) =>
        inline is null ? "" : string.Concat(inline.Descendants().Select(part => part switch
        {
            LiteralInline literal => literal.Content.ToString(),
            CodeInline code => code.Content,
            LineBreakInline => " ",
            SmartyPant { Type: SmartyPantType.Quote or SmartyPantType.LeftQuote or SmartyPantType.RightQuote } => "'",
            SmartyPant { Type: SmartyPantType.Ellipsis } => "...",
            SmartyPant { Type: SmartyPantType.Dash2 or SmartyPantType.Dash3 } => "-",
            SmartyPant => "\"",
            _ => "",
        }));

    [GeneratedRegex("^<p>(.*)</p>$", RegexOptions.Singleline)]
    private static partial Regex Paragraph();

    [GeneratedRegex("^(?<slug>[a-z0-9-]+)\\.md(?<anchor>#.*)?$")]
    private static partial Regex Page();

    [GeneratedRegex("^\\.\\./chapters/\\d+-(?<slug>[a-z0-9-]+)\\.md(?<anchor>#.*)?$")]
    private static partial Regex Chapter();
}
