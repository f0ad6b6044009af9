using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation;

/// <summary>A run's <c>evaluation.h5</c> with what follows from it, each computed once when first asked for. Safe for many readers.</summary>
public sealed class RunEvaluation
{
    private readonly Lazy<RankedScores> _ranked;
    private readonly Lazy<RankedScores> _validationRanked;
    private readonly Lazy<Placements> _placements;
    private readonly Lazy<AurocResult> _auroc;
    private readonly Lazy<(MapPeaks NoPneumothorax, MapPeaks Pneumothorax, MapPeaks Difference)> _peaks;

    public RunEvaluation(EvaluationFile file)
    {
        File = file;
        Maps = new(this);
        Scores = PositiveColumn(file.Probabilities);
        ValidationScores = PositiveColumn(file.ValidationProbabilities);
        _ranked = new(() => RankedScores.Of(file.Labels, Scores));
        _validationRanked = new(() => RankedScores.Of(file.ValidationLabels, ValidationScores));
        _placements = new(() => Placements.Of(file.Labels, Scores));
        _auroc = new(() => Lab.Evaluation.Metrics.Auroc.Of(Ranked));
        _peaks = new(() => MapPeaks.Of(file));
    }

    public EvaluationFile File { get; }

    /// <summary>(N): probability of pneumothorax of each test image, not calibrated.</summary>
    public double[] Scores { get; }

    /// <summary>(V): likewise of the validation images; for choosing a threshold.</summary>
    public double[] ValidationScores { get; }

    /// <summary>The test images in the order of their scores: what curves and cells are counted from.</summary>
    public RankedScores Ranked => _ranked.Value;

    /// <summary>Likewise the validation images.</summary>
    public RankedScores ValidationRanked => _validationRanked.Value;

    /// <summary>Every distinct score, from the highest threshold down.</summary>
    public IReadOnlyList<RocPoint> Roc => RocCurve.Of(Ranked);

    public AurocResult Auroc => _auroc.Value;

    /// <summary>For testing the area against another run's on the same images.</summary>
    public Placements Placements => _placements.Value;

    /// <summary>Share of images whose larger logit is that of their label.</summary>
    public double? Accuracy => Lab.Evaluation.Metrics.Accuracy.Compute(File.Labels, File.Logits);

    public double? AveragePrecision => Lab.Evaluation.Metrics.AveragePrecision.Of(Ranked);

    public double? BrierScore => Lab.Evaluation.Metrics.BrierScore.Compute(File.Labels, Scores);

    public Calibration Calibration => Lab.Evaluation.Metrics.Calibration.Compute(File.Labels, Scores);

    /// <summary>Test images that show a pneumothorax.</summary>
    public int Positives => Ranked.Positives;

    /// <summary>Who is called what when every probability from the threshold on counts as positive.</summary>
    public ConfusionMatrix ConfusionAt(double threshold) => Ranked.At(threshold);

    /// <summary>Highest value of a target's maps over the whole test set, in logit units, at least 0: the end of the common colour scale.</summary>
    public float CamMaximum(MapTarget target) => Peaks(target).Maximum;

    /// <summary>The highest value of every map. The first call reads all maps: half a second at 100,000 images.</summary>
    public MapPeaks Peaks(MapTarget target) => target switch
    {
        MapTarget.NoPneumothorax => _peaks.Value.NoPneumothorax,
        MapTarget.Pneumothorax => _peaks.Value.Pneumothorax,
        _ => _peaks.Value.Difference,
    };

    /// <summary>Maps by every way of explaining.</summary>
    public ExplainedMaps Maps { get; }

    private static double[] PositiveColumn(double[] probabilities) =>
        [.. Enumerable.Range(0, probabilities.Length / EvaluationFile.Classes).Select(i => probabilities[i * EvaluationFile.Classes + 1])];
}
