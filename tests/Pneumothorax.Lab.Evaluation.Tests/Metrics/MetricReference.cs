using System.Text.Json;
using System.Text.Json.Serialization;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Tests.Metrics;

/// <summary>A short list of scores with what scikit-learn says of it (tests/references/write_metrics.py).</summary>
public sealed class MetricReference
{
    public static IReadOnlyList<MetricReference> All { get; } = Read<MetricReference>("metrics.json");

    public required string Name { get; init; }

    [JsonPropertyName("labels")]
    public required int[] LabelNumbers { get; init; }

    [JsonIgnore]
    public byte[] Labels => [.. LabelNumbers.Select(label => (byte)label)];

    public required double[] Scores { get; init; }

    /// <summary>A second model's scores of the same images.</summary>
    public required double[] Others { get; init; }

    public required double Threshold { get; init; }

    /// <summary>Threshold, false- and true-positive rate.</summary>
    public required double[][] Roc { get; init; }

    /// <summary>Threshold, recall, precision.</summary>
    public required double[][] PrecisionRecall { get; init; }

    /// <summary>Mean probability and share of positives of each bin with images.</summary>
    public required double[][] Calibration { get; init; }

    public required double CalibrationError { get; init; }
    public required double Auroc { get; init; }
    public required double[]? Interval { get; init; }
    public required double AveragePrecision { get; init; }
    public required double BrierScore { get; init; }

    /// <summary>True and false positives, true and false negatives.</summary>
    public required int[] Confusion { get; init; }

    /// <summary>Names the case where one fails.</summary>
    public override string ToString() => Name;

    public static T[] Read<T>(string file) =>
        JsonSerializer.Deserialize<T[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Metrics", file)), LabJson.Line)!;
}
