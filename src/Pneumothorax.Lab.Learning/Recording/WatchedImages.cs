using Google.Protobuf;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Evaluation.Slices;
using Pneumothorax.Lab.Experiments.Recording;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Networks;
using Pneumothorax.Lab.Learning.Training;
using Tensorboard;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Recording;

/// <summary>Four images whose difference maps, class 1 minus class 0, are recorded, and the maps of class 1 beside them: the same for every run on the data set.</summary>
/// <remarks>Of the validation split and not, as in the exercise, of the test split: who watches the test while training uses it up.</remarks>
internal sealed class WatchedImages : IDisposable
{
    private const int Count = 4;

    // In event files. The scale of a picture ends at the highest of the four maps, but never below this, so that empty maps look empty.
    private const float LeastScale = 1;
    private const float Opacity = 0.5f;

    private readonly LabNetwork _network;
    private readonly SplitName _name;
    private readonly ImageSplit _split;
    private readonly int[] _rows;
    private readonly int _side;
    private readonly Tensor _images;         // (4, 1, S, S), standardised

    public WatchedImages(TrainingContext job, LabNetwork network)
    {
        _network = network;
        _side = job.Dataset.Manifest.ImageSize;
        _name = job.Dataset.Has(SplitName.Validation) ? SplitName.Validation : SplitName.Test;
        _split = job.Dataset[_name];
        _rows = Choose([.. Enumerable.Range(0, _split.Count).Select(_split.HasPneumothorax)]);

        using var scope = NewDisposeScope();
        var pixels = empty([_rows.Length, _side, _side], ScalarType.Byte);
        for (var i = 0; i < _rows.Length; i++) _split.Pixels(_rows[i]).CopyTo(pixels.bytes.Slice(i * _side * _side, _side * _side));
        _images = ImagePreparation.Standardise(pixels.to(job.Device), network.Spec.InputSize).DetachFromDisposeScope();
    }

    /// <summary>Two that have a pneumothorax and two that have none, each spread over the split; more of one class where the other lacks them.</summary>
    /// <returns>In rising order.</returns>
    internal static int[] Choose(bool[] positive)
    {
        var sick = Enumerable.Range(0, positive.Length).Where(row => positive[row]).ToArray();
        var well = Enumerable.Range(0, positive.Length).Where(row => !positive[row]).ToArray();
        var wanted = Math.Min(Count, positive.Length);
        var ofSick = Math.Min(Math.Max(wanted / 2, wanted - well.Length), sick.Length);
        return [.. Spread(sick, ofSick).Concat(Spread(well, wanted - ofSick)).Order()];

        static IEnumerable<int> Spread(int[] rows, int count) => Enumerable.Range(0, count).Select(i => rows[(2 * i + 1) * rows.Length / (2 * count)]);
    }

    /// <returns>Null when the network's answers are no longer finite.</returns>
    public RecordedMaps? Measure()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _network.eval();
        var features = _network.FeatureMaps(_images);
        var both = _network.WeighMaps(features);                                        // (4, 2, h, w)
        var maps = (both.select(1, 1) - both.select(1, 0)).contiguous().cpu();           // (4, h, w)
        var values = maps.data<float>().ToArray();
        var has = both.select(1, 1).contiguous().cpu().data<float>().ToArray();
        var logits = _network.Classify(features).cpu().data<float>().ToArray();          // two an image
        if (!values.All(float.IsFinite) || !has.All(float.IsFinite) || !logits.All(float.IsFinite)) return null;

        var length = values.Length / _rows.Length;
        return new(_name.Word(), (int)maps.shape[^1],
        [
            .. _rows.Select((row, i) => new RecordedImage(
                row, Digits.Five(Softmax.Probabilities(logits[2 * i], logits[2 * i + 1]).Item2), Rounded(values, i), Rounded(has, i))),
        ], MapTarget.Difference);

        float[] Rounded(float[] all, int image) => [.. all.AsSpan(image * length, length).ToArray().Select(Digits.Five)];
    }

    /// <returns>For event files: the maps over their X-rays, all four on one scale.</returns>
    public IEnumerable<Summary.Types.Value> Pictures(RecordedMaps maps)
    {
        var renderer = new MapRenderer(ColourMap.Inferno, new(0, Math.Max(LeastScale, maps.Images.Max(image => image.Map.Max()))));
        foreach (var image in maps.Images)
        {
            var png = renderer.PngOver(_split.Pixels(image.Index), Opacity, image.Map, maps.Side, _side);
            yield return new()
            {
                Tag = $"maps/{maps.Split} {image.Index}, {(_split.HasPneumothorax(image.Index) ? "has" : "does not have")} pneumothorax",
                Image = new() { Width = _side, Height = _side, Colorspace = 3, EncodedImageString = ByteString.CopyFrom(png) },
            };
        }
    }

    public void Dispose() => _images.Dispose();
}
