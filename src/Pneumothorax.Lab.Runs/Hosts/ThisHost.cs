using System.Reflection;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Hosts;

/// <summary>How this process is called among those that train.</summary>
/// <param name="kind"><see cref="Portal"/> or <see cref="Worker"/>.</param>
public sealed class ThisHost(string kind = ThisHost.Portal)
{
    public const string Portal = "portal";
    public const string Worker = "worker";

    /// <summary>The machine's name, or what <see cref="HostReporter"/> found free.</summary>
    public string Name { get; internal set; } = Cut(Environment.MachineName);

    public string Kind => kind;

    /// <summary>Of the lab's software.</summary>
    internal static string Version { get; } =
        typeof(ThisHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    internal string Process { get; } = Guid.NewGuid().ToString("N");

    internal static string Cut(string name) => name.Length <= LabHost.NameLength - 4 ? name : name[..(LabHost.NameLength - 4)];
}
