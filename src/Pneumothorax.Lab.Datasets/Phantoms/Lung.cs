namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>The outline of one lung in three lines that meet: chest wall from the apex down, diaphragm inwards, mediastinum up.</summary>
internal sealed class Lung
{
    private Lung(bool left, Vec[] wall, Vec[] diaphragm, Vec[] mediastinum) =>
        (IsLeft, Wall, Diaphragm, Mediastinum) = (left, wall, diaphragm, mediastinum);

    /// <summary>The patient's left lies on the picture's right.</summary>
    public bool IsLeft { get; }

    public Vec[] Wall { get; }
    public Vec[] Diaphragm { get; }
    public Vec[] Mediastinum { get; }

    public Vec[] Outline => [.. Wall, .. Diaphragm[1..], .. Mediastinum[1..^1]];

    /// <summary>Where vessels and bronchus enter.</summary>
    public Vec Hilum => new((IsLeft ? 1 : -1) * 0.15, IsLeft ? -0.06 : -0.02);

    /// <param name="inspiration">How deep the breath was: 0 shallow to 1 deep.</param>
    public static Lung Draw(bool left, Patient patient, double inspiration, SeededRandom random)
    {
        Vec At(double x, double y) => new Vec(x * patient.Breadth + random.Between(-0.012, 0.012), y * patient.Length + random.Between(-0.012, 0.012)).MirroredIf(!left);

        var down = 0.13 * (inspiration - 0.5) + (left ? 0.03 : -0.03);
        var dome = random.Between(0.10, 0.2);
        var apex = At(0.30, -0.71);
        var angle = At(0.81, 0.60 + down);
        var inner = At(0.10, 0.50 + down);
        return new(
            left,
            Curve.Through([apex, At(0.45, -0.65), At(0.58, -0.51), At(0.67, -0.28), At(0.725, 0.0), At(0.775, 0.3), angle], steps: 12),
            Curve.Through([angle, At(0.66, 0.60 + down - dome * 0.75), At(0.47, 0.60 + down - dome * 1.25), At(0.28, 0.57 + down - dome), inner], steps: 10),
            Curve.Through([inner, At(0.11, 0.2), At(0.12, -0.06), At(0.12, -0.3), At(0.15, -0.53), At(0.21, -0.66), apex], steps: 8));
    }
}
