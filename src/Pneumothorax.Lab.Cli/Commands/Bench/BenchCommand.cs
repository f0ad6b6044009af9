using System.CommandLine;
using Pneumothorax.Lab.Learning.Native;
using Pneumothorax.Lab.Learning.Training;

namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary><c>lab bench</c>: how fast this machine trains, as ratios to what it could do and to PyTorch.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var json = BenchOptions.Json();
        var python = BenchOptions.Python("PyTorch");
        var batchSize = new Option<int>("--batch-size") { HelpName = "B", Description = "Images per step, 1 to 128", DefaultValueFactory = _ => 15 };
        var rounds = BenchOptions.Rounds();
        var seconds = new Option<double>("--seconds") { HelpName = "S", Description = "Minimum duration of each measurement", DefaultValueFactory = _ => 5 };
        var device = CommonOptions.Device();
        var command = new Command("bench", "Measures training of lab and lite against the machine's matrix product and against PyTorch, in turn, and the cost of keeping the figures of a step.")
        {
            json, python, batchSize, rounds, seconds, device,
            MetricsBenchCommand.Create(),
            ImportBenchCommand.Create(),
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(batchSize) is var size && size is < 1 or > 128) throw new ArgumentException($"--batch-size is {size}; it must be from 1 to 128.");
            var count = BenchOptions.Checked(parsed, rounds);
            if (parsed.GetValue(seconds) is var length && length is not (>= 0 and <= 600)) throw new ArgumentException($"--seconds is {length}; it must be from 0 to 600.");

            TorchHost.Prepare();
            var chosen = TrainingDevice.Choose(parsed.GetValue(device));
            // On a GPU the two would take the memory from each other.
            using var peer = chosen.type == TorchSharp.DeviceType.CPU ? PythonPeer.Start(parsed.GetValue(python)!, "pytorch_peer.py") : null;
            if (peer is null) Console.Error.WriteLine("PyTorch was not found, so there is no comparison.");
            var result = new TrainingBench(chosen, peer, size, count, TimeSpan.FromSeconds(length), Console.Error).Run();
            BenchOptions.Write(parsed, json, result, Print);
        });
        return command;
    }

    private static void Print(BenchResult result)
    {
        Console.WriteLine(FormattableString.Invariant($"{result.Processor}, {result.Cores} cores, {result.Device}, {result.Precision}, libtorch {result.LibTorch}, PyTorch {result.PyTorch ?? "not found"}"));
        Console.WriteLine(FormattableString.Invariant($"Matrix product  {result.MatrixPeakGigaflops,9:0.0} GFLOP/s"));
        Print("lab", result.LabImagesPerSecond, result.LabPeakRatio, result.LabPyTorchRatio);
        Print("lite", result.LiteImagesPerSecond, result.LitePeakRatio, result.LitePyTorchRatio);
        Console.WriteLine(FormattableString.Invariant($"Figures of a step {result.MetricsMicrosecondsAStep,7:0} microseconds, {result.MetricsTimeRatio:0.0000} of a step of lite; {result.MetricsBytesAStep:0} bytes"));
    }

    private static void Print(string network, double imagesPerSecond, double peakRatio, double? pyTorchRatio)
    {
        var beside = pyTorchRatio is { } ratio ? FormattableString.Invariant($", {ratio:0.00} x PyTorch") : "";
        Console.WriteLine(FormattableString.Invariant($"{network,-14}  {imagesPerSecond,9:0.00} images/s, {peakRatio:0.00} of the matrix product{beside}"));
    }
}
