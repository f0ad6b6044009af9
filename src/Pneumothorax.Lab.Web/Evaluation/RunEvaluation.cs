using Pneumothorax.Lab.Data.Evaluations;
using Pneumothorax.Lab.Experiments.Metrics;
using Pneumothorax.Lab.Web.Explanation;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>A run's <c>evaluation.h5</c> with what follows from it, each computed once when first asked for. Safe for many readers.</summary>
public sealed class RunEvaluation
{
    private readonly Lazy<IReadOnlyList<RocPoint>> _roc;
    private readonly Lazy<Placements> _placements;
    private readonly Lazy<AurocResult> _auroc;
    private readonly Lazy<MapPeaks> _peaks;
    private readonly Lazy<float[]> _camMaxima;

    public RunEvaluation(EvaluationFile file)
    {
        File = file;
        Maps = new(this);
        Scores = PositiveColumn(file.Probabilities);
        ValidationScores = PositiveColumn(file.ValidationProbabilities);
        _roc = new(() => RocCurve.Compute(file.Labels, Scores));
        _placements = new(() => Placements.Of(file.Labels, Scores));
        _auroc = new(() => Experiments.Metrics.Auroc.Of(_placements.Value));
        _peaks = new(() => MapPeaks.Of(file));
        _camMaxima = new(() => [Peaks.Maximum(0), Peaks.Maximum(1)]);
    }

    public EvaluationFile File { get; }

    /// <summary>(N): probability of pneumothorax of each test image, not calibrated.</summary>
    public double[] Scores { get; }

    /// <summary>(V): likewise of the validation images; for choosing a threshold.</summary>
    public double[] ValidationScores { get; }

    /// <summary>Every distinct score, from the highest threshold down.</summary>
    public IReadOnlyList<RocPoint> Roc => _roc.Value;

    public AurocResult Auroc => _auroc.Value;

    /// <summary>For testing the area against another run's on the same images.</summary>
    public Placements Placements => _placements.Value;

    /// <summary>Share of images whose larger logit is that of their label.</summary>
    public double? Accuracy => Experiments.Metrics.Accuracy.Compute(File.Labels, File.Logits);

    public double? AveragePrecision => Experiments.Metrics.AveragePrecision.Compute(File.Labels, Scores);

    public double? BrierScore => Experiments.Metrics.BrierScore.Compute(File.Labels, Scores);

    /// <summary>Test images that show a pneumothorax.</summary>
    public int Positives => File.Labels.Count(label => label == 1);

    /// <summary>Who is called what when every probability from the threshold on counts as positive.</summary>
    public ConfusionMatrix ConfusionAt(double threshold) => ConfusionMatrix.At(File.Labels, Scores, threshold);

    /// <summary>Highest value of a class's maps over the whole test set, in logit units, at least 0: the end of the common colour scale.</summary>
    /// <param name="cls">0 no pneumothorax, 1 pneumothorax.</param>
    public float CamMaximum(int cls) => _camMaxima.Value[cls];

    /// <summary>The highest value of every map. The first call reads all maps: half a second at 100,000 images.</summary>
    public MapPeaks Peaks => _peaks.Value;

    /// <summary>Maps by every way of explaining.</summary>
    public ExplainedMaps Maps { get; }

    private static double[] PositiveColumn(double[] probabilities) =>
        [.. Enumerable.Range(0, probabilities.Length / EvaluationFile.Classes).Select(i => probabilities[i * EvaluationFile.Classes + 1])];
}
