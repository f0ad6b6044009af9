namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary>What <c>lab bench</c> found. Each figure is the median over the rounds; of a ratio, both sides come from the same round.</summary>
internal sealed record BenchResult
{
    public required string Processor { get; init; }

    public required int Cores { get; init; }

    public required string Device { get; init; }

    public required string Precision { get; init; }

    public required string LibTorch { get; init; }

    /// <summary>Version; null where there was none to compare with.</summary>
    public required string? PyTorch { get; init; }

    public required int BatchSize { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Multiplications and additions of a large matrix product, 10^9 a second.</summary>
    public required double MatrixPeakGigaflops { get; init; }

    public required double LabImagesPerSecond { get; init; }

    public required double? LabPyTorchImagesPerSecond { get; init; }

    /// <summary>Multiplications and additions of the training over those of the matrix product.</summary>
    public required double LabPeakRatio { get; init; }

    public required double? LabPyTorchRatio { get; init; }

    public required double LiteImagesPerSecond { get; init; }

    public required double? LitePyTorchImagesPerSecond { get; init; }

    /// <inheritdoc cref="LabPeakRatio"/>
    public required double LitePeakRatio { get; init; }

    public required double? LitePyTorchRatio { get; init; }

    /// <summary>To keep loss and accuracy of one step, written and reported by itself.</summary>
    public required double MetricsMicrosecondsAStep { get; init; }

    /// <summary>Of <c>metrics.jsonl</c> and event files together.</summary>
    public required double MetricsBytesAStep { get; init; }

    /// <summary>That time over the time of a training step of <c>lite</c>.</summary>
    public required double MetricsTimeRatio { get; init; }
}
