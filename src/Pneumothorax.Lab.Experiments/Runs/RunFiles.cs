namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>What pages read from a run folder besides its points.</summary>
public static class RunFiles
{
    /// <summary>Enough for every line of the longest log.</summary>
    private const int MostLogBytes = 6 * 1024 * 1024;

    /// <returns>The newest lines of <c>log.txt</c>, oldest first; empty before the first.</returns>
    public static IReadOnlyList<string> ReadLog(this RunFolder folder, int most = int.MaxValue)
    {
        try
        {
            // The agent may be appending: share everything.
            using var stream = new FileStream(folder.LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Seek(-Math.Min(stream.Length, most < 1000 ? 400L * most : MostLogBytes), SeekOrigin.End);
            var cut = stream.Position > 0;
            using var reader = new StreamReader(stream);
            List<string> lines = [];
            while (reader.ReadLine() is { } line) lines.Add(line);
            return [.. lines.Skip(cut ? 1 : 0).TakeLast(most)];
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }
}
