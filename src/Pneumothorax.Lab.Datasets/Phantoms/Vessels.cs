namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>The vessels of a lung: they leave the hilum, fork, and thin out before they reach the pleura.</summary>
internal static class Vessels
{
    public static void Draw(FloatImage plane, Rasterizer brush, Lung lung, double strength, SeededRandom random)
    {
        var outwards = lung.IsLeft ? 0 : Math.PI;
        for (var stem = 0; stem < 9; stem++)
        {
            // A fan from steeply up to steeply down; the lower lobe has the most blood.
            var angle = -1.35 + 2.75 * (stem + random.Between(-0.3, 0.3)) / 8;
            var from = lung.Hilum + new Vec(0, random.Between(-0.05, 0.1));
            Grow(plane, brush, from, lung.IsLeft ? angle : Math.PI - angle, random.Between(0.012, 0.021), random.Between(0.14, 0.26), strength, 0, random);
        }
        brush.Fill(plane, Curve.Ellipse(lung.Hilum + Vec.Towards(outwards) * 0.02, 0.055, 0.10), 0.09 * strength);
    }

    private static void Grow(FloatImage plane, Rasterizer brush, Vec from, double angle, double radius, double length, double strength, int fork, SeededRandom random)
    {
        if (fork > 5 || radius < 0.0022) return;

        var bend = random.Between(-0.45, 0.45);
        var (first, second) = (Vec.Towards(angle), Vec.Towards(angle + bend));
        var middle = from + first * (length * 0.5);
        var end = middle + second * (length * 0.5);
        brush.Stroke(plane, Curve.Through([from, middle, end], 4), share => radius * (1 - 0.25 * share), share => strength * (4 + 0.02 / radius) * radius * (1 - 0.2 * share), Profiles.Rod);

        var spread = random.Between(0.25, 0.6);
        Grow(plane, brush, end, angle + bend + spread * random.Between(0.5, 1), radius * random.Between(0.6, 0.78), length * random.Between(0.6, 0.85), strength, fork + 1, random);
        Grow(plane, brush, end, angle + bend - spread * random.Between(0.5, 1), radius * random.Between(0.6, 0.78), length * random.Between(0.6, 0.85), strength, fork + 1, random);
        if (fork < 2 && random.Chance(0.8))
            Grow(plane, brush, middle, angle + (random.Chance(0.5) ? 0.7 : -0.7), radius * 0.5, length * 0.6, strength, fork + 2, random);
    }
}
