using System.Diagnostics;
using System.Globalization;

namespace Pneumothorax.Lab.Web.Tests.Api;

/// <summary>Finds the process that trains in a run folder (Linux).</summary>
internal static class TrainingProcesses
{
    public static Process Of(string folder) =>
        Process.GetProcessById(Ids(folder) is [var only] ? only : throw new InvalidOperationException($"Not one process trains in {folder}."));

    public static IReadOnlyList<int> Ids(string folder) =>
        [.. from directory in Directory.EnumerateDirectories("/proc")
            let id = int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var number) ? number : 0
            where id > 0 && CommandOf(id).Contains(folder)
            select id];

    private static string[] CommandOf(int id)
    {
        try { return File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/cmdline").Split('\0'); }
        catch (IOException) { return []; }      // it has just ended
    }
}
