namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>How a stroke's strength falls from its middle (0) to its rim (1).</summary>
internal delegate double Profile(double share);

internal static class Profiles
{
    /// <summary>A full cylinder, seen through: vessels.</summary>
    public static double Rod(double q) => Math.Sqrt(Math.Max(0, 1 - q * q));

    /// <summary>Dense rim, lighter marrow: ribs.</summary>
    public static double Bone(double q) => (0.55 + 0.6 * q * q * q * q) * PortableMath.Smooth((1 - q) * 4);

    /// <summary>Two walls with nothing between: tubes.</summary>
    public static double Tube(double q) => PortableMath.Smooth((q - 0.35) * 3) * PortableMath.Smooth((1 - q) * 4) + 0.15 * PortableMath.Smooth((1 - q) * 4);

    /// <summary>A soft thin line: pleura, wires.</summary>
    public static double Line(double q) => q >= 1 ? 0 : (1 - q * q) * (1 - q * q);
}

/// <summary>Draws anatomy on planes: knows how the patient stands to the film.</summary>
/// <param name="scale">Pixels a unit of anatomy.</param>
/// <param name="turn">Radians, clockwise on the picture.</param>
/// <param name="middle">Where the middle of the chest falls, in pixels.</param>
internal sealed class Rasterizer(double scale, double turn, Vec middle, FloatImage scratch)
{
    private readonly double _cos = PortableMath.Cos(turn);
    private readonly double _sin = PortableMath.Sin(turn);
    private Vec[] _pixels = new Vec[256];

    public double Scale => scale;

    public Vec ToPixel(Vec at) => new(middle.X + scale * (_cos * at.X - _sin * at.Y), middle.Y + scale * (_sin * at.X + _cos * at.Y));

    /// <summary>Adds <paramref name="strength"/> inside an outline, edges in proportion to the share of the pixel they cover.</summary>
    public void Fill(FloatImage plane, ReadOnlySpan<Vec> outline, double strength)
    {
        const int subRows = 4;
        var corners = Project(outline);
        Span<double> crossings = stackalloc double[64];
        var (top, bottom) = Rows(corners, 0);
        for (var y = top; y <= bottom; y++)
        {
            for (var sub = 0; sub < subRows; sub++)
            {
                var level = y + (sub + 0.5) / subRows;
                var found = 0;
                for (var i = 0; i < corners.Length && found < crossings.Length; i++)
                {
                    var (a, b) = (corners[i], corners[(i + 1) % corners.Length]);
                    if (a.Y <= level == b.Y <= level) continue;
                    crossings[found++] = a.X + (b.X - a.X) * (level - a.Y) / (b.Y - a.Y);
                }
                crossings[..found].Sort();
                for (var i = 0; i + 1 < found; i += 2) Cover(plane, y, crossings[i], crossings[i + 1], strength / subRows);
            }
        }
    }

    /// <summary>Adds a stroke along a line; where it crosses itself it is not doubled.</summary>
    /// <param name="radius">In units of anatomy, by share of the line.</param>
    /// <param name="strength">In the middle of the stroke, by share of the line; may be negative.</param>
    /// <param name="leastPixels">Thinner strokes are drawn this thick, and weaker in proportion.</param>
    public void Stroke(FloatImage plane, ReadOnlySpan<Vec> line, Func<double, double> radius, Func<double, double> strength, Profile profile, double leastPixels = 1.1)
    {
        var at = Project(line);
        int left = FloatImage.Side, right = -1, top = FloatImage.Side, bottom = -1;
        for (var i = 0; i + 1 < at.Length; i++)
        {
            var share = (double)i / (at.Length - 1);
            var thin = radius(share) * scale;
            var thick = Math.Max(thin, leastPixels);
            var weight = strength(share) * Math.Min(1, thin / leastPixels);
            if (weight == 0) continue;

            var (a, b) = (at[i], at[i + 1]);
            var x0 = Math.Max(0, (int)Math.Floor(Math.Min(a.X, b.X) - thick));
            var x1 = Math.Min(FloatImage.Side - 1, (int)Math.Ceiling(Math.Max(a.X, b.X) + thick));
            var y0 = Math.Max(0, (int)Math.Floor(Math.Min(a.Y, b.Y) - thick));
            var y1 = Math.Min(FloatImage.Side - 1, (int)Math.Ceiling(Math.Max(a.Y, b.Y) + thick));
            var along = b - a;
            var square = Math.Max(along.X * along.X + along.Y * along.Y, 1e-12);
            for (var y = y0; y <= y1; y++)
            {
                for (var x = x0; x <= x1; x++)
                {
                    var from = new Vec(x + 0.5, y + 0.5) - a;
                    var t = Math.Clamp((from.X * along.X + from.Y * along.Y) / square, 0, 1);
                    var distance = (from - along * t).Length;
                    if (distance >= thick) continue;
                    var value = (float)(weight * profile(distance / thick));
                    ref var held = ref scratch.Values[y * FloatImage.Side + x];
                    if (Math.Abs(value) > Math.Abs(held)) held = value;
                }
            }
            (left, right, top, bottom) = (Math.Min(left, x0), Math.Max(right, x1), Math.Min(top, y0), Math.Max(bottom, y1));
        }
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                plane.Values[y * FloatImage.Side + x] += scratch.Values[y * FloatImage.Side + x];
                scratch.Values[y * FloatImage.Side + x] = 0;
            }
        }
    }

    public void Stroke(FloatImage plane, ReadOnlySpan<Vec> line, double radius, double strength, Profile profile) =>
        Stroke(plane, line, _ => radius, _ => strength, profile);

    private ReadOnlySpan<Vec> Project(ReadOnlySpan<Vec> points)
    {
        if (_pixels.Length < points.Length) _pixels = new Vec[points.Length * 2];
        for (var i = 0; i < points.Length; i++) _pixels[i] = ToPixel(points[i]);
        return _pixels.AsSpan(0, points.Length);
    }

    private static (int Top, int Bottom) Rows(ReadOnlySpan<Vec> points, double margin)
    {
        var (least, most) = (double.MaxValue, double.MinValue);
        foreach (var point in points) (least, most) = (Math.Min(least, point.Y), Math.Max(most, point.Y));
        return ((int)Math.Clamp(Math.Floor(least - margin), 0, FloatImage.Side), (int)Math.Clamp(Math.Ceiling(most + margin), -1, FloatImage.Side - 1));
    }

    private static void Cover(FloatImage plane, int y, double from, double to, double strength)
    {
        (from, to) = (Math.Max(from, 0), Math.Min(to, FloatImage.Side));
        if (to <= from) return;
        var row = plane.Values.AsSpan(y * FloatImage.Side, FloatImage.Side);
        var (first, last) = ((int)from, Math.Min((int)to, FloatImage.Side - 1));
        if (first == last)
        {
            row[first] += (float)(strength * (to - from));
            return;
        }
        row[first] += (float)(strength * (first + 1 - from));
        for (var x = first + 1; x < last; x++) row[x] += (float)strength;
        row[last] += (float)(strength * (to - last));
    }
}
