namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>Where portal and command line keep what outlives them; both use the same place unless told otherwise.</summary>
public sealed record LabPaths(string DataDirectory)
{
    public const string Variable = "Lab__DataDirectory";

    public string Datasets => Path.Combine(DataDirectory, "datasets");
    public string Runs => Path.Combine(DataDirectory, "runs");
    public string Uploads => Path.Combine(DataDirectory, "uploads");

    /// <summary>Where an instructor puts downloads that become data sets, unless told otherwise.</summary>
    public string Incoming => Path.Combine(DataDirectory, "incoming");

    public string Database => Path.Combine(DataDirectory, "lab.db");
    public string Keys => Path.Combine(DataDirectory, "keys");

    /// <param name="chosen">A setting or option; null or empty for <see cref="Variable"/>, else the user's own data folder.</param>
    public static LabPaths Resolve(string? chosen)
    {
        if (string.IsNullOrWhiteSpace(chosen)) chosen = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(chosen))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            chosen = Path.Combine(home.Length > 0 ? home : AppContext.BaseDirectory, "pneumothorax-lab");
        }
        return new(Path.GetFullPath(chosen));
    }
}
