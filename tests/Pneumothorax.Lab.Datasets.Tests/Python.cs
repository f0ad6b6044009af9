using System.Diagnostics;

namespace Pneumothorax.Lab.Datasets.Tests;

/// <summary>The other reader of our files: h5py, where the host has it.</summary>
internal static class Python
{
    private const string Interpreter = "/usr/bin/python3";

    public static void SkipWithout(params string[] modules)
    {
        if (!File.Exists(Interpreter)) Assert.Skip($"{Interpreter} is absent.");
        var (code, _, _) = Execute($"import {string.Join(", ", modules)}");
        if (code != 0) Assert.Skip($"{Interpreter} lacks {string.Join(" or ", modules)}.");
    }

    /// <returns>What the program printed.</returns>
    public static string Run(string program, params string[] arguments)
    {
        var (code, output, errors) = Execute(program, arguments);
        Assert.True(code == 0, errors);
        return output.Trim();
    }

    private static (int Code, string Output, string Errors) Execute(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Interpreter, ["-c", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
