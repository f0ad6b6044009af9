using System.CommandLine;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Registration;

namespace Pneumothorax.Lab.Cli.Commands;

internal static class DataCheckCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "HDF5 file with \"image\" (N, 256, 256, 1) and \"label\" (N, 2), optionally with \"mask\" (N, 256, 256, 1)" };
        var command = new Command("check", "Reads every value of an HDF5 file and says whether it can be registered.") { file };
        command.SetAction((parsed, cancellationToken) => Task.Run(() => CheckAsync(parsed.GetRequiredValue(file), cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> CheckAsync(string path, CancellationToken cancellationToken)
    {
        FileFacts facts;
        using (var progress = new DataProgressLine(TimeProvider.System)) facts = FileCheck.Read(path, progress, cancellationToken);

        await Console.Out.WriteLineAsync($"{path}: {facts.Images} images of {facts.Height} x {facts.Width} ({facts.Type}), {facts.Positives} with pneumothorax.");
        if (facts.Masks > 0) await Console.Out.WriteLineAsync($"{facts.Masks} {(facts.Masks == 1 ? "image has" : "images have")} a mask of the pneumothorax.");
        if (facts.NeedsResampling)
        {
            await Console.Out.WriteLineAsync(
                $"Note: {facts.Height} x {facts.Width} is not {DatasetManifest.Side} x {DatasetManifest.Side}: register it with --resample.");
        }
        if (facts.Flat > 0)
            await Console.Out.WriteLineAsync($"Note: {facts.Flat} {(facts.Flat == 1 ? "image has" : "images have")} only a single grey value.");
        if (facts.RangeNote is { } odd) await Console.Out.WriteLineAsync($"Note: {odd}.");
        return 0;
    }
}
