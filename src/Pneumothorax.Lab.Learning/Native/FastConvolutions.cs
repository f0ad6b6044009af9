using System.Runtime.InteropServices;
using Pneumothorax.Lab.Experiments.Networks;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Native;

/// <summary>Finds out whether oneDNN's convolutions can be trusted on this processor, and does without them where they cannot.</summary>
/// <remarks>
/// The oneDNN in libtorch 2.10 was seen to return wrong feature maps and gradients, at times NaN, on an AVX-512 processor of 2025 whenever the
/// channels that it sums over are no multiple of 16; with multiples, and on other processors, it agrees with float64 to the last digits. So the
/// first network with other channel counts computes one convolution both ways. torch's own convolutions are right everywhere, and slower.
/// PyTorch's switch is torch.backends.mkldnn.enabled; TorchSharp 0.107 has none, so this calls the function behind it (not on Windows).
/// </remarks>
internal static class FastConvolutions
{
    private const int Block = 16;

    private static readonly Lazy<bool> s_areRight = new(AreRight);

    /// <summary>Whether they are switched off in this process.</summary>
    public static bool AreOff { get; private set; }

    /// <summary>Call before a network of this shape computes anything.</summary>
    public static void RequireRightFor(NetworkSpec network)
    {
        var needed = OperatingSystem.IsLinux()
            && (network.Blocks.Any(block => block.Channels % Block != 0) || network.Stem?.Channels % Block > 0);
        if (!needed || AreOff || s_areRight.Value) return;

        SetOneDnn(GlobalContext(), 0);
        AreOff = true;
    }

    /// <summary>Compares maps and gradients of a convolution with 24 channels in float32 with those in float64, which never uses oneDNN.</summary>
    private static bool AreRight()
    {
        using var scope = NewDisposeScope();
        using var learning = enable_grad();
        const int channels = 24, side = 32;
        var generator = new Generator(seed: 1);
        var images = randn([2, channels, side, side], generator: generator);
        var weights = randn([channels, channels, 3, 3], generator: generator);
        return Results(ScalarType.Float32).Zip(Results(ScalarType.Float64), (fast, exact) =>
            (fast.to(ScalarType.Float64) - exact).abs().max().item<double>() <= 1e-3 * exact.abs().max().item<double>()).All(same => same);

        Tensor[] Results(ScalarType type)
        {
            var (x, w) = (images.to(type, copy: true).requires_grad_(), weights.to(type, copy: true).requires_grad_());
            var maps = nn.functional.conv2d(x, w, padding: [1, 1]);
            (maps * maps).sum().backward();
            return [maps.detach(), x.grad!, w.grad!];
        }
    }

    [DllImport("LibTorchSharp", EntryPoint = "_ZN2at13globalContextEv")]
    private static extern nint GlobalContext();

    [DllImport("LibTorchSharp", EntryPoint = "_ZN2at7Context20setUserEnabledMkldnnEb")]
    private static extern void SetOneDnn(nint context, byte on);
}
