namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>A process that trains, a worker or a portal with slots: what it said of itself last. It says so every few seconds.</summary>
public sealed class LabHost
{
    public const int NameLength = 64;

    /// <summary>After this time without a word it counts as gone.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(15);

    /// <summary>The machine's name; with "-2" and so on where several processes of one machine train.</summary>
    public required string Name { get; init; }

    /// <summary>Which process writes this row.</summary>
    public required string Process { get; set; }

    /// <summary><c>ThisHost.Portal</c> or <c>ThisHost.Worker</c>.</summary>
    public required string Kind { get; set; }

    /// <summary>Of the lab's software.</summary>
    public required string Version { get; set; }

    /// <summary>Runs at once.</summary>
    public int Slots { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>By the database's clock, so that a host whose own clock is wrong counts as any other.</summary>
    public DateTimeOffset SeenAt { get; set; }

    /// <summary>It ended in good order; null while it is up, or when it was lost.</summary>
    public DateTimeOffset? LeftAt { get; set; }

    /// <summary>Since when it takes no new run, by the instructor's word; null while it takes some.</summary>
    public DateTimeOffset? DrainedAt { get; set; }

    /// <summary>What is set for its child processes as visible devices, a slot each; empty on a host without a GPU.</summary>
    public IReadOnlyList<string> Devices { get; set; } = [];

    /// <summary>What nvidia-smi says; empty where there is none.</summary>
    public IReadOnlyList<GpuReading> Gpus { get; set; } = [];

    public int Processors { get; set; }

    /// <summary>Share of all processors that was busy since the last word, 0 to 1; null where the system does not tell.</summary>
    public double? CpuLoad { get; set; }

    /// <summary>Bytes in use, by all processes.</summary>
    public long? MemoryUsed { get; set; }

    public long? MemoryTotal { get; set; }

    /// <summary>Bytes that are free where the data directory lies.</summary>
    public long? DiskFree { get; set; }

    public bool IsUp(DateTimeOffset now) => LeftAt is null && now - SeenAt < GoneAfter;

    public bool TakesRuns(DateTimeOffset now) => IsUp(now) && DrainedAt is null && Slots > 0;

    /// <returns>The GPU of a slot, as far as nvidia-smi names it; null on a CPU.</returns>
    public GpuReading? GpuOf(int slot)
    {
        if (Devices.Count == 0) return null;
        var device = Devices[slot % Devices.Count];
        // An entry is an index, or the beginning of a unique name; a part of a GPU (MIG) has a name of its own.
        return Gpus.FirstOrDefault(gpu => gpu.Index.ToString(System.Globalization.CultureInfo.InvariantCulture) == device
            || (device.StartsWith("GPU-", StringComparison.Ordinal) && gpu.Uuid.StartsWith(device, StringComparison.Ordinal)));
    }
}
