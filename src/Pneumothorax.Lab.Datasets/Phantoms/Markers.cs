namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>Lead letters and printed words on the film, in a small font of five by seven.</summary>
internal static class Markers
{
    private static readonly Dictionary<char, string[]> s_glyphs = new()
    {
        ['A'] = [".###.", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"],
        ['B'] = ["####.", "#...#", "#...#", "####.", "#...#", "#...#", "####."],
        ['C'] = [".####", "#....", "#....", "#....", "#....", "#....", ".####"],
        ['E'] = ["#####", "#....", "#....", "####.", "#....", "#....", "#####"],
        ['L'] = ["#....", "#....", "#....", "#....", "#....", "#....", "#####"],
        ['O'] = [".###.", "#...#", "#...#", "#...#", "#...#", "#...#", ".###."],
        ['P'] = ["####.", "#...#", "#...#", "####.", "#....", "#....", "#...."],
        ['R'] = ["####.", "#...#", "#...#", "####.", "#.#..", "#..#.", "#...#"],
        ['T'] = ["#####", "..#..", "..#..", "..#..", "..#..", "..#..", "..#.."],
    };

    public static void Draw(Span<byte> pixels, bool bedside, SeededRandom random)
    {
        var shade = random.Between(190, 255);
        if (random.Chance(0.8))
        {
            // The left marker lies on the picture's right; now and then the right one was used.
            var right = random.Chance(0.25);
            var at = new Vec(right ? random.Between(8, 30) : random.Between(215, 240), random.Between(8, 60));
            Write(pixels, right ? "R" : "L", at, random.Between(1.2, 2.4), random.Between(-0.3, 0.3), shade);
        }
        if (bedside && random.Chance(0.6))
            Write(pixels, random.Chance(0.6) ? "PORTABLE" : "PORT", new(random.Between(10, 60), random.Between(6, 16)), 1, 0, shade);
        if (random.Chance(0.15)) Write(pixels, bedside ? "AP" : "ERECT", new(random.Between(150, 205), random.Between(6, 20)), 1, 0, shade);
    }

    private static void Write(Span<byte> pixels, string text, Vec at, double size, double turn, double shade)
    {
        var (cos, sin) = (PortableMath.Cos(turn), PortableMath.Sin(turn));
        var reach = (int)(text.Length * 6 * size) + 10;
        for (var y = Math.Max(0, (int)at.Y - reach); y < Math.Min(FloatImage.Side, (int)at.Y + reach); y++)
        {
            for (var x = Math.Max(0, (int)at.X - 10); x < Math.Min(FloatImage.Side, (int)at.X + reach); x++)
            {
                var from = new Vec(x + 0.5 - at.X, y + 0.5 - at.Y) * (1 / size);
                var (column, row) = ((int)Math.Floor(cos * from.X + sin * from.Y), (int)Math.Floor(cos * from.Y - sin * from.X));
                if (row is < 0 or > 6 || column < 0 || column >= text.Length * 6 || column % 6 == 5) continue;
                if (s_glyphs[text[column / 6]][row][column % 6] == '#') pixels[y * FloatImage.Side + x] = (byte)Math.Max(pixels[y * FloatImage.Side + x], shade);
            }
        }
    }
}
