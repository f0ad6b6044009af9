using System.CommandLine;

namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary><c>lab bench metrics</c>: how fast curves and areas are computed, as a ratio to scikit-learn.</summary>
internal static class MetricsBenchCommand
{
    public static Command Create()
    {
        var json = BenchOptions.Json();
        var python = BenchOptions.Python("scikit-learn");
        var count = new Option<int>("--count") { HelpName = "N", Description = "Number of scores, 100 to 10,000,000", DefaultValueFactory = _ => 1_000_000 };
        var rounds = BenchOptions.Rounds();
        var command = new Command("metrics", "Measures ROC curve, AUROC and its DeLong interval against scikit-learn's roc_curve and roc_auc_score, on the same scores.")
        {
            json, python, count, rounds,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(count) is var scores && scores is < 100 or > 10_000_000) throw new ArgumentException($"--count is {scores}; it must be from 100 to 10000000.");
            var times = BenchOptions.Checked(parsed, rounds);

            using var peer = PythonPeer.Start(parsed.GetValue(python)!, "scikit_learn_peer.py");
            if (peer is null) Console.Error.WriteLine("scikit-learn was not found, so there is no comparison.");
            BenchOptions.Write(parsed, json, new MetricsBench(peer, scores, times, Console.Error).Run(), Print);
        });
        return command;
    }

    private static void Print(MetricsBenchResult result)
    {
        var load = result.Load is { } wanted ? FormattableString.Invariant($", load {wanted:0.0}") : "";
        Console.WriteLine(FormattableString.Invariant($"{result.Processor}, {result.Cores} cores{load}, scikit-learn {result.ScikitLearn ?? "not found"}"));
        Console.WriteLine(FormattableString.Invariant($"{result.Scores:#,##0} scores: curve of {result.CurvePoints:#,##0} points, AUROC {result.Auroc:0.000000} ({result.AurocLow:0.000000} to {result.AurocHigh:0.000000})"));
        var beside = result is { ScikitLearnSeconds: { } seconds, MetricsScikitLearnRatio: { } ratio }
            ? FormattableString.Invariant($", scikit-learn {1000 * seconds:0.0} ms and the same area: {ratio:0.00} x scikit-learn") : "";
        Console.WriteLine(FormattableString.Invariant($"metrics {1000 * result.MetricsSeconds:0.0} ms{beside}"));
    }
}
