using Pneumothorax.Lab.Experiments.Recording;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Results;

/// <summary>What a run has recorded so far, read anew whenever its file has changed.</summary>
public sealed class RunRecording(RunFolder folder)
{
    /// <summary>A scale never ends below this many logit units, so that maps without evidence look empty.</summary>
    private const double LeastScale = 1;

    private readonly Dictionary<MapTarget, double> _tops = [];
    private (long Length, DateTime Written)? _read;

    /// <summary>Moments with maps, in order.</summary>
    public IReadOnlyList<RecordedMoment> Maps { get; private set; } = [];

    /// <summary>Moments with distributions, in order.</summary>
    public IReadOnlyList<RecordedMoment> Layers { get; private set; } = [];

    /// <summary>Which maps there are at some moment, the default first.</summary>
    public IReadOnlyList<MapTarget> Targets => [.. MapTargets.All.Where(_tops.ContainsKey)];

    /// <returns>Where the one scale of all maps of a target ends, in logit units, rounded up: all images, all moments.</returns>
    public double Top(MapTarget target) => _tops.GetValueOrDefault(target, LeastScale);

    /// <summary>Whether there are event files for TensorBoard.</summary>
    public bool HasEvents => Directory.Exists(folder.TensorBoardPath);

    /// <summary>Reads the file where it has changed since.</summary>
    /// <returns>Whether it has.</returns>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken = default)
    {
        var file = new FileInfo(folder.RecordingsPath);
        (long, DateTime)? now = file.Exists ? (file.Length, file.LastWriteTimeUtc) : null;
        if (now == _read) return false;

        var moments = await Task.Run(folder.ReadRecordings, cancellationToken);
        _read = now;
        Maps = [.. moments.Where(moment => moment.Maps is not null)];
        Layers = [.. moments.Where(moment => moment.Layers is not null)];
        _tops.Clear();
        foreach (var target in MapTargets.All)
        {
            var maps = Maps.Select(moment => moment.Maps!).Where(maps => maps.Targets().Contains(target)).ToList();
            if (maps.Count == 0) continue;
            _tops[target] = RoundUp(Math.Max(LeastScale, maps.SelectMany(one => one.Images.SelectMany(image => one.MapOf(image, target))).DefaultIfEmpty(0).Max()));
        }
        return true;
    }

    /// <summary>Two digits, upwards: a scale that grows while a run trains shall not grow at every moment.</summary>
    private static double RoundUp(double value)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Round(Math.Ceiling(value / unit) * unit, 6);
    }
}

public static class RecordingText
{
    /// <summary>Whether a run was asked to record anything.</summary>
    public static bool Records(this Run run) => run.Hyperparameters.RecordImages || run.Hyperparameters.RecordDistributions;

    /// <returns>"Block 1, first convolution" for <c>blocks.0.first</c>; a name of another shape as it is.</returns>
    public static string Layer(string name) => name.Split('.') switch
    {
        ["classifier"] => "Dense layer",
        ["stem", _] => "Stem",
        ["blocks", var block, var layer] when int.TryParse(block, out var place) => $"Block {place + 1}, {layer} convolution",
        ["blocks", var block, var unit, "shortcut"] when int.TryParse(block, out var place) && int.TryParse(unit, out var half) => $"Block {place + 1}, unit {half + 1}, shortcut",
        ["blocks", var block, var unit, var layer] when int.TryParse(block, out var place) && int.TryParse(unit, out var half) => $"Block {place + 1}, unit {half + 1}, {layer} convolution",
        _ => name,
    };
}
