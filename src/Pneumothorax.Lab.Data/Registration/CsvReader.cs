using System.Text;

namespace Pneumothorax.Lab.Data.Registration;

/// <summary>Comma-separated values with a header; fields in double quotes may hold commas, line breaks and doubled quotes (RFC 4180).</summary>
internal static class CsvReader
{
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
