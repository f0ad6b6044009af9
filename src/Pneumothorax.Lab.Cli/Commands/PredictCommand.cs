using System.CommandLine;
using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Evaluation;
using Pneumothorax.Lab.Learning.Native;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary><c>lab predict</c>: what a run's network says about one picture.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var checkpoint = CommonOptions.Checkpoint();
        var image = new Option<string>("--image")
        {
            HelpName = "FILE",
            Description = "Frontal chest X-ray as PNG or JPEG, of any size",
            Required = true,
        };
        var command = new Command("predict", "Asks a run's network about one picture. Teaching only, not for diagnosis.") { run, checkpoint, image };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(image);
            var (pixels, width, height) = Decode(path);
            TorchHost.Prepare();
            var prediction = Predictor.Predict(new(parsed.GetRequiredValue(run)), pixels, width, height, parsed.GetValue(checkpoint));

            const int side = DatasetManifest.Side;
            var note = (width, height) == (side, side) ? "" : $", resampled from {width} x {height} to {side} x {side}";
            Console.WriteLine($"{path}{note}, checkpoint of step {prediction.CheckpointStep}");
            Console.WriteLine($"no pneumothorax  {prediction.No:0.0000}");
            Console.WriteLine($"pneumothorax     {prediction.Yes:0.0000}");
            Console.WriteLine("Teaching only, not for diagnosis.");
        });
        return command;
    }

    private static (byte[] Pixels, int Width, int Height) Decode(string path)
    {
        using var file = File.OpenRead(path);
        try
        {
            return ImageCodec.DecodeGrey(file);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }
}
