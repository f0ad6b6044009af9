namespace Pneumothorax.Lab.Datasets.Importing;

/// <summary>Tells what a folder was downloaded as, by its tables alone.</summary>
public static class Collections
{
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be read.</exception>
    public static bool IsNih(string folder) => Directory.EnumerateFiles(folder, NihFolder.Tables).Any();

    /// <inheritdoc cref="IsNih"/>
    public static bool IsSiim(string folder) => Directory.EnumerateFiles(folder, "*.csv").Any(SiimFolder.IsTable);
}
