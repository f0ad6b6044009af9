using System.Reflection;

namespace Pneumothorax.Lab.Storage;

/// <summary>Which lab this is, for messages, backups and telemetry.</summary>
public static class LabVersion
{
    /// <summary>Such as "0.1.0".</summary>
    public static string Text { get; } =
        typeof(LabVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
