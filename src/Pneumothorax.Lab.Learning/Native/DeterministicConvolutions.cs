using System.Runtime.InteropServices;

namespace Pneumothorax.Lab.Learning.Native;

/// <summary>Asks cuDNN for algorithms that add in the same order every time, so that a seed gives the same losses on a GPU too.</summary>
/// <remarks>
/// PyTorch's switch is torch.backends.cudnn.deterministic; TorchSharp 0.107 has none, so this calls the function behind it,
/// a member function of the global at::Context. The names are those of the Itanium C++ ABI, so not on Windows. They are looked
/// up through TorchSharp's own native file, whose dependencies include whichever libtorch is loaded.
/// </remarks>
internal static class DeterministicConvolutions
{
    public static void Require()
    {
        if (!OperatingSystem.IsLinux()) return;

        SetDeterministicCudnn(GlobalContext(), 1);
    }

    /// <summary>Whether the switch is on.</summary>
    internal static bool AreRequired() => DeterministicCudnn(GlobalContext()) != 0;

    [DllImport("LibTorchSharp", EntryPoint = "_ZN2at13globalContextEv")]
    private static extern nint GlobalContext();

    [DllImport("LibTorchSharp", EntryPoint = "_ZN2at7Context21setDeterministicCuDNNEb")]
    private static extern void SetDeterministicCudnn(nint context, byte on);

    [DllImport("LibTorchSharp", EntryPoint = "_ZNK2at7Context18deterministicCuDNNEv")]
    private static extern byte DeterministicCudnn(nint context);
}
