using System.CommandLine;
using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary>What the measurements share.</summary>
internal static class BenchOptions
{
    public static Option<string?> Json() => new("--json")
    {
        HelpName = "FILE",
        Description = "Write the figures as JSON to this file; without a name, to standard output",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <param name="library">What is compared with.</param>
    public static Option<string> Python(string library) => new("--python")
    {
        HelpName = "PROGRAM",
        Description = $"The Python installation whose {library} to compare with",
        DefaultValueFactory = _ => "python3",
    };

    public static Option<int> Rounds() => new("--rounds") { HelpName = "N", Description = "Number of rounds of all measurements, 1 to 100", DefaultValueFactory = _ => 5 };

    /// <exception cref="ArgumentException">Out of range.</exception>
    public static int Checked(ParseResult parsed, Option<int> rounds) =>
        parsed.GetValue(rounds) is var count && count is >= 1 and <= 100 ? count : throw new ArgumentException($"--rounds is {count}; it must be from 1 to 100.");

    /// <summary>As text, as JSON, or as both where the JSON has a file.</summary>
    public static void Write<T>(ParseResult parsed, Option<string?> json, T result, Action<T> print)
    {
        var text = JsonSerializer.Serialize(result, LabJson.Document);
        if (parsed.GetResult(json) is null) print(result);
        else if (parsed.GetValue(json) is not { } path) Console.WriteLine(text);
        else
        {
            print(result);
            File.WriteAllText(path, text);
        }
    }
}
