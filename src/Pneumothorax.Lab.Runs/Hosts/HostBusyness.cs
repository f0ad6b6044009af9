using Pneumothorax.Lab.Runs.Queue;

namespace Pneumothorax.Lab.Runs.Hosts;

/// <summary>How much of the hosts' processors other programs use, smoothed: a busy second shall not change what the launch form promises. Not for several threads at once.</summary>
public sealed class HostBusyness(TimeProvider clock)
{
    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(30);

    /// <summary>A training gets something even where everything is busy.</summary>
    public const double LeastFree = 0.25;

    private readonly Dictionary<string, (double Load, long At)> _loads = [];

    /// <returns>Share that a training would get on the host that is freest, 0 to 1.</returns>
    public double FreeOf(QueueView view)
    {
        foreach (var host in view.HostsUp)
        {
            // A host that trains is busy with that, and will have ended it when the next run begins.
            if (host.CpuLoad is not { } load || view.UnderWay.Any(run => run.Host == host.Name)) continue;
            var now = clock.GetTimestamp();
            var weight = _loads.TryGetValue(host.Name, out var known) ? 1 - Math.Exp(-clock.GetElapsedTime(known.At, now) / s_memory) : 1;
            _loads[host.Name] = (known.Load + weight * (load - known.Load), now);
        }
        var open = view.HostsUp.Where(host => host.TakesRuns(view.Now)).ToList();
        return open.Count == 0 ? 1 : open.Max(host => host.Devices.Count > 0 ? 1 : Math.Max(LeastFree, 1 - _loads.GetValueOrDefault(host.Name).Load));
    }
}
