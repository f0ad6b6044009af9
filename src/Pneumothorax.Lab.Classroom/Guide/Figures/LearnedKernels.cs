using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Weights;

namespace Pneumothorax.Lab.Classroom.Guide.Figures;

/// <summary>The kernels of a trained network's first layer, out of its checkpoint: the only ones that look at the X-ray itself.</summary>
public static class LearnedKernels
{
    /// <summary>PyTorch's default, which the networks of the lab keep.</summary>
    private const float BatchNormEpsilon = 1e-5f;

    /// <returns>One kernel a feature map; empty when the run kept no checkpoint, or none that can be read.</returns>
    /// <param name="step">The checkpoint; the newest when it is gone.</param>
    public static IReadOnlyList<Kernel> Of(RunFolder folder, int step)
    {
        var steps = folder.CheckpointSteps();
        if (steps.Count == 0) return [];
        var path = folder.WeightsPath(steps.Contains(step) ? step : steps[^1]);
        try
        {
            return Read(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or KeyNotFoundException or InvalidOperationException)
        {
            return [];      // the picture goes without them
        }
    }

    private static Kernel[] Read(string path)
    {
        using var file = WeightsFile.Open(path, WeightsFormat.SafeTensors);
        const string first = "blocks.0.first.weight";
        var (weights, shape) = (file.ReadAsIs(first), file.Entries[first].Shape.Select(side => (int)side).ToArray());
        if (shape is not [var count, 1, var size, var across] || size != across || weights.Length != count * size * size)
            throw new InvalidDataException($"The first layer in {path} does not take one-channel images.");

        var (scales, biases, how) = AfterTheKernel(name => file.Entries.ContainsKey(name) ? file.ReadAsIs(name) : null, count);
        if (scales.Length != count || biases.Length != count) throw new InvalidDataException($"The first layer in {path} has parts of different sizes.");
        return [.. Enumerable.Range(0, count).Select(k => new Kernel(
            $"Learned {k + 1}", $"Kernel {k + 1} of {count} in the first layer of the model, as training left it{how}.", size,
            [.. weights[(k * size * size)..((k + 1) * size * size)].Select(weight => weight * scales[k])], biases[k], Standardised: true))];
    }

    /// <summary>
    /// What the network does between kernel and ReLU. Batch normalization multiplies and adds the same numbers for every image once training
    /// is over, so they are part of the kernel shown; other kinds depend on the image and cannot be.
    /// </summary>
    private static (float[] Scales, float[] Biases, string How) AfterTheKernel(Func<string, float[]?> tensor, int count)
    {
        if (tensor("blocks.0.first.bias") is { } bias) return ([.. Enumerable.Repeat(1f, count)], bias, "");

        const string norm = "blocks.0.firstNorm";
        if (tensor($"{norm}.running_mean") is { } mean && tensor($"{norm}.running_var") is { } variance && tensor($"{norm}.weight") is { } weight && tensor($"{norm}.bias") is { } shift
            && new[] { mean, variance, weight, shift }.All(values => values.Length == count))
        {
            float[] scales = [.. weight.Zip(variance, (gain, spread) => gain / MathF.Sqrt(spread + BatchNormEpsilon))];
            return (scales, [.. Enumerable.Range(0, count).Select(k => shift[k] - mean[k] * scales[k])], ", with its batch normalization");
        }
        return ([.. Enumerable.Repeat(1f, count)], new float[count], ", before its normalization");
    }
}
