namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>What one run's network says about one picture from anywhere.</summary>
public sealed record ImageAnswer
{
    /// <summary>The checkpoint that was asked.</summary>
    public required int CheckpointStep { get; init; }

    /// <summary>No pneumothorax, pneumothorax.</summary>
    public required float[] Logits { get; init; }

    /// <summary>Softmax of the logits, not calibrated.</summary>
    public required double[] Probabilities { get; init; }

    /// <summary>Side of the class activation maps.</summary>
    public required int MapSize { get; init; }

    /// <summary>Class activation maps in logit units, (2, h, w) row by row: mean of a map plus bias is its logit.</summary>
    public required float[] Cam { get; init; }

    /// <summary>The dense layer's biases.</summary>
    public required float[] Bias { get; init; }

    /// <summary>How far the picture is from those that the network learned from; null where the run has no statistics of them.</summary>
    public OutOfDistributionScore? OutOfDistributionScore { get; init; }

    /// <returns>The map of one class, or the difference of both, h x w.</returns>
    public float[] MapOf(MapTarget target) => target.MapOf(Cam.AsSpan(0, MapSize * MapSize), Cam.AsSpan(MapSize * MapSize, MapSize * MapSize));

    /// <returns>What the mean of the map lacks to <see cref="LogitOf"/>.</returns>
    public double BiasOf(MapTarget target) => target.Of(Bias[0], Bias[1]);

    /// <returns>The class's logit, or the log-odds.</returns>
    public double LogitOf(MapTarget target) => target.Of(Logits[0], Logits[1]);
}

/// <summary>A picture's distance from the training images, beside the distances of images that the network had not seen either.</summary>
/// <param name="Distance">Mahalanobis distance of the averaged feature maps: without unit, 0 in the middle of the training images.</param>
/// <param name="Validation">Distances of the run's validation images, ascending.</param>
/// <param name="Features">How many averages the distance is made of.</param>
public sealed record OutOfDistributionScore(double Distance, double[] Validation, int Features)
{
    /// <summary>Of a hundred validation images, how many may be stranger than the limit.</summary>
    private const double ShareBeyond = 0.01;

    /// <summary>Beyond it lies one validation image in a hundred.</summary>
    public double Limit => Validation[Math.Clamp((int)Math.Ceiling((1 - ShareBeyond) * Validation.Length) - 1, 0, Validation.Length - 1)];

    /// <summary>Whether the picture is stranger than 99 of 100 validation images: then the network's answer means little.</summary>
    public bool IsDoubtful => Distance > Limit;

    /// <summary>Validation images that are less strange than this one.</summary>
    public int LessStrange => Validation.Count(distance => distance < Distance);
}

/// <summary>A picture from anywhere with what networks say about it: what <c>lab predict --json</c> prints.</summary>
/// <param name="Kind">"PNG", "JPEG" or "DICOM".</param>
/// <param name="Width">Of the picture as it came.</param>
/// <param name="Picture">The grey picture that the networks saw, 256 x 256, as PNG without metadata.</param>
/// <param name="Warnings">What a reader should know of it, each a short line.</param>
/// <param name="Answers">One for each run that was asked, in that order.</param>
public sealed record AnsweredPicture(string Kind, int Width, int Height, byte[] Picture, IReadOnlyList<string> Warnings, IReadOnlyList<ImageAnswer> Answers);

/// <summary>One line to <c>lab predict --serve</c>.</summary>
/// <param name="Image">Path of the picture.</param>
/// <param name="Runs">Paths of the run folders that are asked.</param>
public sealed record PictureRequest(string Image, IReadOnlyList<string> Runs);

/// <summary>One line back.</summary>
/// <param name="Refused">Why there is no answer, in a sentence; null where there is one.</param>
public sealed record PictureReply(AnsweredPicture? Answered, string? Refused);
