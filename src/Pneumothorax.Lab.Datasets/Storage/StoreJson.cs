using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pneumothorax.Lab.Datasets.Storage;

/// <summary>How the files of a data set's folder are written.</summary>
internal static class StoreJson
{
    public static JsonSerializerOptions Document { get; } = Create(indented: true);

    /// <summary>For the rows of a split: small, for there may be 100,000 of them.</summary>
    public static JsonSerializerOptions Compact { get; } = Create(indented: false);

    private static JsonSerializerOptions Create(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
