using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Benchmarks;

/// <summary>Counts how often something is done in a second.</summary>
internal static class Repetition
{
    /// <summary>Once without the clock, then with it until the time is over; a GPU is waited for before the clock is read.</summary>
    public static double PerSecond(Action action, Device device, TimeSpan atLeast)
    {
        action();
        Await(device);
        var clock = Stopwatch.StartNew();
        var count = 0;
        do
        {
            action();
            Await(device);
            count++;
        }
        while (clock.Elapsed < atLeast);
        return count / clock.Elapsed.TotalSeconds;
    }

    private static void Await(Device device)
    {
        if (device.type == DeviceType.CUDA) cuda.synchronize(device);
    }
}
