using System.Text.RegularExpressions;

namespace Pneumothorax.Lab.Data.Hdf5;

/// <summary>Words every refusal the same way: file, data set within it, reason.</summary>
internal sealed partial record Hdf5Reason(string Path, string? Dataset = null)
{
    /// <param name="reason">Goes on after the name, such as "is empty".</param>
    public InvalidDataException Refuse(string reason, Exception? cause = null) =>
        new(Dataset is null ? $"{Path} {reason}." : $"{Path}: \"{Dataset}\" {reason}.", cause);

    /// <summary>Runs something of PureHDF, which reports damage with whatever exception it met, down to a plain Exception.</summary>
    public T Guard<T>(Func<T> read)
    {
        try { return read(); }
        catch (Exception exception) when (!IsRefusal(exception))
        {
            throw Refuse(Explain(exception), exception);
        }
    }

    /// <summary>Guards the reading of a sequence, and not what its user does between two items.</summary>
    public IEnumerable<T> Guard<T>(IEnumerable<T> items)
    {
        using var item = items.GetEnumerator();
        while (Guard(item.MoveNext)) yield return item.Current;
    }

    private bool IsRefusal(Exception exception) => exception is InvalidDataException && exception.Message.StartsWith(Path, StringComparison.Ordinal);

    public static string Shape(IEnumerable<ulong> sizes) => $"({string.Join(", ", sizes)})";

    private string Explain(Exception exception)
    {
        // PureHDF wraps what its filters say in an exception that says nothing.
        var cause = exception is { Message: "Filter pipeline failed.", InnerException: { } inner } ? inner : exception;
        var message = cause.Message.ReplaceLineEndings(" ").TrimEnd('.');

        if (MissingFilter().Match(message) is { Success: true } filter)
            return $"is compressed with {filter.Groups[1].Value}, which is not read here; write it with gzip or uncompressed";
        if (cause is EndOfStreamException or OverflowException || message.Contains("too small", StringComparison.Ordinal))
            return Dataset is null ? "is cut short or damaged" : "cannot be read: the file is cut short or damaged";
        return Dataset is null ? $"is not a readable HDF5 file: {message}" : $"is damaged: {message}";
    }

    [GeneratedRegex("Could not find filter '(.+?)' with ID")]
    private static partial Regex MissingFilter();
}
