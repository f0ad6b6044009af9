using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.Handbook;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Help;

/// <summary>No link of README, handbook and recipes leads nowhere, in the repository and in the portal.</summary>
public sealed partial class HandbookLinkTests
{
    private static readonly ChapterLibrary s_chapters = new(new ContentDirectory(Path.Combine(HandbookFiles.Root, "content")));

    /// <summary>Addresses that are no pages.</summary>
    private static readonly string[] s_endpoints = ["/openapi/v1.json"];

    [Fact]
    public void Links_OfFiles_LeadToFilesOfTheRepository()
    {
        List<string> faults = [];
        foreach (var file in HandbookFiles.All)
        {
            foreach (var target in Targets(file).Where(target => !target.StartsWith('/') && !target.StartsWith('#')))
            {
                var path = Path.GetFullPath(Path.Combine(HandbookFiles.Root, Path.GetDirectoryName(file)!, target.Split('#')[0]));
                if (!File.Exists(path)) faults.Add($"{file}: {target}");
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Links_OfTheHandbook_LeadToPagesHeadingsAndChaptersOfThePortal()
    {
        var pages = typeof(Program).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template).ToHashSet(StringComparer.Ordinal);
        List<string> faults = [];
        foreach (var file in HandbookFiles.All.Where(file => file.StartsWith("content", StringComparison.Ordinal)))
        {
            foreach (var target in Targets(file))
            {
                if (HandbookReader.Address(Path.GetFileNameWithoutExtension(file), target) is not { } address) continue;
                var (path, anchor) = address.Split('#') is [var before, var after] ? (before, after) : (address, "");
                var isThere = path.Split('/') switch
                {
                    [_, "help", var slug] => HandbookFiles.Library.Find(slug) is { } page && (anchor.Length == 0 || page.Sections.Any(section => section.Id == anchor)),
                    [_, "guide", var slug] => s_chapters.Find(slug) is { } chapter && (anchor.Length == 0 || chapter.Sections.Any(section => section.Id == anchor)),
                    _ => pages.Contains(path) || s_endpoints.Contains(path),
                };
                if (!isThere) faults.Add($"{file}: {target}");
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Links_OfPages_LeadToTheHandbook()
    {
        var links = Directory.EnumerateFiles(Path.Combine(HandbookFiles.Root, "src"), "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" && !file.Split(Path.DirectorySeparatorChar).Contains("obj"))
            .SelectMany(file => HelpLink().Matches(File.ReadAllText(file)), (file, link) => (File: Path.GetFileName(file), Slug: link.Groups["slug"].Value, Anchor: link.Groups["anchor"].Value)).ToList();

        Assert.True(links.Count > 5, "The links are not read any more.");
        Assert.All(links, link => Assert.True(
            HandbookFiles.Library.Find(link.Slug) is { } page && (link.Anchor.Length == 0 || page.Sections.Any(section => section.Id == link.Anchor)),
            $"{link.File} links to /help/{link.Slug}#{link.Anchor}, which is not there."));
    }

    [Fact]
    public void PathsInCode_AreThere()
    {
        List<string> faults = [];
        foreach (var file in HandbookFiles.All)
        {
            foreach (var path in RepositoryPath().Matches(HandbookFiles.Text(file)).Select(match => match.Groups[1].Value.TrimEnd('/')))
            {
                var whole = Path.Combine(HandbookFiles.Root, path);
                if (!File.Exists(whole) && !Directory.Exists(whole)) faults.Add($"{file}: {path}");
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static IEnumerable<string> Targets(string file) =>
        InlineLink().Matches(HandbookFiles.Prose(file)).Select(match => match.Groups[1].Value).Where(target => !target.Contains("://", StringComparison.Ordinal));

    [GeneratedRegex(@"\]\(([^)\s]+)\)|^\[[a-z]+\]: (?<1>\S+)$", RegexOptions.Multiline)]
    private static partial Regex InlineLink();

    [GeneratedRegex("\"/help/(?<slug>[a-z-]+)(?:#(?<anchor>[a-z0-9-]+))?\"")]
    private static partial Regex HelpLink();

    [GeneratedRegex("`((?:src|tests|content|wwwroot)/[A-Za-z0-9_./-]*)`")]
    private static partial Regex RepositoryPath();
}
