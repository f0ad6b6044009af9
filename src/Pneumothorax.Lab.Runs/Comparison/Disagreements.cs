using System.Globalization;
using System.Security.Cryptography;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation.OperatingPoints;

namespace Pneumothorax.Lab.Runs.Comparison;

/// <summary>What several runs say of the same test images, and on which of them they part.</summary>
public sealed class Disagreements
{
    /// <summary>All images.</summary>
    public const string All = "all";

    /// <summary>Of two runs: only the first one is right, or only the second one.</summary>
    public const string OnlyFirst = "first";
    public const string OnlySecond = "second";

    private const string RightBy = "right-";

    private readonly bool[][] _calls;
    private readonly int[] _right;
    private readonly double[] _spread;

    /// <param name="runs">Two or more, all evaluated on the images of this data set.</param>
    /// <param name="atHalf">Every run answers at one half, rather than at the threshold that is balanced on its validation images.</param>
    public Disagreements(IReadOnlyList<ComparedRun> runs, DatasetManifest manifest, bool atHalf)
    {
        (Runs, Manifest, Labels) = (runs, manifest, runs[0].Evaluation!.File.Labels);
        Thresholds = [.. runs.Select(run => atHalf ? ThresholdPreset.Half : ThresholdPreset.OpeningOf(run.Evaluation!))];
        _calls = [.. runs.Select((run, at) => run.Evaluation!.Scores.Select(score => score >= Thresholds[at]).ToArray())];
        (_right, _spread) = (new int[Count], new double[Count]);
        for (var image = 0; image < Count; image++)
        {
            double lowest = 1, highest = 0;
            for (var run = 0; run < runs.Count; run++)
            {
                if (IsRight(run, image)) _right[image]++;
                lowest = Math.Min(lowest, runs[run].Evaluation!.Scores[image]);
                highest = Math.Max(highest, runs[run].Evaluation!.Scores[image]);
            }
            _spread[image] = highest - lowest;
        }
    }

    /// <returns>Of the runs that were tested on the same images, as many as there are; null where no two of them were, or these images are
    /// no longer registered.</returns>
    public static Disagreements? Find(IReadOnlyList<ComparedRun> runs, bool atHalf) => runs
        .Where(run => run.Evaluation is not null && run.Manifest is { } manifest && run.TestImages?.Hash == manifest.Hash)
        .GroupBy(run => (run.TestImages, Labels: Convert.ToHexString(SHA256.HashData(run.Evaluation!.File.Labels))))
        .Where(same => same.Count() > 1)
        .OrderByDescending(same => same.Count())
        .Select(same => new Disagreements([.. same], same.First().Manifest!, atHalf))
        .FirstOrDefault();

    public IReadOnlyList<ComparedRun> Runs { get; }

    public DatasetManifest Manifest { get; }

    /// <summary>(N), 1 = has pneumothorax.</summary>
    public byte[] Labels { get; }

    public int Count => Labels.Length;

    /// <summary>From which probability on each run says HAS.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    public bool Has(int image) => Labels[image] == 1;

    /// <returns>What a run says of every image, true for HAS.</returns>
    public ReadOnlySpan<bool> CallsOf(ComparedRun run) => _calls[PlaceOf(run)];

    public bool IsRight(int run, int image) => _calls[run][image] == Has(image);

    /// <summary>How many runs are right about it.</summary>
    public int RightAbout(int image) => _right[image];

    /// <summary>How far apart their probabilities are, 0..1.</summary>
    public double SpreadOf(int image) => _spread[image];

    /// <summary>Whether a run was tested on these images.</summary>
    public bool Has(ComparedRun run) => Runs.Any(one => one.Run.Id == run.Run.Id);

    private int PlaceOf(ComparedRun run) => Runs.Select((one, at) => (one, at)).First(one => one.one.Run.Id == run.Run.Id).at;

    /// <summary>The word for images that so many runs are right about.</summary>
    public static string RightIn(int runs) => RightBy + runs.ToString(CultureInfo.InvariantCulture);

    /// <returns>Indices of the images that a word of an address names, those first on which the runs are furthest apart. Any word that is
    /// none of the others means the images on which not all say the same.</returns>
    public IReadOnlyList<int> Images(string show)
    {
        var votes = show.StartsWith(RightBy, StringComparison.Ordinal) && int.TryParse(show[RightBy.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked <= Runs.Count ? asked : -1;
        var two = Runs.Count == 2;
        Func<int, bool> isMeant = show switch
        {
            All => _ => true,
            OnlyFirst when two => image => _right[image] == 1 && IsRight(0, image),
            OnlySecond when two => image => _right[image] == 1 && IsRight(1, image),
            _ when votes >= 0 => image => _right[image] == votes,
            _ => image => _right[image] > 0 && _right[image] < Runs.Count,
        };
        return [.. Enumerable.Range(0, Count).Where(isMeant).OrderByDescending(image => _spread[image])];
    }
}
