using Pneumothorax.Lab.Experiments;

namespace Pneumothorax.Lab.Classroom.Guide;

/// <summary>All chapters as they lie on disk now: an edited file shows on the next load, without a restart.</summary>
public sealed class ChapterLibrary(ContentDirectory content)
{
    private readonly Lock _lock = new();
    private (string Stamp, IReadOnlyList<Chapter> Chapters, Glossary Glossary) _read = ("", [], Glossary.Empty);

    /// <summary>In the order of their numbers; empty when the content folder has none.</summary>
    public IReadOnlyList<Chapter> Chapters => Current().Chapters;

    public Glossary Glossary => Current().Glossary;

    public Chapter? Find(string slug) => Chapters.FirstOrDefault(chapter => chapter.Slug == slug);

    private (string Stamp, IReadOnlyList<Chapter> Chapters, Glossary Glossary) Current()
    {
        var folder = new DirectoryInfo(Path.Combine(content.Path, "chapters"));
        var words = new FileInfo(Path.Combine(content.Path, "glossary.md"));
        FileInfo[] files = folder.Exists ? [.. folder.EnumerateFiles("*.md").OrderBy(file => file.Name, StringComparer.Ordinal)] : [];
        var stamp = string.Join('|', files.Append(words).Where(file => file.Exists).Select(file => $"{file.Name}:{file.LastWriteTimeUtc.Ticks}:{file.Length}"));
        lock (_lock)
        {
            if (_read.Stamp == stamp && stamp.Length > 0) return _read;
            var glossary = words.Exists ? Glossary.Read(File.ReadAllText(words.FullName)) : Glossary.Empty;
            var reader = new ChapterReader(glossary);
            IReadOnlyList<Chapter> chapters = [.. files.Select(file => reader.Read($"chapters/{file.Name}", File.ReadAllText(file.FullName))).OrderBy(chapter => chapter.Number)];
            return _read = (stamp, chapters, glossary);
        }
    }
}
