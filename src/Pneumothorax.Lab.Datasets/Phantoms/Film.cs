namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>From matter along each ray to grey values: absorption, exposure, noise, cropping.</summary>
internal static class Film
{
    public static void Expose(FloatImage matter, FloatImage scratch, Span<byte> pixels, bool bedside, SeededRandom random)
    {
        matter.Soften((float)random.Between(0.1, bedside ? 0.9 : 0.5), scratch);

        var absorption = random.Between(0.95, 1.55);
        var (black, white) = (random.Between(-0.02, 0.06), random.Between(0.9, 1.02));
        if (random.Chance(0.2)) white = random.Between(1.0, 1.25);      // a dull print
        var fog = random.Chance(0.3) ? random.Between(0.0, 0.12) : 0;
        var noise = random.Between(0.003, bedside ? 0.016 : 0.009);
        var (tiltX, tiltY) = (random.Between(-0.12, 0.12), random.Between(-0.12, 0.12));
        var grain = new SeededRandom(random.NextBits());

        for (var y = 0; y < FloatImage.Side; y++)
        {
            for (var x = 0; x < FloatImage.Side; x++)
            {
                var passed = PortableMath.Exp(-absorption * Math.Max(0, matter[x, y]));
                var shade = 1 - passed;
                shade *= 1 + tiltX * ((double)x / FloatImage.Side - 0.5) + tiltY * ((double)y / FloatImage.Side - 0.5);
                shade = fog + (1 - fog) * (shade - black) / (white - black);
                shade += noise * (0.5 + shade) * Grain(grain);
                pixels[y * FloatImage.Side + x] = (byte)Math.Clamp(shade * 255 + 0.5, 0, 255);
            }
        }
    }

    /// <summary>Blackens what the collimator or a crooked scan leaves out.</summary>
    public static void Crop(Span<byte> pixels, SeededRandom random)
    {
        var dice = random.Unit();
        if (dice > 0.45) return;

        var crooked = dice < 0.2;
        var turn = crooked ? random.Between(-0.06, 0.06) : 0;
        var (cos, sin) = (PortableMath.Cos(turn), PortableMath.Sin(turn));
        var (width, height) = (random.Between(0.86, 1.0) * FloatImage.Side / 2, random.Between(0.88, 1.0) * FloatImage.Side / 2);
        var middle = new Vec(FloatImage.Side / 2.0 + random.Between(-6, 6), FloatImage.Side / 2.0 + random.Between(-6, 6));
        var shade = (byte)random.Below(10);
        for (var y = 0; y < FloatImage.Side; y++)
        {
            for (var x = 0; x < FloatImage.Side; x++)
            {
                var from = new Vec(x + 0.5, y + 0.5) - middle;
                var (across, down) = (cos * from.X + sin * from.Y, cos * from.Y - sin * from.X);
                if (Math.Abs(across) > width || Math.Abs(down) > height) pixels[y * FloatImage.Side + x] = shade;
            }
        }
    }

    /// <returns>Mean 0, deviation about 1: four uniform numbers from one draw.</returns>
    private static double Grain(SeededRandom random)
    {
        var bits = random.NextBits();
        var sum = (bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48);
        return (sum - 131070.0) / 37837.0;
    }
}
