using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Launch;

/// <summary>How a number of the launch form slides. What it may be stands in <see cref="Ranges"/>; this says only which values are near one another.</summary>
/// <param name="Step">Of the slider and of its buttons.</param>
/// <param name="Logarithmic">Equal ways multiply by equal factors.</param>
/// <param name="Stops">Where the slider and the buttons stop; any other value can be typed.</param>
public sealed record FieldScale(double Step, bool Logarithmic, IReadOnlyList<double>? Stops = null)
{
    private static readonly Dictionary<string, FieldScale> s_known = new()
    {
        [Ranges.LearningRate.Name] = new(0, true),
        [Ranges.Momentum.Name] = At(0, 0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999),
        [Ranges.WarmUpSteps.Name] = At(1, 0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000),
        [Ranges.StepFactor.Name] = At(0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1),
        [Ranges.WeightDecay.Name] = At(0, 0, 0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 1),
        [Ranges.LabelSmoothing.Name] = new(0.01, false),
        [Ranges.Dropout.Name] = new(0.01, false),
        [Ranges.Width.Name] = At(1, 4, 8, 16, 24, 32, 48, 64, 96, 128),
        [Ranges.EarlyStopping.Name] = At(1, 0, 3, 5, 10, 15, 20, 30, 50, 100, 200, 500, 1000),
    };

    public static FieldScale Of(HyperparameterRange range) =>
        s_known.GetValueOrDefault(range.Name) ?? new(1, Logarithmic: range.Most >= 1000 * range.Least);

    // A dial takes typed numbers exactly on a logarithmic scale only.
    private static FieldScale At(double step, params double[] stops) => new(step, true, stops);
}
