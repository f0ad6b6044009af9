using System.CommandLine;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Phantoms;
using Pneumothorax.Lab.Datasets.Registration;

namespace Pneumothorax.Lab.Cli.Commands;

internal static class DataPhantomCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = $"Name of the data set: {DatasetName.Rule}" };
        var images = new Option<int>("--images") { HelpName = "N", DefaultValueFactory = _ => 1600, Description = "Number of images to draw; three quarters are for training" };
        var seed = new Option<int>("--seed") { HelpName = "S", DefaultValueFactory = _ => 1, Description = "The same seed gives the same images" };
        var dataDirectory = CommonOptions.DataDirectory();

        var command = new Command("phantom", "Draws and registers a synthetic data set: no real people, but the signs that a network has to find.")
        {
            name, images, seed, dataDirectory,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () => DrawAsync(
                parsed.GetRequiredValue(name), parsed.GetValue(images), parsed.GetValue(seed), parsed.GetValue(dataDirectory), cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> DrawAsync(string name, int images, int seed, string? dataDirectory, CancellationToken cancellationToken)
    {
        using var store = DataCommand.OpenStoreToWrite(dataDirectory);
        DatasetManifest manifest;
        using (var line = new DataProgressLine(TimeProvider.System))
            manifest = PhantomGenerator.Generate(store, name, images, seed, new Drawing(line), cancellationToken);
        await DataCommand.PrintAsync(manifest, Path.Combine(store.Directory, manifest.Name));
        return 0;
    }

    private sealed class Drawing(IProgress<DataProgress> line) : IProgress<double>
    {
        public void Report(double value) => line.Report(new("Drawing phantoms", value));
    }
}
