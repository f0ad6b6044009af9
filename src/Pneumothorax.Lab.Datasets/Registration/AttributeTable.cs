using System.Globalization;
using Pneumothorax.Lab.Datasets.Storage;

namespace Pneumothorax.Lab.Datasets.Registration;

/// <summary>
/// What is known of the images beside their pixels: a CSV with the columns <c>file</c> (name of the HDF5 file) and <c>index</c>
/// (row in it, from 0), and any others.
/// </summary>
internal sealed class AttributeTable
{
    private static readonly Dictionary<string, string> s_friendly = new()
    {
        ["patient_id"] = AttributeNames.Patient,
        ["projection"] = AttributeNames.View,
        ["view_position"] = AttributeNames.View,
        ["gender"] = AttributeNames.Sex,
        ["license"] = AttributeNames.Licence,
    };

    private readonly string[] _header;
    private readonly Dictionary<(string File, int Index), (int Line, string[] Fields)> _records = [];

    private AttributeTable(string path, string[] header) => (Path, _header) = (path, header);

    public string Path { get; }

    /// <exception cref="InvalidDataException">A column is missing or a record is malformed; the message names file and line.</exception>
    public static AttributeTable Read(string path)
    {
        using var reader = RegularFile.OpenText(path);
        AttributeTable? table = null;
        foreach (var (line, fields) in CsvReader.ReadForeign(reader, path))
        {
            if (table is null)
            {
                table = new(path, [.. fields.Select(field => field.Trim().ToLowerInvariant())]);
                foreach (var needed in (string[])["file", "index"])
                {
                    if (!table._header.Contains(needed)) throw new InvalidDataException($"{path} has no column \"{needed}\"; it has: {string.Join(", ", table._header)}.");
                }
                continue;
            }
            table.Add(line, fields);
        }
        return table ?? throw new InvalidDataException($"{path} is empty.");
    }

    /// <summary>Whether any record belongs to this HDF5 file.</summary>
    public bool Describes(string file) => _records.Keys.Any(key => key.File == System.IO.Path.GetFileName(file));

    /// <returns>A column an attribute, a row an image of the file; images without a record have no attributes.</returns>
    /// <exception cref="InvalidDataException">A record is for an image that the file does not have, or has another label.</exception>
    public IReadOnlyList<AttributeColumn> ColumnsFor(string file, byte[] labels)
    {
        var name = System.IO.Path.GetFileName(file);
        var mine = new string[]?[labels.Length];
        foreach (var ((of, index), record) in _records)
        {
            if (of != name) continue;
            if (index >= labels.Length) throw new InvalidDataException($"{Path}, line {record.Line}: image {index} of {name} does not exist; the file has {labels.Length}.");
            mine[index] = record.Fields;
            var label = Array.IndexOf(_header, "label");
            if (label >= 0 && record.Fields[label].Trim() is var said && said != labels[index].ToString(CultureInfo.InvariantCulture))
                throw new InvalidDataException($"{Path}, line {record.Line}: label {said} for image {index} of {name}, whose label is {labels[index]}.");
        }

        List<AttributeColumn> columns = [];
        for (var i = 0; i < _header.Length; i++)
        {
            if (_header[i] is "file" or "index" or "label" or "") continue;
            var at = i;
            var key = s_friendly.GetValueOrDefault(_header[i], _header[i]);
            if (columns.All(column => column.Name != key)
                && AttributeColumn.Of(key, mine.Select(fields => fields?[at].Trim())) is { } column) columns.Add(column);
        }
        return columns;
    }

    private void Add(int line, string[] fields)
    {
        if (fields.Length != _header.Length)
            throw new InvalidDataException($"{Path}, line {line}: {fields.Length} fields, but the header has {_header.Length}.");
        var text = fields[Array.IndexOf(_header, "index")];
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            throw new InvalidDataException($"{Path}, line {line}: the index \"{text}\" is not a whole number from 0.");
        var file = fields[Array.IndexOf(_header, "file")].Trim();
        if (!_records.TryAdd((file, index), (line, fields)))
            throw new InvalidDataException($"{Path}, line {line}: image {index} of {file} is described twice.");
    }
}
