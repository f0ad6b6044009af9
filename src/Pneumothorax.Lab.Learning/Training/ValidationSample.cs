using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Randomness;
using Pneumothorax.Lab.Learning.Networks;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>The validation images that a run is watched with: the same at every step, and for every run on the data set.</summary>
internal sealed class ValidationSample : IDisposable
{
    private const int Most = RunWork.ValidationSample;
    private readonly BatchLoader _images;
    private readonly long[] _rows;
    private readonly byte[] _labels;

    public ValidationSample(ImageSplit split, BatchLoader images)
    {
        _images = images;
        _rows = Choose([.. Enumerable.Range(0, split.Count).Select(split.HasPneumothorax)]);
        _labels = [.. _rows.Select(row => split.HasPneumothorax((int)row) ? (byte)1 : (byte)0)];
    }

    public int Count => _rows.Length;

    /// <summary>All rows where they are few, else a hundred with the split's own share of positives, and at least one of each class.</summary>
    /// <returns>In rising order.</returns>
    internal static long[] Choose(bool[] positive)
    {
        if (positive.Length <= Most) return [.. Enumerable.Range(0, positive.Length).Select(row => (long)row)];

        // Seed 0 and not the run's: two runs that differ in their seed are still measured on the same images.
        var random = new StableRandom(seed: 0, RandomUse.ValidationSample);
        var rows = Enumerable.Range(0, positive.Length).ToArray();
        random.Shuffle(rows);
        var sick = rows.Where(row => positive[row]).ToList();
        var well = rows.Where(row => !positive[row]).ToList();
        var wanted = (int)Math.Round((double)Most * sick.Count / rows.Length);
        wanted = Math.Clamp(wanted, Math.Min(1, sick.Count), well.Count == 0 ? Most : Most - 1);
        return [.. sick.Take(wanted).Concat(well.Take(Most - wanted)).Order().Select(row => (long)row)];
    }

    public ValidationFigures Measure(LabNetwork network)
    {
        var logits = Prediction.Logits(network, _images, _rows);      // two a row
        var loss = 0.0;
        var margins = new double[_labels.Length];
        for (var i = 0; i < _labels.Length; i++)
        {
            margins[i] = (double)logits[2 * i + 1] - logits[2 * i];
            loss += Softmax.Loss(logits[2 * i], logits[2 * i + 1], _labels[i]);
        }
        loss /= _labels.Length;
        return double.IsFinite(loss)
            ? new(loss, Accuracy.Compute(_labels, logits)!.Value, Auroc.Compute(_labels, margins).Value, IsSilent: margins.Max() == margins.Min())
            : new(loss, 0, null, IsSilent: false);
    }

    public void Dispose() => _images.Dispose();
}

/// <summary>How the network does on the validation sample as it is.</summary>
/// <param name="Loss">Mean, in nats; may be infinite or NaN, and then the rest says nothing.</param>
/// <param name="Auroc">Null with one class.</param>
/// <param name="IsSilent">Every image gets exactly the same answer: no ReLU fires any more, so no gradient will ever change that.</param>
internal readonly record struct ValidationFigures(double Loss, double Accuracy, double? Auroc, bool IsSilent);
