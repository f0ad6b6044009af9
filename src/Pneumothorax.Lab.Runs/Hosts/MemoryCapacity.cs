using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Hosts;

/// <summary>Whether a run has room on a host: its estimate (<see cref="NetworkSpec.TrainingBytes"/>) against the memory that a slot has.</summary>
public static class MemoryCapacity
{
    private const long Gibibyte = 1L << 30;

    /// <returns>Bytes that a run may take in a slot: of its GPU, or of a machine without one what system and portal leave. Null where the host does not tell.</returns>
    public static long? Of(LabHost host, int slot) => host.Devices.Count > 0
        ? host.GpuOf(slot)?.MemoryTotal - Gibibyte / 2        // CUDA's own, and the images
        : host.MemoryTotal is { } total ? total - Math.Max(Gibibyte, total / 16) : null;

    /// <returns>Of the slot that has most; null where it is not known of every slot.</returns>
    public static long? MostOf(LabHost host)
    {
        var slots = Enumerable.Range(0, Math.Max(1, Math.Min(host.Slots, Math.Max(1, host.Devices.Count)))).Select(slot => Of(host, slot)).ToList();
        return slots.Contains(null) ? null : slots.Max();
    }

    /// <returns>Bytes that a run needs; 0 where nothing tells, and for one that is only evaluated.</returns>
    public static long NeededBy(Run run) => run.EvaluatesOnly ? 0 : NeededBy(run.Network, run.Hyperparameters);

    public static long NeededBy(string network, Hyperparameters hyperparameters) =>
        NetworkSpec.All.FirstOrDefault(spec => spec.Name == network)?.With(hyperparameters).TrainingBytes(hyperparameters) ?? 0;

    /// <param name="underWay">Runs that hold slots, on whatever host.</param>
    /// <returns>Bytes that the runs which share the memory of a slot leave to one more; null where the host does not tell.</returns>
    public static long? LeftIn(LabHost host, int slot, IEnumerable<Run> underWay) => Of(host, slot) - underWay
        .Where(run => run.Host == host.Name && run.Slot != slot)
        .Where(run => host.Devices.Count == 0 || (run.Slot is { } other && host.Devices[other % host.Devices.Count] == host.Devices[slot % host.Devices.Count]))
        .Sum(NeededBy);

    /// <summary>Whether a run that waits finds room anywhere, as far as the hosts tell.</summary>
    /// <param name="hosts">Those that take runs.</param>
    /// <param name="underWay">Runs that hold slots.</param>
    public static MemoryRoom RoomFor(Run run, IReadOnlyList<LabHost> hosts, IReadOnlyList<Run> underWay)
    {
        var needed = NeededBy(run);
        if (hosts.Count == 0 || hosts.Any(host => MostOf(host) is not { } most || (needed <= most && IsLeft(host)))) return MemoryRoom.There;
        return hosts.Any(host => needed <= MostOf(host)) ? MemoryRoom.Later : MemoryRoom.Nowhere;

        bool IsLeft(LabHost host)
        {
            // Where every slot is taken it waits for a slot, as any other run.
            var free = FreeSlots(host, underWay);
            return free.Count == 0 || free.Exists(slot => LeftIn(host, slot, underWay) is not { } left || needed <= left);
        }
    }

    /// <param name="slot">A free one.</param>
    /// <param name="underWay">Runs that hold slots.</param>
    public static MemoryRoom RoomIn(LabHost host, int slot, Run run, IReadOnlyList<Run> underWay)
    {
        var needed = NeededBy(run);
        return LeftIn(host, slot, underWay) is not { } left || needed <= left ? MemoryRoom.There : needed <= Of(host, slot) ? MemoryRoom.Later : MemoryRoom.Nowhere;
    }

    /// <param name="line">Runs whose owners may have one more under way, the first in the queue first.</param>
    /// <param name="hosts">Those that take runs.</param>
    /// <param name="underWay">Runs that hold slots.</param>
    /// <returns>Runs that the free slots take, and those that wait for nothing but a slot. None where a slot stays empty because what is left does not fit.</returns>
    public static IReadOnlyList<int> Startable(IReadOnlyList<Run> line, IReadOnlyList<LabHost> hosts, IReadOnlyList<Run> underWay)
    {
        var (left, held, taken, isStuck) = (line.ToList(), underWay.ToList(), new List<int>(), hosts.Count == 0);
        foreach (var host in hosts)
        {
            foreach (var slot in FreeSlots(host, held))
            {
                // One that fits once others have ended is not overtaken by what stands behind it.
                var next = left.Find(run => RoomIn(host, slot, run, held) != MemoryRoom.Nowhere);
                if (next is null || RoomIn(host, slot, next, held) == MemoryRoom.Later)
                {
                    isStuck = true;
                    continue;
                }
                left.Remove(next);
                taken.Add(next.Id);
                var begun = next.Copy();
                (begun.Host, begun.Slot) = (host.Name, slot);
                held.Add(begun);
            }
        }
        // The rest waits for a slot, as far as any host has room for it at all.
        return isStuck ? taken : [.. taken, .. from run in left where hosts.Any(host => FitsOn(host, run, held)) select run.Id];
    }

    private static bool FitsOn(LabHost host, Run run, IReadOnlyList<Run> underWay) =>
        Enumerable.Range(0, host.Slots).Any(slot => RoomIn(host, slot, run, underWay) != MemoryRoom.Nowhere);

    private static List<int> FreeSlots(LabHost host, IEnumerable<Run> underWay) =>
        [.. Enumerable.Range(0, host.Slots).Except(underWay.Where(other => other.Host == host.Name).Select(other => other.Slot ?? -1))];

    /// <param name="hosts">That are up.</param>
    /// <param name="network">With its variations.</param>
    /// <returns>Why no host can ever take this run, and what fits, in a sentence; null where one can, or nobody knows.</returns>
    public static string? Problem(IEnumerable<LabHost> hosts, NetworkSpec network, Hyperparameters hyperparameters)
    {
        var known = hosts.Where(host => host.Slots > 0).Select(host => (host.Name, Bytes: MostOf(host))).ToList();
        var needed = network.TrainingBytes(hyperparameters);
        if (known.Count == 0 || known.Any(host => host.Bytes is not { } bytes || needed <= bytes)) return null;

        var (name, most) = known.MaxBy(host => host.Bytes);
        var fits = MemoryAdvice.LargestBatch(network, hyperparameters, most!.Value);
        return $"A batch of {hyperparameters.BatchSize} needs about {MemoryAdvice.Gigabytes(needed)} of memory here, and {(known.Count == 1 ? "the host" : "the host with the most")}, {name}, has only {MemoryAdvice.Gigabytes(most.Value)} for it: "
            + (fits >= 1 ? $"a batch size of {fits} fits." : "not even a batch size of 1 fits. Choose a smaller network or input size.");
    }
}

/// <summary>Whether a run that waits finds memory.</summary>
public enum MemoryRoom
{
    There,

    /// <summary>Once others have ended.</summary>
    Later,

    /// <summary>On no host that is up.</summary>
    Nowhere,
}
