using System.Runtime.InteropServices;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>The <c>lab</c> executable that trains.</summary>
/// <param name="path"><c>lab.dll</c>, started with this portal's own dotnet, or a program that starts by itself.</param>
public sealed class LabExecutable(string path)
{
    /// <returns>What to start, and its first arguments.</returns>
    /// <exception cref="FileNotFoundException">It is not there; the message says where it was sought.</exception>
    public (string Program, IReadOnlyList<string> Arguments) Command()
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The program that trains is missing: {path}. Build or publish it, or set Lab__Executable.");
        }
        return path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? (DotnetHost(), [path]) : (path, []);
    }

    private static string DotnetHost()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        // The runtime lies at ROOT/shared/Microsoft.NETCore.App/VERSION/ beside the host at ROOT/dotnet.
        string?[] candidates =
        [
            Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name)),
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"),
            Environment.ProcessPath is { } process && Path.GetFileName(process) == name ? process : null,
        ];
        return candidates.FirstOrDefault(File.Exists) ?? name;
    }
}
