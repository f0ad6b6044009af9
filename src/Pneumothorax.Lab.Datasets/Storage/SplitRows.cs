using System.Text.Json;
using System.Text.Json.Serialization;
using Pneumothorax.Lab.Datasets.Imaging;

namespace Pneumothorax.Lab.Datasets.Storage;

/// <summary>
/// Labels and attributes of a split, row by row. Attributes are kept by column with each distinct text once, so that a hundred
/// thousand images cost a few megabytes.
/// </summary>
internal sealed class SplitRows
{
    private readonly Dictionary<int, PixelBox> _boxes;
    private readonly Dictionary<int, byte[]> _masks;
    private readonly IReadOnlyList<AttributeColumn> _columns;
    private readonly HashSet<int> _heldOut;

    [JsonConstructor]
    public SplitRows(byte[] labels, IReadOnlyList<AttributeColumn>? columns = null, Dictionary<int, PixelBox>? boxes = null, IReadOnlyList<int>? heldOut = null, Dictionary<int, byte[]>? masks = null)
    {
        Labels = labels;
        _columns = columns ?? [];
        _boxes = boxes ?? [];
        _masks = masks ?? [];
        HeldOut = heldOut ?? [];
        _heldOut = [.. HeldOut];
        Positives = labels.Count(label => label == 1);
    }

    /// <summary>0 or 1 a row; 1 is pneumothorax. Base64 in JSON.</summary>
    public byte[] Labels { get; }

    public IReadOnlyList<AttributeColumn> Columns => _columns;

    public Dictionary<int, PixelBox> Boxes => _boxes;

    /// <summary>Packed as <see cref="ImageMask.Pack"/> does; base64 in JSON.</summary>
    public Dictionary<int, byte[]> Masks => _masks;

    /// <summary>Rows that form the validation split, ascending.</summary>
    public IReadOnlyList<int> HeldOut { get; }

    [JsonIgnore]
    public int Count => Labels.Length;

    [JsonIgnore]
    public int Positives { get; }

    public bool IsHeldOut(int row) => _heldOut.Contains(row);

    public PixelBox? Box(int row) => _boxes.GetValueOrDefault(row);

    public ImageMask? Mask(int row) => _masks.TryGetValue(row, out var packed) ? ImageMask.Unpack(packed) : null;

    public IReadOnlyDictionary<string, string> Attributes(int row)
    {
        Dictionary<string, string> known = [];
        foreach (var column in _columns)
        {
            if (column.Of(row) is { } value) known[column.Name] = value;
        }
        return known;
    }

    /// <returns>The column of this name, or null.</returns>
    public AttributeColumn? Column(string name) => _columns.FirstOrDefault(column => column.Name == name);

    public void Write(string path)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        JsonSerializer.Serialize(stream, this, StoreJson.Compact);
        stream.Flush(flushToDisk: true);
    }

    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    public static SplitRows Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var rows = JsonSerializer.Deserialize<SplitRows>(stream, StoreJson.Compact);
            if (rows?.Labels is { Length: > 0 } labels && labels.All(label => label <= 1)
                && rows.Columns.All(column => column.Fits(labels.Length)) && rows.HeldOut.All(row => row >= 0 && row < labels.Length))
                return rows;
        }
        catch (JsonException exception) { throw new InvalidDataException($"{path} cannot be read: {exception.Message}", exception); }
        throw new InvalidDataException($"{path} is inconsistent.");
    }
}

/// <summary>One attribute of all rows.</summary>
/// <param name="Values">The distinct texts.</param>
/// <param name="Rows">Index into <paramref name="Values"/> a row, -1 where unknown.</param>
internal sealed record AttributeColumn(string Name, IReadOnlyList<string> Values, int[] Rows)
{
    public string? Of(int row) => Rows[row] >= 0 ? Values[Rows[row]] : null;

    public bool Fits(int count) => Rows.Length == count && Rows.All(value => value >= -1 && value < Values.Count);

    /// <returns>Null when no row has a text.</returns>
    public static AttributeColumn? Of(string name, IEnumerable<string?> texts)
    {
        List<string?> all = [.. texts];
        var builder = new AttributeColumnBuilder(name, all.Count);
        for (var row = 0; row < all.Count; row++) builder[row] = all[row];
        return builder.Build();
    }
}

/// <summary>A column that is filled row by row; a row that is passed over, or set to nothing but spaces, is unknown.</summary>
internal sealed class AttributeColumnBuilder
{
    private readonly string _name;
    private readonly int[] _rows;
    private readonly List<string> _values = [];
    private readonly Dictionary<string, int> _known = [];

    public AttributeColumnBuilder(string name, int count)
    {
        (_name, _rows) = (name, new int[count]);
        Array.Fill(_rows, -1);
    }

    public string? this[int row]
    {
        set
        {
            if (string.IsNullOrWhiteSpace(value)) return;
            if (!_known.TryGetValue(value, out var index))
            {
                index = _known[value] = _values.Count;
                _values.Add(value);
            }
            _rows[row] = index;
        }
    }

    /// <returns>Null when no row has a text.</returns>
    public AttributeColumn? Build() => _values.Count == 0 ? null : new(_name, _values, _rows);
}
