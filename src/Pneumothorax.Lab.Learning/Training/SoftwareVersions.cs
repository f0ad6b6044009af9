using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>What produced a run's numbers, for <c>run.json</c>.</summary>
public static class SoftwareVersions
{
    public static string Lab => VersionOf(typeof(SoftwareVersions).Assembly);

    public static IReadOnlyDictionary<string, string> All => new Dictionary<string, string>
    {
        ["lab"] = Lab,
        ["torchsharp"] = VersionOf(typeof(torch).Assembly),
        ["libtorch"] = torch.__version__,
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
        ["system"] = $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})",
    };

    /// <returns>Without the commit that some builds append.</returns>
    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
