namespace Pneumothorax.Lab.Datasets.Phantoms;

internal static class Curve
{
    /// <returns>A smooth line through all the points (Catmull-Rom), <paramref name="steps"/> pieces between two of them.</returns>
    public static Vec[] Through(ReadOnlySpan<Vec> points, int steps = 10)
    {
        var line = new Vec[(points.Length - 1) * steps + 1];
        for (var i = 0; i < points.Length - 1; i++)
        {
            var (a, b, c, d) = (points[Math.Max(i - 1, 0)], points[i], points[i + 1], points[Math.Min(i + 2, points.Length - 1)]);
            for (var k = 0; k < steps; k++)
            {
                var t = (double)k / steps;
                line[i * steps + k] = (b * 2 + (c - a) * t + (a * 2 - b * 5 + c * 4 - d) * (t * t) + (b * 3 - a - c * 3 + d) * (t * t * t)) * 0.5;
            }
        }
        line[^1] = points[^1];
        return line;
    }

    public static Vec[] Ellipse(Vec centre, double radiusX, double radiusY, double turn = 0)
    {
        const int corners = 48;
        var outline = new Vec[corners];
        var (cos, sin) = (PortableMath.Cos(turn), PortableMath.Sin(turn));
        for (var i = 0; i < corners; i++)
        {
            var at = Vec.Towards(2 * Math.PI * i / corners);
            var (x, y) = (at.X * radiusX, at.Y * radiusY);
            outline[i] = new(centre.X + cos * x - sin * y, centre.Y + sin * x + cos * y);
        }
        return outline;
    }

    /// <summary>Moves every point sideways (to <see cref="Vec.Turned"/>) by what <paramref name="distance"/> says for its share of the line.</summary>
    public static Vec[] Offset(ReadOnlySpan<Vec> line, Func<double, double> distance)
    {
        var moved = new Vec[line.Length];
        for (var i = 0; i < line.Length; i++)
        {
            var along = line[Math.Min(i + 2, line.Length - 1)] - line[Math.Max(i - 2, 0)];
            moved[i] = line[i] + along.Unit.Turned * distance((double)i / (line.Length - 1));
        }
        return moved;
    }
}
