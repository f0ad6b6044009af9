using System.Globalization;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Web.Training;

/// <summary>Why a run waits, in words.</summary>
internal static class WaitWords
{
    /// <param name="place">1 for the run that starts next.</param>
    /// <param name="startsIn">Null where that cannot be told.</param>
    public static string Why(LineView line, Waiting run, int place, TimeSpan? startsIn, Viewer viewer)
    {
        var isOwn = run.OwnerId is { } owner && owner == viewer.MemberId;
        if (Closed(line) is { } closed) return $"{closed} {(isOwn ? "Your run" : "The run")} keeps its place.";

        if (run.AwaitsImages) return "Its images are being drawn: it starts once they are there.";
        if (run.Room != MemoryRoom.There)
        {
            var needs = $"It needs about {Words.Bytes(MemoryCapacity.NeededBy(line.Runs[run.RunId]))} of memory";
            return run.Room == MemoryRoom.Nowhere ? $"{needs}, and no host that is up has that much: it waits for one." : $"{needs}: it starts once other runs have left that much.";
        }
        if (!FairOrder.MayStart(run, line.ShareOf(run.OwnerId), line.Queue.RunningEach))
        {
            var other = line.UnderWay.LastOrDefault(going => going.OwnerId == run.OwnerId);
            var which = isOwn ? $"Your other run{(other is null ? "" : $" ({other.Id})")}" : "Another run of its owner";
            return $"{which} is going: this one waits for it{Then(startsIn)}.";
        }
        // Nobody else's run, but his own one before holds it up.
        if (run.IsLimited && line.Line.Take(place - 1).LastOrDefault(before => before.OwnerId == run.OwnerId) is { } earlier
            && line.Line.Take(place - 1).Count(before => before.OwnerId == run.OwnerId) + line.ShareOf(run.OwnerId).UnderWay >= line.Queue.RunningEach)
        {
            return $"{(isOwn ? "Your" : "Its owner's")} run {earlier.RunId} goes first: this one waits for it{Then(startsIn)}.";
        }
        return (place - 1, startsIn) switch
        {
            (0, { TotalSeconds: < 1 }) => "It is next, and starts within seconds.",
            (0, null) => "It is next, as soon as a slot is free.",
            (0, { } time) => $"It is next, as soon as a slot is free: {Words.About(time)}.",
            ({ } ahead, { TotalSeconds: < 1 }) => $"{Before(ahead, isOwn)}, and slots are free: it starts within seconds.",
            ({ } ahead, _) => $"{Before(ahead, isOwn)}{Then(startsIn)}.",
        };
    }

    /// <returns>Why nothing at all starts; null when runs do.</returns>
    public static string? Closed(LineView line)
    {
        if (line.Queue.PausedAt is { } since)
        {
            // The host's own time zone, as everywhere on these pages.
            var time = since.ToLocalTime().ToString("HH:mm", CultureInfo.InvariantCulture);
            return $"The queue is paused by the instructor since {time}{(line.Queue.PauseReason is { } reason ? $": {Sentence(reason)}" : ".")}";
        }
        var up = line.HostsUp.ToList();
        if (up.Count == 0) return "No worker is up, so nothing starts.";
        if (line.OpenSlots > 0) return null;
        return up.Count == 1
            ? $"Host {up[0].Name} drains: it ends what is under way and takes no new run."
            : "All hosts drain: they end what is under way and take no new run.";
    }

    private static string Before(int ahead, bool isOwn) => $"{Words.Count(ahead, "run")} before {(isOwn ? "yours" : "it")}";

    private static string Then(TimeSpan? startsIn) => startsIn is { } time ? $"; it starts in {Words.About(time)}" : "";

    private static string Sentence(string text) => text[^1] is '.' or '!' or '?' ? text : $"{text}.";
}
