using Pneumothorax.Lab.Experiments.Randomness;

namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>How one image is changed before one step sees it.</summary>
/// <remarks>
/// A pure function of seed, step and place in the batch, so a resumed run needs no stored state, and a page can show the very images
/// that a run will see. All are within what positioning and exposure of a chest X-ray do. A flip is not: it moves the heart to the
/// other side, which costs little here, since a pneumothorax may be on either.
/// </remarks>
/// <param name="Flipped">Left and right are swapped.</param>
/// <param name="Degrees">Turn, anticlockwise.</param>
/// <param name="Right">Shift as a share of the side.</param>
/// <param name="Down">Shift as a share of the side.</param>
/// <param name="Size">1 leaves it; above 1 the chest is larger.</param>
/// <param name="Gamma">Grey values, taken as 0..1, are raised to it: above 1 darkens the middle. Plain brightness and contrast would be
/// undone at once by standardising.</param>
public sealed record Augmentation(bool Flipped, double Degrees, double Right, double Down, double Size, double Gamma)
{
    public const double MostDegrees = 7;
    public const double MostShift = 0.05;
    public const double MostScale = 1.1;
    public const double MostGamma = 1.4;

    public static Augmentation None { get; } = new(false, 0, 0, 0, 1, 1);

    /// <summary>Whether any augmentation is on.</summary>
    public static bool IsOn(Hyperparameters hyperparameters) =>
        hyperparameters.Flip || hyperparameters.Rotate || hyperparameters.Shift || hyperparameters.Scale || hyperparameters.Exposure;

    /// <param name="step">Counted from 1.</param>
    /// <param name="place">In the batch, from 0.</param>
    public static Augmentation Draw(Hyperparameters hyperparameters, int step, int place)
    {
        // All are drawn whatever is on, so that switching one on leaves the others as they were.
        var random = new StableRandom(hyperparameters.Seed, RandomUse.Augmentation, (long)step * Ranges.MostBatch + place);
        var flip = random.NextSingle() < 0.5f;
        var (turn, right, down, size, exposure) = (Signed(), Signed(), Signed(), Signed(), Signed());
        return new(
            hyperparameters.Flip && flip,
            hyperparameters.Rotate ? MostDegrees * turn : 0,
            hyperparameters.Shift ? MostShift * right : 0,
            hyperparameters.Shift ? MostShift * down : 0,
            hyperparameters.Scale ? Math.Pow(MostScale, size) : 1,
            hyperparameters.Exposure ? Math.Pow(MostGamma, exposure) : 1);

        double Signed() => 2.0 * random.NextSingle() - 1;
    }

    /// <summary>
    /// Where each pixel of the changed image comes from: (x, y) of the original = matrix times (x, y, 1) of the changed one, both from
    /// -1 (left, top edge) to 1 (right, bottom edge), y downwards. Rows of a 2 x 3 matrix, as <c>affine_grid</c> takes it.
    /// </summary>
    public (double XX, double XY, double X1, double YX, double YY, double Y1) Source()
    {
        var (sine, cosine) = Math.SinCos(Degrees * Math.PI / 180);
        var mirror = Flipped ? -1 : 1;

        // Backwards: undo the shift, then the turn and the size, then the flip. A share of the side is twice that in -1..1.
        var (xx, xy, yx, yy) = (cosine / Size, -sine / Size, sine / Size, cosine / Size);
        var (x1, y1) = (-(xx * 2 * Right + xy * 2 * Down), -(yx * 2 * Right + yy * 2 * Down));
        return (mirror * xx, mirror * xy, mirror * x1, yx, yy, y1);
    }
}
