using Pneumothorax.Lab.Learning.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>Where torch computes.</summary>
public static class TrainingDevice
{
    /// <summary>Chooses, and on a GPU asks for algorithms that give the same result every time.</summary>
    /// <param name="name">"cpu", "cuda", or null for the GPU where there is one.</param>
    /// <exception cref="ArgumentException">Another name, or no GPU that this build of torch can use.</exception>
    public static Device Choose(string? name) => name switch
    {
        null => cuda.is_available() ? Gpu() : CPU,
        "cpu" => CPU,
        "cuda" when cuda.is_available() => Gpu(),
        "cuda" => throw new ArgumentException("There is no GPU, or this build of torch uses only the CPU. Leave --device out to use the available device."),
        _ => throw new ArgumentException($"The device must be cpu or cuda, not \"{name}\"."),
    };

    /// <returns>As run pages name it.</returns>
    internal static string NameOf(Device device) => device.type == DeviceType.CUDA ? $"GPU {Math.Max(device.index, 0)}" : "CPU";

    /// <summary>Whether a GPU may round float32 factors to ten bits of mantissa, for the whole process. torch allows it in convolutions unless told otherwise.</summary>
    internal static void AllowTF32(bool allow) => (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = (allow, allow);

    private static Device Gpu()
    {
        DeterministicConvolutions.Require();
        return CUDA;
    }
}
