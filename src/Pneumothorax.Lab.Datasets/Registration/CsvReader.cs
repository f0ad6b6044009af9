using System.Text;
using Pneumothorax.Lab.Experiments;

namespace Pneumothorax.Lab.Datasets.Registration;

/// <summary>Comma-separated values with a header; fields in double quotes may hold commas, line breaks and doubled quotes (RFC 4180).</summary>
internal static class CsvReader
{
    /// <summary>A table of other people, held to the rule for text that comes in.</summary>
    /// <inheritdoc cref="Read"/>
    /// <exception cref="InvalidDataException">A quote is never closed, or a field has what may not come in; the message names file and line.</exception>
    public static IEnumerable<(int Line, string[] Fields)> ReadForeign(TextReader reader, string path)
    {
        foreach (var (line, fields) in Read(reader, path))
        {
            foreach (var field in fields)
            {
                if (InputText.Fault(field) is { } fault) throw new InvalidDataException($"{path}, line {line}: a field {fault}");
                // What a reader of UTF-8 makes of bytes that are none.
                if (field.Contains('\uFFFD', StringComparison.Ordinal)) throw new InvalidDataException($"{path}, line {line}: a field is not valid UTF-8. Save the table as UTF-8 and try again.");
            }
            yield return (line, fields);
        }
    }

    /// <returns>The records, the header first, each with the line it begins on.</returns>
    /// <exception cref="InvalidDataException">A quote is never closed.</exception>
    public static IEnumerable<(int Line, string[] Fields)> Read(TextReader reader, string path)
    {
        List<string> fields = [];
        var field = new StringBuilder();
        int line = 1, began = 1;
        var quoted = false;
        var any = false;
        for (var c = reader.Read(); c >= 0; c = reader.Read())
        {
            if (c == '\n') line++;
            if (quoted)
            {
                if (c != '"') field.Append((char)c);
                else if (reader.Peek() == '"') field.Append((char)reader.Read());
                else quoted = false;
            }
            else if (c == '"' && field.Length == 0)
            {
                quoted = any = true;
            }
            else if (c == ',')
            {
                fields.Add(Take(field));
                any = true;
            }
            else if (c == '\n')
            {
                if (any || field.Length > 0)
                {
                    fields.Add(Take(field));
                    yield return (began, [.. fields]);
                }
                fields.Clear();
                (any, began) = (false, line);
            }
            else if (c != '\r')
            {
                field.Append((char)c);
            }
        }
        if (quoted) throw new InvalidDataException($"{path}: a quote that opens in the record of line {began} is never closed.");
        if (any || field.Length > 0)
        {
            fields.Add(Take(field));
            yield return (began, [.. fields]);
        }
    }

    private static string Take(StringBuilder field)
    {
        var text = field.ToString();
        field.Clear();
        return text;
    }
}
