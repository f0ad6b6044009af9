using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>Where torch computes.</summary>
public static class TrainingDevice
{
    /// <param name="name">"cpu", "cuda", or null for the GPU where there is one.</param>
    /// <exception cref="ArgumentException">Another name, or no GPU that this build of torch can use.</exception>
    public static Device Choose(string? name) => name switch
    {
        null => cuda.is_available() ? CUDA : CPU,
        "cpu" => CPU,
        "cuda" when cuda.is_available() => CUDA,
        "cuda" => throw new ArgumentException("No GPU is there, or this build of torch computes on the CPU only. Leave --device out to use what there is."),
        _ => throw new ArgumentException($"The device is cpu or cuda, not \"{name}\"."),
    };
}
