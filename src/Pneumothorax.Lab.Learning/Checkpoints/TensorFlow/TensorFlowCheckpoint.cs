using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Weights;

namespace Pneumothorax.Lab.Learning.Checkpoints.TensorFlow;

/// <summary>
/// The exercise's own trained model: a TensorFlow checkpoint of <see cref="NetworkSpec.Lab"/>, as the tensors that the network here has. Kernels turn from
/// (height, width, in, out) to (out, in, height, width), the dense weights from (in, out) to (out, in).
/// </summary>
/// <remarks>An index, <c>model.ckpt.index</c>, and data files beside it, <c>model.ckpt.data-00000-of-00001</c>. What the optimizer keeps is left out.</remarks>
public sealed class TensorFlowCheckpoint : WeightsFile
{
    private const string IndexSuffix = ".index";
    private const string Momentum = "/Momentum";
    private const string GlobalStep = "global_step";

    /// <summary>Above what a network of today's size would need; more is an error or an attack.</summary>
    private const long MostIndexBytes = 64 << 20;

    private readonly Dictionary<string, (string Variable, BundleEntry Entry)> _variables = [];
    private readonly string _prefix;
    private readonly int _shards;

    private TensorFlowCheckpoint(string prefix, FileStream index) : base(prefix + IndexSuffix, index)
    {
        _prefix = prefix;
        var table = ReadIndex(index);
        _shards = ReadShards(table);
        var entries = new Dictionary<string, WeightsEntry>();
        var superfluous = table.Where(entry => entry.Key is not ("" or GlobalStep) && !entry.Key.EndsWith(Momentum, StringComparison.Ordinal)).ToDictionary(entry => entry.Key, entry => entry.Value);
        foreach (var (variable, name, shape) in Expected)
        {
            if (!superfluous.Remove(variable, out var message))
                throw Refusal($"has no variable \"{variable}\", so it does not belong to the exercise's network. It has: {string.Join(", ", table.Select(entry => WeightsEntry.Shown(entry.Key)).Where(key => key.Length > 0).Take(24))}.");
            var entry = Parse(variable, message);
            if (!entry.Shape.SequenceEqual(shape))
                throw Refusal(variable, $"has the shape {WeightsEntry.Words(entry.Shape)}; the exercise's network has {WeightsEntry.Words(shape)} there.");
            _variables[name] = (variable, entry);
            entries[name] = new(name, entry.Type == BundleEntry.Float32 ? WeightsEntry.RequiredType : $"of TensorFlow's type {entry.Type}", Turned(entry.Shape));
        }
        if (superfluous.Count > 0)
            throw Refusal($"has \"{WeightsEntry.Shown(superfluous.Keys.First())}\"{(superfluous.Count > 1 ? $" and {superfluous.Count - 1} more" : "")}, which the exercise's network does not have.");
        Entries = entries;
    }

    public override IReadOnlyDictionary<string, WeightsEntry> Entries { get; }

    /// <summary>Variables in TensorFlow's words, tensors in ours, and the shapes in TensorFlow's order.</summary>
    private static IEnumerable<(string Variable, string Name, long[] Shape)> Expected
    {
        get
        {
            var from = 1;
            foreach (var (i, block) in NetworkSpec.Lab.Blocks.Index())
            {
                foreach (var (layer, name) in ((int, string)[])[(2 * i, "first"), (2 * i + 1, "second")])
                {
                    var variable = layer == 0 ? "conv2d" : string.Create(CultureInfo.InvariantCulture, $"conv2d_{layer}");
                    yield return ($"{variable}/kernel", $"blocks.{i}.{name}.weight", [block.Kernel, block.Kernel, from, block.Channels]);
                    yield return ($"{variable}/bias", $"blocks.{i}.{name}.bias", [block.Channels]);
                    from = block.Channels;
                }
            }
            yield return ("dense/kernel", "classifier.weight", [from, NetworkSpec.Classes]);
            yield return ("dense/bias", "classifier.bias", [NetworkSpec.Classes]);
        }
    }

    /// <param name="path">As TensorFlow calls it, <c>model.ckpt</c>, or its index.</param>
    /// <exception cref="InvalidDataException">Absent, damaged, or of another network; one line that names the file, and the variable where it is about one.</exception>
    public static TensorFlowCheckpoint Open(string path)
    {
        var prefix = path.EndsWith(IndexSuffix, StringComparison.Ordinal) ? path[..^IndexSuffix.Length] : path;
        if (!File.Exists(prefix + IndexSuffix))
            throw new InvalidDataException($"{prefix}{IndexSuffix} does not exist: give TensorFlow's name of the checkpoint, such as model.ckpt, with its .index and .data files in one folder.");

        var index = new FileStream(prefix + IndexSuffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            return new(prefix, index);
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    protected override float[] ReadValues(WeightsEntry entry)
    {
        var (variable, place) = _variables[entry.Name];
        var count = place.Shape.Aggregate(1L, (product, side) => product * side);
        if (place.Size != count * sizeof(float)) throw Refusal(variable, $"is {place.Size} bytes long; its shape {WeightsEntry.Words(place.Shape)} needs {count * sizeof(float)}.");
        if (place.Shard < 0 || place.Shard >= _shards) throw Refusal(variable, $"is in data file {place.Shard}, but there are only {_shards}.");

        var path = string.Create(CultureInfo.InvariantCulture, $"{_prefix}.data-{place.Shard:00000}-of-{_shards:00000}");
        if (!File.Exists(path)) throw new InvalidDataException($"{path} does not exist: the index alone contains no weights.");
        using var data = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (place.Offset < 0 || place.Offset + place.Size > data.Length)
            throw new InvalidDataException($"{path} is {data.Length} bytes long, but \"{variable}\" is at {place.Offset} to {place.Offset + place.Size}: it is cut short.");
        var values = new float[count];
        data.Seek(place.Offset, SeekOrigin.Begin);
        data.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        if (MaskedCrc.Of(MemoryMarshal.AsBytes(values.AsSpan())) != place.Crc)
            throw new InvalidDataException($"{path}: the checksum of \"{variable}\" is wrong: the file is damaged, or does not belong to this index.");
        return Turned(values, place.Shape);
    }

    private List<(string Key, byte[] Value)> ReadIndex(FileStream index)
    {
        if (index.Length > MostIndexBytes) throw Refusal($"is {index.Length >> 20} MB long, which is too large for an index.");
        var bytes = new byte[index.Length];
        index.ReadExactly(bytes);
        try
        {
            return SortedTable.Read(bytes);
        }
        catch (InvalidDataException exception)
        {
            throw Refusal(exception.Message, exception);
        }
    }

    private int ReadShards(List<(string Key, byte[] Value)> table)
    {
        try
        {
            var (shards, bigEndian) = table.Count > 0 && table[0].Key.Length == 0 ? BundleEntry.ParseHeader(table[0].Value) : default;
            if (bigEndian) throw Refusal("was written on a big-endian machine, whose files cannot be read here.");
            return shards > 0 ? shards : throw Refusal("does not say how many data files there are.");
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw Refusal("has a header that cannot be read.", exception);
        }
    }

    private BundleEntry Parse(string variable, byte[] message)
    {
        try
        {
            return BundleEntry.Parse(message);
        }
        catch (InvalidProtocolBufferException)
        {
            throw Refusal(variable, "has an entry that cannot be read.");
        }
    }

    private static long[] Turned(IReadOnlyList<long> shape) => shape switch
    {
        [var height, var width, var from, var to] => [to, from, height, width],
        [var from, var to] => [to, from],
        _ => [.. shape],
    };

    private static float[] Turned(float[] values, IReadOnlyList<long> shape)
    {
        // Both orders end in (in, out) in TensorFlow and begin with (out, in) in PyTorch; what was before lies behind.
        if (shape.Count < 2) return values;
        var (from, to) = ((int)shape[^2], (int)shape[^1]);
        var places = values.Length / (from * to);
        var turned = new float[values.Length];
        for (var place = 0; place < places; place++)
        {
            for (var i = 0; i < from; i++)
            {
                for (var o = 0; o < to; o++) turned[(o * from + i) * places + place] = values[(place * from + i) * to + o];
            }
        }
        return turned;
    }
}
