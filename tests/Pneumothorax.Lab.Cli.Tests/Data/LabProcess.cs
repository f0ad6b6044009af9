using System.Diagnostics;
using System.Reflection;

namespace Pneumothorax.Lab.Cli.Tests.Data;

internal sealed record Answer(int Code, string Output, string Errors);

/// <summary>The built command line as a process of its own, with its data in a folder of the test.</summary>
internal static class LabProcess
{
    private static readonly string s_executable = typeof(LabProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "LabExecutable").Value!;

    public static Process Start(string dataDirectory, params string[] arguments) => Start(dataDirectory, without: null, arguments);

    /// <param name="without">A variable that the process is not to have, such as "PATH".</param>
    public static Process Start(string dataDirectory, string? without, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [s_executable, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Lab__DataDirectory"] = dataDirectory;
        start.Environment["DOTNET_GCHeapHardLimit"] = "0xC800000";      // 200 MB: nothing here may need more
        if (without is not null) start.Environment.Remove(without);
        return Process.Start(start)!;
    }

    public static async Task<Answer> RunAsync(string dataDirectory, params string[] arguments)
    {
        using var process = Start(dataDirectory, arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await errors);
    }
}
