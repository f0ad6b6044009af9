using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Pneumothorax.Lab.Learning.Native;

/// <summary>Lets a GPU host use the libtorch of its installed PyTorch instead of the one that comes with the lab.</summary>
public static class TorchLibrary
{
    /// <summary>Folder with libtorch.so of the same version, such as <c>.../site-packages/torch/lib</c>.</summary>
    public const string Variable = "Lab__TorchLibraryPath";

    // Each before those that need it. Those that a build without CUDA lacks are optional.
    private static readonly (string Name, bool Optional)[] s_libraries =
        [("c10", false), ("torch_cpu", false), ("c10_cuda", true), ("torch_cuda", true), ("torch", false)];

    /// <summary>Call before anything else of torch. Does nothing when <see cref="Variable"/> is not set.</summary>
    /// <exception cref="ArgumentException">The folder lacks a library, or one does not load; the message names it.</exception>
    /// <remarks>
    /// The loader takes a library that is in the process already, whatever folder it came from, for any library that needs one of
    /// that name. So it is enough to load these by their full paths first, and TorchSharp's own native file after them.
    /// TorchSharp itself then would still load "torch_cpu" from beside the application, and two copies of torch in one
    /// process do not go together. It skips that once it believes to have loaded its native files, and offers no way to say so
    /// but the field that is set here.
    /// </remarks>
    internal static void Load()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder) return;

        foreach (var (name, optional) in s_libraries)
        {
            var path = Path.Combine(folder, FileName(name));
            if (optional && !File.Exists(path)) continue;
            try
            {
                NativeLibrary.Load(path);
            }
            catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
            {
                throw new ArgumentException($"{Variable}: {path} cannot be loaded: {exception.Message}", exception);
            }
        }
        NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, searchPath: null);
        var loaded = typeof(torch).GetField("nativeBackendLoaded", BindingFlags.Static | BindingFlags.NonPublic)
            ?? throw new MissingFieldException("This version of TorchSharp loads its native files in another way.");
        loaded.SetValue(null, true);
    }

    private static string FileName(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";
}
