using System.CommandLine;
using Pneumothorax.Lab.Datasets;

namespace Pneumothorax.Lab.Cli.Commands;

internal static class DataListCommand
{
    public static Command Create()
    {
        var dataDirectory = CommonOptions.DataDirectory();
        var command = new Command("list", "Lists the registered data sets.") { dataDirectory };
        command.SetAction((parsed, _) => ListAsync(parsed.GetValue(dataDirectory)));
        return command;
    }

    private static async Task<int> ListAsync(string? dataDirectory)
    {
        using var store = DataCommand.OpenStore(dataDirectory);
        var manifests = store.List();
        if (manifests.Count == 0)
        {
            await Console.Out.WriteLineAsync($"No data set is registered in {store.Directory}.");
            return 0;
        }

        var width = manifests.Max(manifest => manifest.Name.Length);
        foreach (var manifest in manifests)
        {
            var splits = manifest.Splits.Select(split => $"{split.Split.Word()} {split.Images} ({split.Positives} positive)");
            await Console.Out.WriteLineAsync(
                $"{manifest.Name.PadRight(width)}  {string.Join(", ", splits)}  {manifest.Source}{(manifest.Synthetic ? " (synthetic)" : "")}");
        }
        return 0;
    }
}
