using System.Diagnostics;

namespace Pneumothorax.Lab.Browser.Tests;

/// <summary>Other programs, run as a user would.</summary>
internal static class Tool
{
    /// <summary>The folder that holds Pneumothorax.Lab.sln.</summary>
    public static string Root { get; } = FindRoot();

    public static string Lab { get; } = Path.Combine(Root, "src", "Pneumothorax.Lab.Cli", "bin", "Release", "net10.0", "lab.dll");

    /// <returns>Exit code, and what it printed to either stream.</returns>
    public static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pneumothorax.Lab.sln"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException("The tests must run from inside the repository.");
    }
}
