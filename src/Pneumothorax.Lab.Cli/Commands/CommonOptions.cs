using System.CommandLine;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary>Options that several verbs share, with the same words in each.</summary>
internal static class CommonOptions
{
    public static Option<string?> DataDirectory() => new("--data-directory")
    {
        HelpName = "DIR",
        Description = $"Where data sets are stored. Default: the setting {LabPaths.Variable}, else the user's own data folder",
    };

    public static Option<string?> Licence(string otherwise) => new("--licence")
    {
        HelpName = "TEXT",
        Description = $"The terms under which the images may be used; shown under them. {otherwise}",
    };

    public static Option<string?> Citation(string otherwise) => new("--citation")
    {
        HelpName = "TEXT",
        Description = $"The work to cite; shown under the images. {otherwise}",
    };

    public static Option<bool> Supervised() => new("--supervised")
    {
        Description = "For the portal: JSON lines on standard output; ends when standard input sends stop or closes",
    };

    public static Option<string?> Device() => new("--device")
    {
        HelpName = "cpu|cuda",
        Description = "Where to compute. Default: the GPU if there is one",
    };

    public static Option<int?> Checkpoint() => new("--checkpoint")
    {
        HelpName = "N",
        Description = "Step of the checkpoint. Default: the best one, by validation AUROC",
    };

    public static Option<string> Run() => new("--run")
    {
        HelpName = "DIR",
        Description = "Folder of the run",
        Required = true,
    };
}
