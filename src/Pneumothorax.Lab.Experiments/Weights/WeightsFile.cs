namespace Pneumothorax.Lab.Experiments.Weights;

/// <summary>One tensor of a weights file, as its header describes it.</summary>
/// <param name="Type">The element type in Python's words, such as "float32"; the format's own word where it has no such name.</param>
public sealed record WeightsEntry(string Name, string Type, IReadOnlyList<long> Shape)
{
    /// <summary>The only type that weights have here.</summary>
    public const string RequiredType = "float32";

    /// <summary>Numbers in it; null where the shape is absurd.</summary>
    internal long? Count
    {
        get
        {
            try
            {
                return Shape.Aggregate(1L, (product, side) => side >= 0 ? checked(product * side) : throw new OverflowException());
            }
            catch (OverflowException)
            {
                return null;
            }
        }
    }

    /// <summary>A name from a file can be anything; what is shown is one line that a terminal survives.</summary>
    public static string Shown(string name) =>
        string.Concat(InputText.Cut(name, 80).Select(letter => char.IsControl(letter) ? '?' : letter)) + (name.Length > 80 ? "..." : "");

    /// <returns>"16 x 1 x 5 x 5"; "one number" for a tensor without dimensions.</returns>
    public static string Words(IEnumerable<long> shape) => string.Join(" x ", shape) is { Length: > 0 } words ? words : "one number";
}

/// <summary>
/// Named tensors in a file from anywhere. Opening reads and checks the descriptions only; what they claim costs no memory until
/// <see cref="Read"/> is called.
/// </summary>
/// <remarks>Every refusal is an <see cref="InvalidDataException"/> whose one line names the file, and the tensor where it is about one.</remarks>
public abstract class WeightsFile(string path, Stream stream) : IDisposable
{
    public string Path { get; } = path;

    protected Stream Stream { get; } = stream;

    public abstract IReadOnlyDictionary<string, WeightsEntry> Entries { get; }

    /// <summary>What the file says of itself; empty where the format has no place for it.</summary>
    public virtual IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>();

    /// <param name="format">Decides how the file is read; its name does not.</param>
    /// <exception cref="InvalidDataException">Absent, or not of this format, or its descriptions are damaged.</exception>
    public static WeightsFile Open(string path, WeightsFormat format)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"{path} does not exist.");

        return Open(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), format);
    }

    /// <param name="path">For messages.</param>
    /// <param name="stream">The file from its beginning; closed with what is returned.</param>
    /// <inheritdoc cref="Open(string, WeightsFormat)"/>
    public static WeightsFile Open(string path, Stream stream, WeightsFormat format)
    {
        try
        {
            return format == WeightsFormat.Npz ? new NpzFile(path, stream) : new SafeTensorsFile(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <returns>The tensor's values, row by row.</returns>
    /// <exception cref="InvalidDataException">It is not float32, is cut short, or holds a value that is not finite.</exception>
    public float[] Read(string name)
    {
        var values = ReadAsIs(name);
        var bad = Array.FindIndex(values, value => !float.IsFinite(value));
        return bad < 0 ? values : throw Refusal(name, FormattableString.Invariant($"contains {values[bad]} at position {bad}, which is not a valid weight."));
    }

    /// <summary>As <see cref="Read"/>, also values that are not finite: those of a run that diverged.</summary>
    /// <exception cref="InvalidDataException">It is not float32, or is cut short.</exception>
    public float[] ReadAsIs(string name)
    {
        var entry = Entries[name];
        if (entry.Type != WeightsEntry.RequiredType)
            throw Refusal(name, $"is {entry.Type}, but weights must be float32: save it as .astype(\"float32\").");

        return ReadValues(entry);
    }

    /// <param name="entry">Of type float32.</param>
    protected abstract float[] ReadValues(WeightsEntry entry);

    /// <returns>About one tensor: the file, its name, what is wrong.</returns>
    protected InvalidDataException Refusal(string name, string reason) => new($"{Path}: \"{WeightsEntry.Shown(name)}\" {reason}");

    /// <returns>About the whole file.</returns>
    protected InvalidDataException Refusal(string reason, Exception? inner = null) => new($"{Path} {reason}", inner);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => Stream.Dispose();
}

/// <summary>How weights lie in a file.</summary>
public enum WeightsFormat { SafeTensors, Npz }

public static class WeightsFormats
{
    public const string Words = "safetensors|npz";

    /// <exception cref="ArgumentException">Another word; the message lists those there are.</exception>
    public static WeightsFormat Find(string word) => word switch
    {
        "safetensors" => WeightsFormat.SafeTensors,
        "npz" => WeightsFormat.Npz,
        _ => throw new ArgumentException($"The format must be safetensors or npz, not \"{word}\"."),
    };
}
