using System.Text.RegularExpressions;
using Pneumothorax.Lab.Classroom.Handbook;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Web.Tests.Guide;

namespace Pneumothorax.Lab.Web.Tests.Help;

/// <summary>The documents of the repository.</summary>
internal static partial class HandbookFiles
{
    public static string Root { get; } = ContentTests.Root();

    public static HandbookLibrary Library { get; } = new(new ContentDirectory(Path.Combine(Root, "content")));

    /// <summary>Paths within the repository.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", .. Directory.EnumerateFiles(Path.Combine(Root, "content", "handbook"), "*.md").Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal)];

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>Without code, where brackets are no links.</summary>
    public static string Prose(string file) => Code().Replace(Text(file), "");

    /// <summary>Every C# file of the product.</summary>
    public static IEnumerable<string> Sources() => Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj"));

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();
}
