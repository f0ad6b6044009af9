namespace Pneumothorax.Lab.Experiments;

/// <summary>Writes a file under a temporary name beside it and renames it: either the old file or the new one is there, never half of one.</summary>
public static class AtomicFile
{
    private const string Ending = ".part";

    /// <param name="write">Writes the file whose path it is given. What it leaves behind is deleted when it fails: on a full disk, half a file would keep everything else out too.</param>
    /// <param name="replace">False: a file that is there stays, and an <see cref="IOException"/> says so.</param>
    /// <param name="hasRivals">Others may write the same file at the same time, so that each needs a temporary name of its own.</param>
    public static void Write(string path, Action<string> write, bool replace = true, bool hasRivals = false)
    {
        var temporary = TemporaryOf(path, hasRivals);
        try
        {
            write(temporary);
            File.Move(temporary, path, replace);
        }
        catch
        {
            Drop(temporary);
            throw;
        }
    }

    /// <inheritdoc cref="Write"/>
    public static async Task WriteAsync(string path, Func<string, Task> write, bool replace = true, bool hasRivals = false)
    {
        var temporary = TemporaryOf(path, hasRivals);
        try
        {
            await write(temporary);
            File.Move(temporary, path, replace);
        }
        catch
        {
            Drop(temporary);
            throw;
        }
    }

    /// <summary>The text in UTF-8.</summary>
    public static void WriteText(string path, string text) => Write(path, temporary => File.WriteAllText(temporary, text));

    private static string TemporaryOf(string path, bool hasRivals) => hasRivals ? $"{path}.{Guid.NewGuid():N}{Ending}" : path + Ending;

    private static void Drop(string temporary)
    {
        try { File.Delete(temporary); }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Why it could not be written says more.
        }
    }
}
