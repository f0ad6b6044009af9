using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary>Measures ROC curve, area and DeLong interval beside scikit-learn, in turns, on the same scores.</summary>
internal sealed class MetricsBench(PythonPeer? peer, int count, int rounds, TextWriter progress)
{
    /// <summary>Two ways of adding a million numbers may differ so much.</summary>
    private const double Close = 1e-9;

    /// <exception cref="InvalidDataException">scikit-learn computes another area or another number of points.</exception>
    public MetricsBenchResult Run()
    {
        var (labels, scores) = Draw();
        var file = Path.GetTempFileName();
        try
        {
            using (var stream = File.Create(file))
            {
                stream.Write(labels);
                stream.Write(MemoryMarshal.AsBytes<double>(scores));
            }
            // Twice for nothing: compilers, caches and memory of both.
            for (var warm = 0; warm < 2; warm++)
            {
                Measure(labels, scores);
                peer?.Ask(file);
            }
            var load = Machine.Load();
            List<(double Ours, double? Theirs)> measured = [];
            for (var round = 1; round <= rounds; round++)
            {
                var (seconds, points, area) = Measure(labels, scores);
                var theirs = Peer(file, points, area.Value!.Value);
                measured.Add((seconds, theirs));
                progress.WriteLine(FormattableString.Invariant($"Round {round} of {rounds}: {1000 * seconds:0.0} ms{(theirs is null ? "" : $", scikit-learn {1000 * theirs:0.0} ms")}"));
                if (round < rounds) continue;

                return new()
                {
                    Processor = Machine.Processor(),
                    Cores = Environment.ProcessorCount,
                    Load = load,
                    ScikitLearn = peer?.Version,
                    Scores = count,
                    Rounds = rounds,
                    CurvePoints = points,
                    Auroc = area.Value!.Value,
                    AurocLow = area.Low!.Value,
                    AurocHigh = area.High!.Value,
                    MetricsSeconds = Median.Of(measured.Select(one => (double?)one.Ours))!.Value,
                    ScikitLearnSeconds = Median.Of(measured.Select(one => one.Theirs)),
                    MetricsScikitLearnRatio = Median.Of(measured.Select(one => one.Theirs / one.Ours)),
                };
            }
            throw new UnreachableException();
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static (double Seconds, int Points, AurocResult Area) Measure(byte[] labels, double[] scores)
    {
        var start = Stopwatch.GetTimestamp();
        var ranked = RankedScores.Of(labels, scores);
        var curve = RocCurve.Of(ranked);
        var under = 0.0;
        for (var i = 1; i < curve.Count; i++)
        {
            under += (curve[i].FalsePositiveRate - curve[i - 1].FalsePositiveRate) * (curve[i].TruePositiveRate + curve[i - 1].TruePositiveRate) / 2;
        }
        var area = Auroc.Of(ranked);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        // Every point is computed and read, for a curve that nobody reads would cost nothing.
        if (Math.Abs(under - area.Value!.Value) > Close) throw new InvalidDataException(FormattableString.Invariant($"The area under the curve is {under}, but the pairs won are {area.Value}."));
        return (seconds, curve.Count, area);
    }

    private double? Peer(string file, int points, double area)
    {
        if (peer?.Ask(file).Split(' ') is not { Length: 3 } answer) return null;

        var theirs = double.Parse(answer[1], CultureInfo.InvariantCulture);
        if (Math.Abs(theirs - area) > Close || int.Parse(answer[2], CultureInfo.InvariantCulture) != points)
            throw new InvalidDataException(FormattableString.Invariant($"scikit-learn finds an area of {theirs} with {answer[2]} points where the lab finds {area} with {points}."));
        return double.Parse(answer[0], CultureInfo.InvariantCulture);
    }

    /// <summary>One in four is sick and scores higher, mostly; what a softmax gives, so that hardly any two scores are equal.</summary>
    private (byte[] Labels, double[] Scores) Draw()
    {
        var random = new Random(1);
        var labels = new byte[count];
        var scores = new double[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % 4 == 0 ? 1 : 0);
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            scores[i] = 1 / (1 + Math.Exp(-(normal + 1.5 * labels[i] - 1)));
        }
        return (labels, scores);
    }
}
