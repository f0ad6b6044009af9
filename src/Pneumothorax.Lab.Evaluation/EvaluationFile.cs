namespace Pneumothorax.Lab.Evaluation;

/// <summary>
/// What a run's best checkpoint said about every test image, with what is needed to explain it: <c>evaluation.h5</c>, its scores in
/// memory, its maps read when asked for. Column 1 of logits, probabilities and maps is pneumothorax. Safe for many readers.
/// </summary>
public sealed class EvaluationFile : IDisposable
{
    public const int Classes = 2;

    public required EvaluationInfo Info { get; init; }

    /// <summary>(N), 0 or 1.</summary>
    public required byte[] Labels { get; init; }

    /// <summary>(N, 2), row by row.</summary>
    public required float[] Logits { get; init; }

    /// <summary>(N, 2): softmax of the logits, not calibrated.</summary>
    public required double[] Probabilities { get; init; }

    /// <summary>Side of the maps: h = w.</summary>
    public required int MapSize { get; init; }

    /// <summary>(N, 2, h, w) in logit units: the mean of a map plus the class's bias is its logit.</summary>
    public required MapArray Cam { get; init; }

    /// <summary>(2, C).</summary>
    public required float[] ClassifierWeight { get; init; }

    /// <summary>(2).</summary>
    public required float[] ClassifierBias { get; init; }

    /// <summary>(M): the test images whose feature maps are kept.</summary>
    public required int[] FeatureIndex { get; init; }

    /// <summary>(M, C, h, w): output of the last block.</summary>
    public required MapArray Features { get; init; }

    /// <summary>(V), empty where there is no validation split.</summary>
    public byte[] ValidationLabels { get; init; } = [];

    /// <summary>(V, 2).</summary>
    public float[] ValidationLogits { get; init; } = [];

    /// <summary>(V, 2).</summary>
    public double[] ValidationProbabilities { get; init; } = [];

    public int Count => Labels.Length;

    /// <summary>C: feature maps of the last block.</summary>
    public int MapChannels => ClassifierWeight.Length / Classes;

    private int MapArea => MapSize * MapSize;

    /// <returns>The class activation map of a test image, h x w row by row, in logit units.</returns>
    public ReadOnlySpan<float> CamOf(int index, int cls)
    {
        if ((uint)index >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(index), index, $"The evaluation has the images 0 to {Count - 1}.");
        if (cls is not (0 or 1)) throw new ArgumentOutOfRangeException(nameof(cls), cls, "The classes are 0 (no pneumothorax) and 1 (pneumothorax).");
        return Cam.Slice(((long)index * Classes + cls) * MapArea, MapArea);
    }

    /// <returns>The feature maps of a test image, (C, h, w), read anew at each call; empty when they were not kept.</returns>
    public ReadOnlySpan<float> FeaturesOf(int index)
    {
        var position = Array.IndexOf(FeatureIndex, index);
        var length = MapChannels * MapArea;
        return position < 0 ? [] : Features.Slice((long)position * length, length);
    }

    /// <summary>Writes to a temporary name beside the file and renames: the file is whole or absent.</summary>
    /// <exception cref="ArgumentException">The arrays do not fit each other.</exception>
    public void Write(string path)
    {
        if (Problem() is { } problem) throw new ArgumentException(problem);
        EvaluationHdf5.Write(this, path);
    }

    /// <exception cref="InvalidDataException">Absent, damaged or not an evaluation; the message names the file.</exception>
    public static EvaluationFile Read(string path)
    {
        var file = EvaluationHdf5.Read(path);
        if (file.Problem() is not { } problem) return file;
        file.Dispose();
        throw new InvalidDataException($"{path}: {problem}");
    }

    /// <summary>Closes the file behind the maps; see <see cref="MapArray.Dispose"/> for who still reads.</summary>
    public void Dispose()
    {
        Cam.Dispose();
        Features.Dispose();
    }

    /// <returns>A sentence when the arrays do not fit each other, else null.</returns>
    private string? Problem()
    {
        (string Name, long Length, long Expected)[] lengths =
        [
            ("logit", Logits.Length, (long)Count * Classes),
            ("probability", Probabilities.Length, (long)Count * Classes),
            ("cam", Cam.Length, (long)Count * Classes * MapArea),
            ("classifier_weight", ClassifierWeight.Length, (long)Classes * MapChannels),
            ("classifier_bias", ClassifierBias.Length, Classes),
            ("features", Features.Length, (long)FeatureIndex.Length * MapChannels * MapArea),
            ("validation_logit", ValidationLogits.Length, (long)ValidationLabels.Length * Classes),
            ("validation_probability", ValidationProbabilities.Length, (long)ValidationLabels.Length * Classes),
        ];
        if (Count < 1) return "an evaluation needs at least one image.";
        var wrong = lengths.FirstOrDefault(item => item.Length != item.Expected);
        if (wrong.Name is not null) return $"\"{wrong.Name}\" has {wrong.Length} values, but {wrong.Expected} are needed.";
        return FeatureIndex.Any(index => index < 0 || index >= Count) ? "\"feature_index\" refers to an image that does not exist." : null;
    }
}
