using System.CommandLine;

namespace Pneumothorax.Lab.Cli.Commands;

internal static class DataCommand
{
    public static Command Create() => new("data", "Checks, registers and lists data sets.");
}
