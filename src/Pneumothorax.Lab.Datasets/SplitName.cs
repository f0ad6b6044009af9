using System.Text.Json.Serialization;

namespace Pneumothorax.Lab.Datasets;

/// <summary>The parts of a data set. In addresses and JSON: <c>train</c>, <c>validation</c>, <c>test</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SplitName>))]
public enum SplitName
{
    [JsonStringEnumMemberName("train")]
    Train,
    [JsonStringEnumMemberName("validation")]
    Validation,
    [JsonStringEnumMemberName("test")]
    Test,
}

public static class SplitNames
{
    public static IReadOnlyList<SplitName> All { get; } = [SplitName.Train, SplitName.Validation, SplitName.Test];

    /// <returns>The word used in addresses, JSON and file names.</returns>
    public static string Word(this SplitName split) => split switch
    {
        SplitName.Train => "train",
        SplitName.Validation => "validation",
        SplitName.Test => "test",
        _ => throw new ArgumentOutOfRangeException(nameof(split), split, "Not a split."),
    };

    /// <returns>Null for any other word.</returns>
    public static SplitName? Parse(string? word) => word switch
    {
        "train" => SplitName.Train,
        "validation" => SplitName.Validation,
        "test" => SplitName.Test,
        _ => null,
    };
}
