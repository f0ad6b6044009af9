using System.Runtime.InteropServices;

namespace Pneumothorax.Lab.Learning.Native;

/// <summary>Lets a GPU host use the libtorch of its installed PyTorch instead of the one that comes with the lab.</summary>
public static class TorchLibrary
{
    /// <summary>Folder with libtorch.so of the version that TorchSharp was made for (2.10), such as <c>.../site-packages/torch/lib</c>.</summary>
    public const string Variable = "Lab__TorchLibraryPath";

    // Each before those that need it. Those that a build without CUDA lacks are optional.
    private static readonly (string Name, bool Optional)[] s_libraries =
        [("c10", false), ("torch_cpu", false), ("c10_cuda", true), ("torch_cuda", true), ("torch", false)];

    /// <summary>Call before anything else of torch.</summary>
    /// <exception cref="ArgumentException">The folder lacks a library, or one does not load, or there is a libtorch too many or too few.</exception>
    /// <remarks>
    /// The loader takes a library that is in the process already, whatever folder it came from, for any library that needs one of
    /// that name. So it is enough to load these by their full paths before TorchSharp looks for them. TorchSharp does look for
    /// "torch_cpu", though, and beside the application first; two copies of torch in one process end it. Hence the check.
    /// </remarks>
    internal static void Load()
    {
        var own = OwnCopy();
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder)
        {
            if (own is null) throw new ArgumentException($"This build contains no libtorch. Set {Variable} to the lib folder of an installed PyTorch.");
            return;
        }
        if (own is not null)
            throw new ArgumentException($"{Variable} is set, but this build contains its own libtorch ({own}). Build with -p:Torch=none to use the one in {folder}.");

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
    }

    /// <returns>The libtorch that .NET would find beside the application; null when there is none.</returns>
    private static string? OwnCopy()
    {
        var folders = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Combine(folder, FileName("torch_cpu"))).FirstOrDefault(File.Exists);
    }

    private static string FileName(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";
}
