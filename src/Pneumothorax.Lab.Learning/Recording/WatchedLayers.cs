using Pneumothorax.Lab.Experiments.Recording;
using Pneumothorax.Lab.Learning.Networks;
using Tensorboard;
using static TorchSharp.torch;
using Spread = Pneumothorax.Lab.Experiments.Recording.Spread;

namespace Pneumothorax.Lab.Learning.Recording;

/// <summary>The spread of weights and gradients of every convolution and of the dense layer; biases and normalizations are left out.</summary>
internal sealed class WatchedLayers(LabNetwork network)
{
    private const string Ending = ".weight";

    private readonly (string Name, Tensor Weight)[] _layers =
        [.. from named in network.named_parameters() where named.parameter.dim() > 1 select (named.name[..^Ending.Length], (Tensor)named.parameter)];

    private Spread?[]? _gradients;

    /// <summary>Looks at the gradients as they are now; <see cref="Measure"/> hands them out.</summary>
    public void TakeGradients() => _gradients = [.. _layers.Select(layer =>
    {
        using var gradient = layer.Weight.grad;
        return gradient is null ? null : Of(gradient);
    })];

    /// <returns>In the order of the network; null when some weights are no longer finite.</returns>
    public IReadOnlyList<RecordedLayer>? Measure()
    {
        var weights = _layers.Select(layer => Of(layer.Weight)).ToList();
        var gradients = _gradients;
        _gradients = null;
        return weights.Contains(null) ? null : [.. _layers.Select((layer, i) => new RecordedLayer(layer.Name, weights[i]!, gradients?[i]))];
    }

    /// <returns>For event files.</returns>
    public static IEnumerable<Summary.Types.Value> Histograms(RecordedLayer layer)
    {
        yield return new() { Tag = $"weights/{layer.Name}", Histo = Histogram(layer.Weights) };
        if (layer.Gradients is { } gradients) yield return new() { Tag = $"gradients/{layer.Name}", Histo = Histogram(gradients) };
    }

    /// <returns>Null when some values are not finite.</returns>
    private static Spread? Of(Tensor layer)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var values = layer.detach().flatten();
        var last = values.numel() - 1;
        var places = Enumerable.Range(0, Spread.Bins + 1).Select(edge => last * edge / Spread.Bins).ToArray();
        var edges = values.sort().Values.index_select(0, tensor(places, device: values.device)).cpu().data<float>().ToArray();
        // In double: a mean near 0 of many values loses its digits otherwise.
        var exact = values.to(ScalarType.Float64);
        var mean = exact.mean().item<double>();
        var square = (exact * exact).mean().item<double>();
        if (!edges.All(float.IsFinite) || !double.IsFinite(square)) return null;
        return new(values.numel(), Digits.Five(mean), Digits.Five(Math.Sqrt(Math.Max(square - mean * mean, 0))), [.. edges.Select(Digits.Five)]);
    }

    private static HistogramProto Histogram(Spread spread)
    {
        var square = spread.Deviation * spread.Deviation + spread.Mean * spread.Mean;
        var histogram = new HistogramProto
        {
            Num = spread.Count,
            Min = spread.Edges[0],
            Max = spread.Edges[^1],
            Sum = spread.Mean * spread.Count,
            SumSquares = square * spread.Count,
        };
        var each = (double)spread.Count / (spread.Edges.Length - 1);
        foreach (double edge in spread.Edges.AsSpan(1))
        {
            // Limits must rise: many equal values share one bucket.
            if (histogram.BucketLimit.Count > 0 && histogram.BucketLimit[^1] == edge)
            {
                histogram.Bucket[^1] += each;
                continue;
            }
            histogram.BucketLimit.Add(edge);
            histogram.Bucket.Add(each);
        }
        return histogram;
    }
}
