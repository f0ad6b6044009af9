using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>How the queue stands, read once a second at most for all pages that show it.</summary>
public sealed class QueueBoard(
    QueueReader reader, IDbContextFactory<LabDbContext> contexts, HostCalibration calibration, DatasetStore datasets, TimeProvider clock) : IDisposable
{
    /// <summary>Pages look this often: other people's runs, of which a page's feed says nothing, move the queue.</summary>
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_speedsKept = TimeSpan.FromSeconds(30);

    private readonly HostBusyness _busyness = new(clock);
    private readonly SemaphoreSlim _gate = new(1);
    private (QueueForecast Forecast, long At)? _forecast;
    private (IReadOnlyList<HostSpeed> Speeds, HostSpeed? Calibration, long At)? _speeds;

    /// <summary>Now, and every two seconds.</summary>
    public async IAsyncEnumerable<QueueForecast> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_betweenLooks, clock);
        do
        {
            yield return await ReadAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <returns>At most a second old.</returns>
    public async Task<QueueForecast> ReadAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_forecast is { } known && clock.GetElapsedTime(known.At) < s_kept) return known.Forecast;
            return await ReadAnewAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>For whoever has just changed something, and wants to see it.</summary>
    public async Task<QueueForecast> RefreshAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _speeds = null;
            return await ReadAnewAsync(cancellationToken);
        }
        finally { _gate.Release(); }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<QueueForecast> ReadAnewAsync(CancellationToken cancellationToken)
    {
        if (_speeds is not { } speeds || clock.GetElapsedTime(speeds.At) > s_speedsKept)
        {
            _speeds = speeds = (await contexts.SpeedsAsync(ImagesOf, cancellationToken), calibration.Known, clock.GetTimestamp());
        }
        var view = await reader.ReadAsync(cancellationToken);
        var free = HostLoad.ShareOf(_busyness.FreeOf(view), speeds.Speeds, view.Now);
        // At a lab's first run, what goes on now is all that tells a speed.
        IReadOnlyList<HostSpeed> known = speeds.Speeds.Count > 0 ? speeds.Speeds : [.. SpeedsOf(view)];
        // What others use is in those speeds already.
        if (speeds.Speeds.Count == 0 && known.Count > 0) free = 1;
        var forecast = new QueueForecast(view, (network, hyperparameters, dataset) => NetworkSpec.All.FirstOrDefault(spec => spec.Name == network) is { } spec
            ? SpeedEstimate.Of(spec.With(hyperparameters), hyperparameters, known, speeds.Calibration, (dataset is null ? null : ImagesOf(dataset)) ?? default, free)
            : null);
        _forecast = (forecast, clock.GetTimestamp());
        return forecast;
    }

    private SplitSizes? ImagesOf(string dataset) => datasets.Find(dataset) is { } manifest
        ? new(manifest[SplitName.Train]?.Images ?? 0, manifest[SplitName.Validation]?.Images ?? 0, manifest[SplitName.Test]?.Images ?? 0)
        : null;

    /// <summary>A run that does not tell its time left yet is in its first steps, which are up to eight times as slow as the later ones.</summary>
    private static IEnumerable<HostSpeed> SpeedsOf(QueueView view) =>
        from run in view.UnderWay
        where run is { State: RunState.Running, ImagesPerSecond: > 0, SecondsLeft: not null }
        let spec = NetworkSpec.All.FirstOrDefault(spec => spec.Name == run.Network)
        where spec is not null
        select new HostSpeed(spec.With(run.Hyperparameters), run.ImagesPerSecond!.Value);
}
