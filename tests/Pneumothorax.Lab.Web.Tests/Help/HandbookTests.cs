using System.Text.RegularExpressions;
using Pneumothorax.Lab.Classroom.Handbook;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Help;

/// <summary>What README and handbook say of the lab is so.</summary>
public sealed partial class HandbookTests
{
    [Fact]
    public void Readme_IsShort_AndNamesTheTwoCommands()
    {
        var lines = HandbookFiles.Text("README.md").Split('\n');

        Assert.InRange(lines.Length, 1, 150);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 140));
        Assert.Contains("dotnet run --project src/Pneumothorax.Lab.Web -c Release", lines);
        Assert.Contains("./tests/run.sh", lines);
    }

    [Fact]
    public void SettingsTable_HasEverySettingThatTheCodeReads_AndNoOther()
    {
        var table = Section("administrator", "settings").Split("| if unset |")[1];
        var told = Setting().Matches(table).Select(match => match.Value).Where(name => name.StartsWith("Lab__", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(SettingsOfTheCode(), told);
    }

    [Fact]
    public void Settings_NamedAnywhereInTheDocuments_AreThere()
    {
        var known = SettingsOfTheCode().ToHashSet(StringComparer.Ordinal);

        Assert.All(HandbookFiles.All, file => Assert.All(Setting().Matches(HandbookFiles.Text(file)), match => Assert.Contains(match.Value, known)));
    }

    [Fact]
    public void DevelopersPage_NamesEveryProject_AndNoOther()
    {
        var told = Project().Matches(Section("developer", "projects")).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(Directory.EnumerateDirectories(Path.Combine(HandbookFiles.Root, "src")).Select(Path.GetFileName).Order(StringComparer.Ordinal), told);
    }

    [Fact]
    public void Index_ListsEveryPage()
    {
        var index = HandbookFiles.Text("content/handbook/index.md");

        Assert.NotEmpty(HandbookFiles.Library.Pages);
        Assert.All(HandbookFiles.Library.Pages, page => Assert.Contains($"]({page.Slug}.md)", index, StringComparison.Ordinal));
        Assert.All(HandbookFiles.Library.Pages, page => Assert.NotEmpty(page.Lead));
        Assert.All(HandbookFiles.Library.Pages, page => Assert.Equal(page.Sections.Count, page.Sections.DistinctBy(section => section.Id).Count()));
    }

    [Fact]
    public void Search_FindsHeadingsFirst_AndTextWithoutMarkup()
    {
        var hits = HandbookSearch.Find(HandbookFiles.Library.Pages, "BACKUP restore");

        Assert.Equal(("administrator", "backup-and-restore"), (hits[0].Page.Slug, hits[0].Section.Id));
        Assert.Contains(hits[0].Excerpt, piece => piece is { Text: "backup", IsMarked: true });
        Assert.Contains(HandbookSearch.Find(HandbookFiles.Library.Pages, "Lab__RunMinutes"), hit => hit.Section.Id == "settings");
        Assert.Empty(HandbookSearch.Find(HandbookFiles.Library.Pages, "  "));
        Assert.Empty(HandbookSearch.Find(HandbookFiles.Library.Pages, "backup xyzzy"));
    }

    [Fact]
    public void Search_ExcerptCutsNoWord_AndKeepsAllItsLetters()
    {
        var page = new HandbookPage("page", "Page", "", "", [new(2, "section", "Section", string.Join(' ', Enumerable.Repeat("lorem", 40)) + " needle " + string.Join(' ', Enumerable.Repeat("ipsum", 60)))]);

        var excerpt = Assert.Single(HandbookSearch.Find([page], "needle")).Excerpt;

        Assert.All(string.Concat(excerpt.Select(piece => piece.Text)).Split(' '), word => Assert.Contains(word, (string[])["lorem", "needle", "ipsum", "..."]));
        Assert.Equal("needle", Assert.Single(excerpt, piece => piece.IsMarked).Text);
    }

    /// <summary>"Lab:Slots" as configuration reads it, and "Lab__Slots" as programs read their environment.</summary>
    private static IEnumerable<string> SettingsOfTheCode()
    {
        HashSet<string> found = [];
        foreach (var text in HandbookFiles.Sources().Select(File.ReadAllText))
        {
            foreach (var name in Key().Matches(text).Select(match => match.Groups[1].Value)) found.Add("Lab__" + name);
            foreach (var name in Constant().Matches(text).Select(match => match.Groups[1].Value)) found.Add(name);
            if (!text.Contains("\"Lab:OpenIdConnect\"", StringComparison.Ordinal)) continue;
            foreach (var part in Part().Matches(text).Select(match => match.Groups[1].Value)) found.Add("Lab__OpenIdConnect__" + part);
        }
        found.Remove("Lab__OpenIdConnect");
        return found.Order(StringComparer.Ordinal);
    }

    private static string Section(string slug, string id)
    {
        var file = HandbookFiles.Text($"content/handbook/{slug}.md");
        var title = HandbookFiles.Library.Find(slug)!.Sections.Single(section => section.Id == id).Title;
        return file.Split($"\n## {title}\n")[1].Split("\n## ")[0];
    }

    [GeneratedRegex("Lab__[A-Za-z_]*[A-Za-z]")]
    private static partial Regex Setting();

    [GeneratedRegex("\"Lab:([A-Za-z]+)\"")]
    private static partial Regex Key();

    [GeneratedRegex("= \"(Lab__[A-Za-z]+)\"")]
    private static partial Regex Constant();

    [GeneratedRegex("section(?:\\[|, )\"([A-Za-z]+)\"|\\{Section\\}:(?<1>[A-Za-z]+)\"")]
    private static partial Regex Part();

    [GeneratedRegex("`(Pneumothorax\\.Lab\\.[A-Za-z]+)`")]
    private static partial Regex Project();
}
