using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>The one way JSON is written here: camelCase names, enum values as words, no escaping of plain letters.</summary>
public static class LabJson
{
    public static JsonSerializerOptions Line { get; } = Create(indented: false);

    public static JsonSerializerOptions Document { get; } = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };
}
