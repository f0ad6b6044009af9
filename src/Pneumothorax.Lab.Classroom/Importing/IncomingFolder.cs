using System.IO.Enumeration;
using Pneumothorax.Lab.Datasets.Importing;
using Pneumothorax.Lab.Runs;

namespace Pneumothorax.Lab.Classroom.Importing;

/// <summary>What lies in the import folder.</summary>
/// <param name="Path">From the import folder on, with "/" between names.</param>
/// <param name="Kind">What it can be imported as; null for something else.</param>
/// <param name="Bytes">Of a folder, all that is in it.</param>
/// <param name="Files">Null for a file.</param>
public sealed record Incoming(string Path, ImportKind? Kind, long Bytes, int? Files);

/// <summary>
/// The one folder on the server from which the page imports. Whoever may import shall not read the rest of the server by it: a path that leads
/// out is refused, and so is every link, wherever it leads.
/// </summary>
/// <param name="path">It need not be there.</param>
public sealed class IncomingFolder(string path)
{
    /// <summary>Folders in folders that are looked through for something to import.</summary>
    private const int Deep = 2;

    /// <summary>More are not listed: nobody chooses among them.</summary>
    private const int Most = 200;

    private static readonly EnumerationOptions s_all = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <returns>What can be imported, and what else lies at the top, by path.</returns>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be read.</exception>
    public IReadOnlyList<Incoming> Look(CancellationToken cancellationToken)
    {
        List<Incoming> found = [];
        if (Directory.Exists(Path)) Look(new(Path), 1, found, cancellationToken);
        return [.. found.OrderBy(item => item.Path, StringComparer.OrdinalIgnoreCase)];
    }

    /// <returns>The full path of something in the folder.</returns>
    /// <exception cref="RequestRefusedException">It leads out of the folder, there is no such thing, or a link is on the way or in it.</exception>
    public string Resolve(string relative)
    {
        var full = System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, relative));
        var inside = System.IO.Path.GetRelativePath(Path, full);
        if (inside is "." || inside.Split(System.IO.Path.DirectorySeparatorChar)[0] == ".." || System.IO.Path.IsPathRooted(inside))
            throw new RequestRefusedException($"\"{relative}\" is not in the import folder.");

        // From the top down, so that nothing behind a link is even asked about.
        var at = Path;
        foreach (var name in inside.Split(System.IO.Path.DirectorySeparatorChar))
        {
            at = System.IO.Path.Combine(at, name);
            FileSystemInfo here = Directory.Exists(at) ? new DirectoryInfo(at) : new FileInfo(at);
            if (here.LinkTarget is not null) throw Link(at);
            if (!here.Exists) throw new RequestRefusedException($"\"{relative}\" is no longer in the import folder.");
        }
        if (Directory.Exists(full) && Entries(full, entry => IsLink(ref entry), (ref FileSystemEntry entry) => entry.ToFullPath()).FirstOrDefault() is { } link) throw Link(link);
        return full;
    }

    private RequestRefusedException Link(string at) => new(
        $"{Relative(at)} is a link, and links are not followed here. Put the files themselves into the import folder, or set Lab__ImportDirectory to the folder that contains them.");

    private void Look(DirectoryInfo folder, int depth, List<Incoming> found, CancellationToken cancellationToken)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (found.Count >= Most) return;
            if (entry.LinkTarget is not null || entry.Name.StartsWith('.')) continue;

            if (entry is FileInfo file)
            {
                var kind = file.Extension.ToLowerInvariant() is ".h5" or ".hdf5" or ".hdf" ? ImportKind.Hdf5 : (ImportKind?)null;
                if (kind is not null || depth == 1) found.Add(new(Relative(file.FullName), kind, file.Length, null));
                continue;
            }
            var inner = (DirectoryInfo)entry;
            if (KindOf(inner.FullName) is { } collection)
            {
                found.Add(Sum(inner.FullName, collection, cancellationToken));
                continue;
            }
            var before = found.Count;
            if (depth < Deep) Look(inner, depth + 1, found, cancellationToken);
            if (depth == 1 && found.Count == before) found.Add(Sum(inner.FullName, null, cancellationToken));
        }
    }

    private static ImportKind? KindOf(string folder)
    {
        try { return Collections.IsNih(folder) ? ImportKind.Nih : Collections.IsSiim(folder) ? ImportKind.Siim : null; }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { return null; }
    }

    private Incoming Sum(string folder, ImportKind? kind, CancellationToken cancellationToken)
    {
        var (bytes, files) = (0L, 0);
        foreach (var length in Entries(folder, entry => !entry.IsDirectory && !IsLink(ref entry), (ref FileSystemEntry entry) => entry.Length))
        {
            cancellationToken.ThrowIfCancellationRequested();
            (bytes, files) = (bytes + length, files + 1);
        }
        return new(Relative(folder), kind, bytes, files);
    }

    private string Relative(string full) => System.IO.Path.GetRelativePath(Path, full).Replace(System.IO.Path.DirectorySeparatorChar, '/');

    private delegate bool Chosen(FileSystemEntry entry);

    /// <returns>The chosen of all that is below a folder, without going through links.</returns>
    private static FileSystemEnumerable<T> Entries<T>(string folder, Chosen chosen, FileSystemEnumerable<T>.FindTransform read) => new(folder, read, s_all)
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => chosen(entry),
        ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
    };

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
}
