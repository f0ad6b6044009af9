using System.Globalization;
using Pneumothorax.Lab.Cli.Commands.Training;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Benchmarks;
using TorchSharp;

namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary>Measures training beside the matrix peak and beside PyTorch, in turns, so that a machine that slows down slows all of them.</summary>
/// <param name="atLeast">How long each turn takes; a step that has begun is ended.</param>
internal sealed class TrainingBench(torch.Device device, PythonPeer? peer, int batchSize, int rounds, TimeSpan atLeast, TextWriter progress)
{
    private bool IsGpu => device.type == DeviceType.CUDA;

    private Precision Precision => IsGpu ? Precision.BFloat16 : Precision.Full;

    public BenchResult Run()
    {
        using var peak = new MatrixPeak(device, IsGpu ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32);
        var hyperparameters = new Hyperparameters { BatchSize = batchSize, Precision = Precision };
        using var lab = new TrainingSpeed(NetworkSpec.Lab, hyperparameters, device);
        using var lite = new TrainingSpeed(NetworkSpec.Lite, hyperparameters, device);

        var reports = new EventWriter(Stream.Null);
        var measured = new List<Round>();
        for (var round = 1; round <= rounds; round++)
        {
            progress.WriteLine($"Round {round} of {rounds}");
            measured.Add(new(
                peak.Measure(atLeast),
                Turn("lab", () => lab.Measure(atLeast)),
                Turn("lab in PyTorch", () => Peer(NetworkSpec.Lab)),
                Turn("lite", () => lite.Measure(atLeast)),
                Turn("lite in PyTorch", () => Peer(NetworkSpec.Lite)),
                MetricCost.Measure(device, reports.Write)));
        }
        return Summarise(measured);
    }

    private BenchResult Summarise(List<Round> measured)
    {
        return new()
        {
            Processor = Machine.Processor(),
            Cores = Environment.ProcessorCount,
            Device = IsGpu ? "cuda" : "cpu",
            Precision = EnumText.Of(Precision),
            LibTorch = torch.__version__,
            PyTorch = peer?.Version,
            BatchSize = batchSize,
            Rounds = rounds,
            MatrixPeakGigaflops = Median(round => round.Peak / 1e9)!.Value,
            LabImagesPerSecond = Median(round => round.Lab)!.Value,
            LabPyTorchImagesPerSecond = Median(round => round.LabPeer),
            LabPeakRatio = Median(round => round.Lab * Operations(NetworkSpec.Lab) / round.Peak)!.Value,
            LabPyTorchRatio = Median(round => round.Lab / round.LabPeer),
            LiteImagesPerSecond = Median(round => round.Lite)!.Value,
            LitePyTorchImagesPerSecond = Median(round => round.LitePeer),
            LitePeakRatio = Median(round => round.Lite * Operations(NetworkSpec.Lite) / round.Peak)!.Value,
            LitePyTorchRatio = Median(round => round.Lite / round.LitePeer),
            MetricsMicrosecondsAStep = Median(round => round.Metrics.Seconds * 1e6)!.Value,
            MetricsBytesAStep = Median(round => round.Metrics.Bytes)!.Value,
            MetricsTimeRatio = Median(round => round.Metrics.Seconds * round.Lite / batchSize)!.Value,
        };

        double? Median(Func<Round, double?> figure) => Bench.Median.Of(measured.Select(figure));
    }

    private T Turn<T>(string what, Func<T> measure)
    {
        var speed = measure();
        if (speed is double imagesPerSecond) progress.WriteLine(FormattableString.Invariant($"  {what,-16} {imagesPerSecond,8:0.00} images/s"));
        return speed;
    }

    private static double Operations(NetworkSpec network) => 2.0 * network.TrainingMultiplyAdds;

    private double? Peer(NetworkSpec network) => peer is null ? null
        : double.Parse(peer.Ask(FormattableString.Invariant($"{network.Name} {batchSize} {atLeast.TotalSeconds}")), CultureInfo.InvariantCulture);

    private sealed record Round(double Peak, double Lab, double? LabPeer, double Lite, double? LitePeer, (double Seconds, double Bytes) Metrics);
}
