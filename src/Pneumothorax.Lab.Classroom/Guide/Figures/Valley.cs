namespace Pneumothorax.Lab.Classroom.Guide.Figures;

/// <summary>How a step is made from the slope.</summary>
public enum StepRule
{
    /// <summary>Against the slope, a learning rate long.</summary>
    Plain,
    /// <summary>The last move is kept in part and the new one added.</summary>
    Momentum,
    /// <summary>Momentum with the slope where the move is about to lead: the exercise's own.</summary>
    Nesterov,
}

/// <param name="X">Along the valley.</param>
/// <param name="Y">Across it.</param>
public readonly record struct ValleyPoint(double X, double Y)
{
    public double Loss => (Valley.Along * X * X + Valley.Across * Y * Y) / 2;
}

/// <summary>A loss of two weights: a long valley, steep across and almost level along, with its lowest point at 0, 0.</summary>
public static class Valley
{
    /// <summary>Curvature along the valley.</summary>
    public const double Along = 0.1;

    /// <summary>Curvature across: 220 times as much.</summary>
    public const double Across = 22;

    public static ValleyPoint Start { get; } = new(-8.5, 0.85);

    /// <summary>The way from <see cref="Start"/>: one point more than steps.</summary>
    /// <remarks>As TensorFlow and PyTorch write it: v = m v + g, then w -= r v, or w -= r (g + m v) for Nesterov.</remarks>
    public static IReadOnlyList<ValleyPoint> Path(StepRule rule, double rate, double momentum, int steps)
    {
        var kept = rule == StepRule.Plain ? 0 : momentum;
        List<ValleyPoint> path = [Start];
        double vx = 0, vy = 0;
        for (var step = 0; step < steps; step++)
        {
            var (x, y) = path[^1];
            double gx = Along * x, gy = Across * y;
            (vx, vy) = (kept * vx + gx, kept * vy + gy);
            var (mx, my) = rule == StepRule.Nesterov ? (gx + kept * vx, gy + kept * vy) : (vx, vy);
            path.Add(new(x - rate * mx, y - rate * my));
        }
        return path;
    }

    /// <returns>The rate from which on the walk climbs out of the valley instead of going down.</returns>
    public static double LargestRate(StepRule rule, double momentum) => rule switch
    {
        StepRule.Plain => 2 / Across,
        StepRule.Momentum => 2 * (1 + momentum) / Across,
        _ => 2 * (1 + momentum) / ((1 + 2 * momentum) * Across),
    };
}
