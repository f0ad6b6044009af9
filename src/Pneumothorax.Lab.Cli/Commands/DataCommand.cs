using System.CommandLine;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.DataDirectories;

namespace Pneumothorax.Lab.Cli.Commands;

internal static class DataCommand
{
    public static Command Create() => new("data", "Checks, registers, imports and lists data sets.")
    {
        DataCheckCommand.Create(),
        DataAddCommand.Create(),
        DataListCommand.Create(),
        DataPhantomCommand.Create(),
        DataImportCommand.Create(),
    };

    /// <summary>For a command that adds a data set.</summary>
    public static DatasetStore OpenStoreToWrite(string? dataDirectory)
    {
        DataDirectory.OpenToWrite(LabPaths.Resolve(dataDirectory));
        return OpenStore(dataDirectory);
    }

    public static DatasetStore OpenStore(string? dataDirectory) => new(LabPaths.Resolve(dataDirectory).Datasets);

    /// <summary>One line a split, then the notes: what add and phantom say when they are done.</summary>
    public static async Task PrintAsync(DatasetManifest manifest, string folder)
    {
        await Console.Out.WriteLineAsync($"Registered \"{manifest.Name}\" in {folder}");
        foreach (var split in manifest.Splits)
        {
            var patients = split.Patients is { } count ? $", {count} patients" : "";
            await Console.Out.WriteLineAsync($"  {split.Split.Word(),-11}{split.Images} images, {split.Positives} with pneumothorax{patients}{(split.Split == SplitName.Train && manifest.HeldOut > 0 ? $"; {manifest.HeldOut} of them held out for validation" : "")}");
        }
        await Console.Out.WriteLineAsync($"  validation: {manifest.ValidationRule}");
        await Console.Out.WriteLineAsync($"  source: {manifest.Source}");
        if (manifest.Licence is { } licence) await Console.Out.WriteLineAsync($"  licence: {licence}");
        if (manifest.Citation is { } citation) await Console.Out.WriteLineAsync($"  cite: {citation}");
        foreach (var note in manifest.Notes) await Console.Out.WriteLineAsync($"  {note}");
    }
}
