using System.Globalization;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>Why a run waits, in words.</summary>
public static class WaitText
{
    /// <param name="place">1 for the run that starts next.</param>
    /// <param name="startsIn">Null where that cannot be told.</param>
    public static string Why(QueueView view, Waiting run, int place, TimeSpan? startsIn, Viewer viewer)
    {
        var isOwn = run.OwnerId is { } owner && owner == viewer.MemberId;
        if (Closed(view) is { } closed) return $"{closed} {(isOwn ? "Your run" : "The run")} keeps its place.";

        if (run.AwaitsImages) return "Its images are being drawn. It starts once they are ready.";
        if (run.Room != MemoryRoom.There)
        {
            var needs = $"It needs about {DisplayText.Bytes(MemoryCapacity.NeededBy(view.Runs[run.RunId]))} of memory";
            return run.Room == MemoryRoom.Nowhere ? $"{needs}, and no running host has that much, so it waits for one." : $"{needs}. It starts once other runs have left that much free.";
        }
        if (!FairOrder.MayStart(run, view.ShareOf(run.OwnerId), view.Queue.RunningEach))
        {
            var other = view.UnderWay.LastOrDefault(going => going.OwnerId == run.OwnerId);
            var which = isOwn ? $"Your other run{(other is null ? "" : $" ({other.Id})")}" : "Another run of its owner";
            return $"{which} is in progress, and this one waits for it{Then(startsIn)}.";
        }
        // It waits for an earlier run of the same owner, not for somebody else's.
        if (run.IsLimited && view.InOrder.Take(place - 1).LastOrDefault(before => before.OwnerId == run.OwnerId) is { } earlier
            && view.InOrder.Take(place - 1).Count(before => before.OwnerId == run.OwnerId) + view.ShareOf(run.OwnerId).UnderWay >= view.Queue.RunningEach)
        {
            return $"{(isOwn ? "Your" : "Its owner's")} run {earlier.RunId} comes first, and this one waits for it{Then(startsIn)}.";
        }
        return (place - 1, startsIn) switch
        {
            (0, { TotalSeconds: < 1 }) => "It is next and starts within seconds.",
            (0, null) => "It is next and starts as soon as a slot is free.",
            (0, { } time) => $"It is next and starts as soon as a slot is free, in {DisplayText.About(time)}.",
            ({ } ahead, { TotalSeconds: < 1 }) => $"{Before(ahead, isOwn)}, but slots are free, so it starts within seconds.",
            ({ } ahead, _) => $"{Before(ahead, isOwn)}{Then(startsIn)}.",
        };
    }

    /// <returns>Why nothing at all starts; null when runs do.</returns>
    public static string? Closed(QueueView view)
    {
        if (view.Queue.PausedAt is { } since)
        {
            // The host's own time zone, as everywhere on these pages.
            var time = since.ToLocalTime().ToString("HH:mm", CultureInfo.InvariantCulture);
            return $"The queue has been paused by the instructor since {time}{(view.Queue.PauseReason is { } reason ? $": {Sentence(reason)}" : ".")}";
        }
        var up = view.HostsUp.ToList();
        if (up.Count == 0) return "No worker is running, so nothing starts.";
        if (view.OpenSlots > 0) return null;
        return up.Count == 1
            ? $"Host {up[0].Name} is draining: it finishes its runs and takes no new ones."
            : "All hosts are draining: they finish their runs and take no new ones.";
    }

    private static string Before(int ahead, bool isOwn) => $"{DisplayText.Count(ahead, "run")} ahead of {(isOwn ? "yours" : "it")}";

    private static string Then(TimeSpan? startsIn) => startsIn is { } time ? $"; it starts in {DisplayText.About(time)}" : "";

    private static string Sentence(string text) => text[^1] is '.' or '!' or '?' ? text : $"{text}.";
}
