using System.Collections.Concurrent;
using System.Globalization;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>How many runs go on at once, and on which GPU each.</summary>
public sealed class GpuSlots
{
    private const string VisibleDevices = "CUDA_VISIBLE_DEVICES";

    /// <summary>CUDA counts the fastest GPU first otherwise, nvidia-smi by where they are plugged in: the numbers shall mean the same.</summary>
    private const string DeviceOrder = "CUDA_DEVICE_ORDER";
    private readonly string[] _devices;
    private readonly ConcurrentQueue<int> _free;

    /// <param name="chosen">The setting <c>Lab__Slots</c>; 0 where only other hosts train; null for one a GPU, and one on a host without.</param>
    public GpuSlots(int? chosen)
    {
        _devices = Found();
        Count = chosen ?? Math.Max(1, _devices.Length);
        _free = new(Enumerable.Range(0, Count));
    }

    public int Count { get; }

    /// <summary>False also where only other hosts train. Without a GPU, training shares the processor with the portal and gives way to it.</summary>
    public bool OnCpu => _devices.Length == 0 && Count > 0;

    /// <summary>As <c>CUDA_VISIBLE_DEVICES</c> names them; slots take turns on them.</summary>
    internal IReadOnlyList<string> Devices => _devices;

    /// <summary>How many go on now.</summary>
    public int Used => Count - _free.Count;

    internal int Take() => _free.TryDequeue(out var slot) ? slot : 0;

    internal void Return(int slot) => _free.Enqueue(slot);

    internal void Describe(int slot, IDictionary<string, string?> environment)
    {
        if (_devices.Length == 0) return;
        environment[VisibleDevices] = _devices[slot % _devices.Length];
        environment.TryAdd(DeviceOrder, "PCI_BUS_ID");
    }

    private static string[] Found()
    {
        if (Environment.GetEnvironmentVariable(VisibleDevices) is { } visible)
        {
            return visible.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        return Directory.Exists("/dev")
            ? [.. from file in Directory.EnumerateFileSystemEntries("/dev", "nvidia*")
                  let number = Path.GetFileName(file)["nvidia".Length..]
                  where int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                  orderby number.Length, number
                  select number]
            : [];
    }
}
