namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>A run that has a slot.</summary>
/// <param name="SecondsLeft">Null when nothing tells.</param>
public sealed record UnderWay(int RunId, int? OwnerId, double? SecondsLeft);

/// <summary>When the runs in the queue will start, should nobody join it meanwhile.</summary>
public static class Forecast
{
    /// <param name="line">In order, see <see cref="FairOrder"/>.</param>
    /// <param name="underWay">Those that hold one of the open slots or one of a host that drains; the latter free nothing when they end.</param>
    /// <param name="openSlots">Of hosts that live and take runs, held ones included.</param>
    /// <param name="isOnOpenHost">Whether the slot of a run under way is one of them.</param>
    /// <param name="secondsOf">Seconds that a run will take; null when nothing tells.</param>
    /// <returns>By run: seconds from now to its start. A run is left out where that cannot be told.</returns>
    public static IReadOnlyDictionary<int, double> Starts(
        IReadOnlyList<Waiting> line, IReadOnlyList<UnderWay> underWay, int openSlots, Func<UnderWay, bool> isOnOpenHost,
        Func<Waiting, double?> secondsOf, int runningEach)
    {
        var starts = new Dictionary<int, double>();
        // Unknown times are infinitely far away: whatever has to wait for one is left out.
        var going = underWay.Select(run => (run.OwnerId, End: run.SecondsLeft ?? double.PositiveInfinity, Frees: isOnOpenHost(run))).ToList();
        var free = openSlots - going.Count(run => run.Frees);
        var left = line.ToList();
        for (double now = 0; left.Count > 0 && !double.IsPositiveInfinity(now);)
        {
            while (free > 0 && left.Find(run => FairOrder.MayStart(run, new(going.Count(other => other.OwnerId == run.OwnerId), 0), Math.Max(1, runningEach))) is { } next)
            {
                left.Remove(next);
                free--;
                starts[next.RunId] = now;
                going.Add((next.OwnerId, now + (secondsOf(next) ?? double.PositiveInfinity), true));
            }
            if (going.Count == 0) break;        // no slot at all
            now = going.Min(run => run.End);
            free += going.Count(run => run.Frees && run.End <= now);
            going.RemoveAll(run => run.End <= now);
        }
        return starts;
    }
}
