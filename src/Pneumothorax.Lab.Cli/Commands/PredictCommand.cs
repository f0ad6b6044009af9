using System.CommandLine;
using System.Text.Json;
using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Evaluation;
using Pneumothorax.Lab.Learning.Native;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary><c>lab predict</c>: what runs' networks say about one picture. The portal reads every picture of its students through it.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var runs = new Option<string[]>("--run")
        {
            HelpName = "DIR",
            Description = "Folder of the run; more than one for several answers",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var checkpoint = CommonOptions.Checkpoint();
        var image = new Option<string>("--image")
        {
            HelpName = "FILE",
            Description = "Frontal chest X-ray as PNG, JPEG or DICOM, of any size",
            Required = true,
        };
        var json = new Option<bool>("--json") { Description = "Everything for a program: the picture as the network saw it, logits, class activation maps, distance from the training images" };
        var command = new Command("predict", "Asks a run's network about one picture. Teaching only, not for diagnosis.") { runs, checkpoint, image, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(image);
            var picture = Read(path, named: !parsed.GetValue(json));
            var pixels = Predictor.Fit(picture.Pixels, picture.Width, picture.Height);
            TorchHost.Prepare();
            var folders = parsed.GetRequiredValue(runs);
            var answers = folders.Select(run => Predictor.Predict(new(run), pixels, parsed.GetValue(checkpoint))).ToList();
            if (parsed.GetValue(json))
            {
                const int side = DatasetManifest.Side;
                var answered = new AnsweredPicture(picture.Kind, picture.Width, picture.Height, ImageCodec.GreyPng(pixels, side, side), picture.Warnings, answers);
                Console.Out.Write(JsonSerializer.Serialize(answered, LabJson.Line));
                return;
            }
            foreach (var (run, answer) in folders.Zip(answers)) Print(path, picture, folders.Length > 1 ? run : null, answer);
            Console.WriteLine("Teaching only, not for diagnosis.");
        });
        return command;
    }

    private static void Print(string path, ForeignPicture picture, string? run, ImageAnswer answer)
    {
        const int side = DatasetManifest.Side;
        var note = (picture.Width, picture.Height) == (side, side) ? "" : $", resampled from {picture.Width} x {picture.Height} to {side} x {side}";
        Console.WriteLine($"{path}{note}, {(run is null ? "" : run + ", ")}checkpoint of step {answer.CheckpointStep}");
        foreach (var warning in picture.Warnings) Console.WriteLine($"note: {warning}");
        Console.WriteLine($"no pneumothorax  {answer.Probabilities[0]:0.0000}");
        Console.WriteLine($"pneumothorax     {answer.Probabilities[1]:0.0000}");
        if (answer.Strangeness is not { } strangeness) return;
        Console.WriteLine($"distance         {strangeness.Distance:0.0}  (one in a hundred of {strangeness.Validation.Length} validation images lies beyond {strangeness.Limit:0.0})");
        if (strangeness.IsDoubtful) Console.WriteLine("This does not look like the images that the network was trained on; its answer means little.");
    }

    /// <param name="named">Whether a refusal begins with the path. A portal's path is of no use to the student who reads the line.</param>
    private static ForeignPicture Read(string path, bool named)
    {
        try
        {
            return ForeignPicture.Read(path);
        }
        catch (InvalidDataException exception) when (named)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }
}
