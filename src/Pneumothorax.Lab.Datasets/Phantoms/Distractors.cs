namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>What is taken for a pneumothorax and is none.</summary>
internal static class Distractors
{
    /// <summary>
    /// A fold of skin on the back: density that grows towards an edge and then stops. It is an edge and not a line, and vessels
    /// go on beyond it.
    /// </summary>
    public static void SkinFold(FloatImage plane, Rasterizer brush, Lung lung, SeededRandom random)
    {
        var sign = lung.IsLeft ? 1 : -1;
        var away = random.Between(0.06, 0.25);
        var edge = Curve.Offset(lung.Wall.AsSpan(6, 56), share => sign * (away + 0.08 * share));
        var band = random.Between(0.05, 0.12);
        var strength = random.Between(0.05, 0.11);
        const int layers = 6;
        for (var layer = 0; layer < layers; layer++)
        {
            var inner = Curve.Offset(edge, share => sign * band * (layer + 1) / layers);
            brush.Fill(plane, [.. edge, .. inner.Reverse()], strength / layers);
        }
    }

    /// <summary>The companion shadow of a rib or the rim of the shoulder blade: a line that leaves the lung's outline.</summary>
    public static void StrayLine(FloatImage plane, Rasterizer brush, Lung lung, SeededRandom random)
    {
        var start = random.Below(30);
        var from = lung.Wall[start];
        var sign = lung.IsLeft ? 1 : -1;
        var line = Curve.Through(
            [from + new Vec(sign * 0.1, -0.05), from + new Vec(-sign * random.Between(0.02, 0.12), random.Between(0.05, 0.2)), from + new Vec(sign * random.Between(0.0, 0.2), random.Between(0.3, 0.7))]);
        var strength = random.Between(0.04, 0.1);
        brush.Stroke(plane, line, _ => 0.008, share => strength * PortableMath.Smooth(share * 5) * PortableMath.Smooth((1 - share) * 5), Profiles.Line);
    }
}
