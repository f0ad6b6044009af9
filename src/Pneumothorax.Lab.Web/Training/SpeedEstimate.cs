using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Web.Training;

/// <summary>How long a run will take, judged by earlier runs of the same network on this host.</summary>
/// <param name="Typical">From the median speed.</param>
/// <param name="Least">From the fastest of them.</param>
/// <param name="Most">From the slowest of them.</param>
/// <param name="Runs">How many there were; at least 1.</param>
public sealed record SpeedEstimate(TimeSpan Typical, TimeSpan Least, TimeSpan Most, int Runs)
{
    /// <summary>More do not make a guess better, and an old one may be of another machine.</summary>
    public const int MostRuns = 25;

    /// <param name="imagesPerSecond">Speeds of earlier runs of this network, newest first.</param>
    /// <returns>Null where no earlier run tells a speed: nothing is guessed then.</returns>
    public static SpeedEstimate? Of(Hyperparameters hyperparameters, IEnumerable<double> imagesPerSecond)
    {
        double[] speeds = [.. imagesPerSecond.Where(speed => double.IsFinite(speed) && speed > 0).Take(MostRuns).Order()];
        if (speeds.Length == 0) return null;

        var median = (speeds[(speeds.Length - 1) / 2] + speeds[speeds.Length / 2]) / 2;
        var images = (double)hyperparameters.Steps * hyperparameters.BatchSize;
        return new(Time(median), Time(speeds[^1]), Time(speeds[0]), speeds.Length);

        // Absurdly slow hosts and a million steps must not overflow a TimeSpan.
        TimeSpan Time(double speed) => TimeSpan.FromSeconds(Math.Min(images / speed, TimeSpan.FromDays(36500).TotalSeconds));
    }
}
