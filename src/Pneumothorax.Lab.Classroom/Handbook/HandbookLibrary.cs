using System.Text.RegularExpressions;
using Pneumothorax.Lab.Experiments;

namespace Pneumothorax.Lab.Classroom.Handbook;

/// <summary>The handbook as it lies on disk now, in <c>content/handbook</c>: an edited file shows on the next load, without a restart.</summary>
public sealed partial class HandbookLibrary(ContentDirectory content)
{
    /// <summary>The file that lists the others; the handbook has them in its order.</summary>
    public const string Index = "index";

    private readonly Lock _lock = new();
    private (string Stamp, HandbookPage? Index, IReadOnlyList<HandbookPage> Pages) _read = ("", null, []);

    /// <summary>What stands at /help; null when the content folder has no handbook.</summary>
    public HandbookPage? Start => Current().Index;

    /// <summary>As the index lists them; what it does not list comes last.</summary>
    public IReadOnlyList<HandbookPage> Pages => Current().Pages;

    public HandbookPage? Find(string slug) => Pages.FirstOrDefault(page => page.Slug == slug);

    private (string Stamp, HandbookPage? Index, IReadOnlyList<HandbookPage> Pages) Current()
    {
        var folder = new DirectoryInfo(Path.Combine(content.Path, "handbook"));
        FileInfo[] files = folder.Exists ? [.. folder.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal)] : [];
        var stamp = string.Join('|', files.Select(file => $"{file.Name}:{file.LastWriteTimeUtc.Ticks}:{file.Length}"));
        lock (_lock)
        {
            if (_read.Stamp == stamp) return _read;
            var texts = files.Where(file => file.Extension == ".md").ToDictionary(file => Path.GetFileNameWithoutExtension(file.Name), file => File.ReadAllText(file.FullName));
            var order = FileLink().Matches(texts.GetValueOrDefault(Index, "")).Select(link => link.Groups[1].Value).ToList();
            int Place(string slug) => order.IndexOf(slug) is var place and >= 0 ? place : order.Count;
            return _read = (stamp,
                texts.TryGetValue(Index, out var index) ? HandbookReader.Read(folder.FullName, Index, index) : null,
                [.. from text in texts
                    where text.Key != Index
                    orderby Place(text.Key), text.Key
                    select HandbookReader.Read(folder.FullName, text.Key, text.Value)]);
        }
    }

    [GeneratedRegex(@"\]\(([a-z0-9-]+)\.md\)")]
    private static partial Regex FileLink();
}
