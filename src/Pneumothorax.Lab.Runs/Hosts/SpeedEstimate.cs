using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Runs.Hosts;

/// <summary>How fast a network was trained on this host.</summary>
/// <param name="Network">With its variations.</param>
/// <param name="ImagesPerSecond">In training, with whatever else was computed turned into training images by its work.</param>
/// <param name="Share">What the run had of the processors, of what it would have used; 1 where that is not known.</param>
/// <param name="EndedAt">Null for a speed of this moment.</param>
public sealed record HostSpeed(NetworkSpec Network, double ImagesPerSecond, double Share = 1, DateTimeOffset? EndedAt = null);

/// <summary>What an estimate rests on.</summary>
public enum EstimateBasis
{
    /// <summary>Earlier runs of the very network.</summary>
    SameNetwork,

    /// <summary>Earlier runs of other networks, by the work of one image.</summary>
    OtherNetworks,

    /// <summary>A few seconds of training that were measured for this purpose.</summary>
    Calibration,
}

/// <summary>How long a run will take, judged by what this host has trained before.</summary>
/// <param name="Typical">From the median speed.</param>
/// <param name="Least">From the fastest of them.</param>
/// <param name="Most">From the slowest of them.</param>
/// <param name="Runs">How many there were; at least 1.</param>
public sealed record SpeedEstimate(TimeSpan Typical, TimeSpan Least, TimeSpan Most, int Runs, EstimateBasis Basis = EstimateBasis.SameNetwork)
{
    /// <summary>More do not make a guess better, and an old one may be of another machine.</summary>
    public const int MostRuns = 25;

    /// <summary>Time does not go with the work alone: a guess from another network may be off by so much either way.</summary>
    private const double Doubt = 2;

    /// <summary>A single run may have been an odd one.</summary>
    private const double DoubtOfOne = 1.4;

    /// <summary>What each run counts against the next newer one.</summary>
    private const double Fading = 0.85;

    /// <param name="network">With its variations.</param>
    /// <param name="hyperparameters">In steps.</param>
    /// <param name="speeds">Of earlier runs, newest first.</param>
    /// <param name="calibration">A short measurement, which counts until a run has finished; null where there is none.</param>
    /// <param name="images">Of the data set: the evaluation at the end takes time too. Zero where that is not known.</param>
    /// <param name="free">Share of the host that other programs leave at the moment, 0 to 1.</param>
    /// <returns>Null where nothing tells a speed: nothing is guessed then.</returns>
    public static SpeedEstimate? Of(NetworkSpec network, Hyperparameters hyperparameters, IEnumerable<HostSpeed> speeds, HostSpeed? calibration = null, SplitSizes images = default, double free = 1)
    {
        var shown = RunWork.Of(network, hyperparameters, hyperparameters.Steps, images) / network.TrainingMultiplyAdds;
        var known = speeds.Where(speed => double.IsFinite(speed.ImagesPerSecond) && speed.ImagesPerSecond > 0).ToList();
        var (basis, doubt) = (EstimateBasis.SameNetwork, 1.0);
        double[] chosen = [.. known.Where(speed => IsSame(speed.Network, network)).Select(speed => speed.ImagesPerSecond).Take(MostRuns)];
        if (chosen.Length == 0)
        {
            (basis, doubt) = (EstimateBasis.OtherNetworks, Doubt);
            chosen = [.. known.Select(Scaled).Take(MostRuns)];
        }
        if (chosen.Length == 0 && calibration is not null)
        {
            (basis, doubt) = (EstimateBasis.Calibration, Doubt);
            chosen = [Scaled(calibration)];
        }
        if (chosen.Length == 0) return null;

        return new(Time(Middle(chosen) * free), Time(chosen.Max() * doubt), Time(chosen.Min() * free / doubt), chosen.Length, basis);

        double Scaled(HostSpeed speed) => speed.ImagesPerSecond * speed.Network.TrainingMultiplyAdds / network.TrainingMultiplyAdds;

        // Absurdly slow hosts and a million steps must not overflow a TimeSpan.
        TimeSpan Time(double speed) => TimeSpan.FromSeconds(Math.Min(shown / speed, TimeSpan.FromDays(36500).TotalSeconds));
    }

    /// <returns>The median, in which newer runs count more: a host may have got another processor, or another use.</returns>
    /// <param name="speeds">Newest first.</param>
    private static double Middle(double[] speeds)
    {
        var rising = speeds.Select((speed, age) => (Speed: speed, Weight: Math.Pow(Fading, age))).OrderBy(one => one.Speed).ToList();
        var half = rising.Sum(one => one.Weight) / 2;
        return rising.First(one => (half -= one.Weight) <= 1e-12).Speed;
    }

    /// <summary>The same work and the same weights take the same time, whatever the name.</summary>
    private static bool IsSame(NetworkSpec one, NetworkSpec other) =>
        (one.InputSize, one.Parameters, one.MultiplyAdds, one.Normalization) == (other.InputSize, other.Parameters, other.MultiplyAdds, other.Normalization);

    /// <summary>"3 to 6 minutes, from the last 5 runs of this network here".</summary>
    public string Doubts => (Basis, Runs) switch
    {
        (EstimateBasis.SameNetwork, 1) => $"{DisplayText.Between(Typical / DoubtOfOne, Typical * DoubtOfOne)}, from the one run of this network that finished here",
        (EstimateBasis.SameNetwork, _) => $"{DisplayText.Between(Least, Most)}, from the last {Runs} runs of this network here",
        (EstimateBasis.OtherNetworks, 1) => $"{DisplayText.Between(Least, Most)}: an estimate from the one run of another network that finished here, scaled by the work per image",
        (EstimateBasis.OtherNetworks, _) => $"{DisplayText.Between(Least, Most)}: an estimate from {Runs} runs of other networks here, scaled by the work per image",
        _ => $"{DisplayText.Between(Least, Most)}: an estimate from a few seconds of training on this host, until a run has finished",
    };
}
