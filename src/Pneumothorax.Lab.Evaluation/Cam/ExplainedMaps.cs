using System.Collections.Concurrent;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>
/// The maps of every method for the images of one evaluation. The class activation maps are in the file; the others are computed
/// for the few dozen images whose feature maps are kept, and remembered. Safe for many readers.
/// </summary>
public sealed class ExplainedMaps(RunEvaluation evaluation)
{
    private readonly ConcurrentDictionary<(string Method, int Index, MapTarget Target), float[]> _computed = new();
    private readonly ConcurrentDictionary<(string Method, MapTarget Target), float> _maxima = new();

    /// <summary>Whether the method can be asked about an image.</summary>
    public bool Has(IExplanationMethod method, int index) => method == ExplanationMethods.Stored || Array.IndexOf(evaluation.File.FeatureIndex, index) >= 0;

    /// <returns>h x w, row by row, in the method's unit.</returns>
    /// <exception cref="ArgumentException">The image's feature maps are not kept; see <see cref="Has"/>.</exception>
    public float[] Of(IExplanationMethod method, int index, MapTarget target) => method == ExplanationMethods.Stored
        ? evaluation.File.MapOf(index, target)
        : _computed.GetOrAdd((method.Word, index, target), _ => method.Map(BlockOf(index), target));

    /// <summary>End of the scale that all images share: the highest value of the target's maps, of all images or of those kept; at least 0.</summary>
    public float Maximum(IExplanationMethod method, MapTarget target) => method == ExplanationMethods.Stored
        ? evaluation.CamMaximum(target)
        : _maxima.GetOrAdd((method.Word, target), _ => evaluation.File.FeatureIndex.Select(index => Of(method, index, target).Max()).Append(0).Max());

    /// <returns>Why a method cannot be asked about an image, in a sentence.</returns>
    public static string WhyNot(IExplanationMethod method, int index, EvaluationFile file) => file.FeatureIndex.Length == 0
        ? $"{method.Title} needs the feature maps of an image, and this evaluation contains none."
        : $"{method.Title} needs the feature maps of test image {index}. They are large, so this evaluation contains those of only {Figures.Count(file.FeatureIndex.Length, "image", "images")}.";

    private LastBlock BlockOf(int index)
    {
        var file = evaluation.File;
        var features = file.FeaturesOf(index).ToArray();
        if (features.Length == 0) throw new ArgumentException($"The feature maps of image {index} were not kept.", nameof(index));
        return new(features, file.MapSize, file.ClassifierWeight, file.ClassifierBias);
    }
}
