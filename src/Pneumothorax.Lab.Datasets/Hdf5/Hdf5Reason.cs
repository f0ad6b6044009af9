namespace Pneumothorax.Lab.Datasets.Hdf5;

/// <summary>Words every refusal the same way: file, data set within it, reason.</summary>
internal sealed record Hdf5Reason(string Path, string? Dataset = null)
{
    /// <param name="reason">Goes on after the name, such as "is empty".</param>
    public InvalidDataException Refuse(string reason, Exception? cause = null) =>
        new(Dataset is null ? $"{Path} {reason}." : $"{Path}: \"{Dataset}\" {reason}.", cause);

    /// <summary>Runs something of PureHDF, which reports damage with whatever exception it met, down to a plain Exception.</summary>
    public T Guard<T>(Func<T> read)
    {
        try { return read(); }
        // A member that PureHDF does not have is a fault of ours, not of the file.
        catch (Exception exception) when (!IsRefusal(exception) && exception is not (MissingMemberException or OutOfMemoryException))
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
        if (exception is InsufficientExecutionStackException) return "is damaged: it contains a circular reference";
        var message = exception.Message.ReplaceLineEndings(" ").TrimEnd('.');
        if (exception is EndOfStreamException or OverflowException || message.Contains("too small", StringComparison.Ordinal))
            return Dataset is null ? "is cut short or damaged" : "cannot be read: the file is cut short or damaged";
        return Dataset is null ? $"is not a readable HDF5 file: {message}" : $"is damaged: {message}";
    }
}
