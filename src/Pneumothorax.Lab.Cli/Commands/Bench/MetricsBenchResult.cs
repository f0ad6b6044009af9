namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary>What <c>lab bench metrics</c> found. Seconds and ratio are medians over the rounds; of a ratio, both sides come from the same round.</summary>
internal sealed record MetricsBenchResult
{
    public required string Processor { get; init; }

    public required int Cores { get; init; }

    /// <summary>Load of the machine in the minute before; null where it is not known.</summary>
    public required double? Load { get; init; }

    /// <summary>Version; null where there was none to compare with.</summary>
    public required string? ScikitLearn { get; init; }

    public required int Scores { get; init; }

    public required int Rounds { get; init; }

    public required int CurvePoints { get; init; }

    public required double Auroc { get; init; }

    public required double AurocLow { get; init; }

    public required double AurocHigh { get; init; }

    /// <summary>The whole curve, the area and its DeLong interval.</summary>
    public required double MetricsSeconds { get; init; }

    /// <summary><c>roc_curve</c> and <c>roc_auc_score</c>.</summary>
    public required double? ScikitLearnSeconds { get; init; }

    /// <summary>How many times as fast as scikit-learn.</summary>
    public required double? MetricsScikitLearnRatio { get; init; }
}
