using System.CommandLine;
using System.Text.Json;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Evaluation;
using Pneumothorax.Lab.Learning.Native;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary><c>lab predict</c>: what runs' networks say about one picture. The portal has every picture of its students read by it.</summary>
internal static class PredictCommand
{
    private const int Side = DatasetManifest.Side;

    public static Command Create()
    {
        var runs = new Option<string[]>("--run")
        {
            HelpName = "DIR",
            Description = "Folder of the run; give several for several answers",
            AllowMultipleArgumentsPerToken = true,
        };
        var checkpoint = CommonOptions.Checkpoint();
        var image = new Option<string?>("--image") { HelpName = "FILE", Description = "Frontal chest X-ray as PNG, JPEG or DICOM, of any size" };
        var json = new Option<bool>("--json") { Description = "Complete output for programs: the picture as the network saw it, logits, class activation maps, distance from the training images" };
        var serve = new Option<bool>("--serve") { Description = "Answer requests on standard input, one JSON object per line (image, runs), until it ends: for the portal, because starting takes longer than answering" };
        var command = new Command("predict", "Asks a run's network about one picture. Teaching only, not for diagnosis.") { runs, checkpoint, image, json, serve };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(serve))
            {
                Serve();
                return;
            }
            var path = parsed.GetValue(image) ?? throw new ArgumentException("Give a picture with --image FILE.");
            if (parsed.GetValue(runs) is not { Length: > 0 } folders) throw new ArgumentException("Give a run with --run DIR.");
            var answered = Answer(path, folders, parsed.GetValue(checkpoint), named: true);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(answered, LabJson.Line));
                return;
            }
            foreach (var (run, answer) in folders.Zip(answered.Answers)) Print(path, answered, folders.Length > 1 ? run : null, answer);
            Console.WriteLine("Teaching only, not for diagnosis.");
        });
        return command;
    }

    /// <summary>A request that cannot be served is answered with a sentence. A crash ends the process: whoever asks starts another.</summary>
    private static void Serve()
    {
        TorchHost.Prepare();
        // The portal starts this process when somebody opens the page, and asks when they have found their picture.
        var rehearsed = new AnsweredPicture("PNG", Side, Side, ImageCodec.GreyPng(new byte[Side * Side], Side, Side), [], [Predictor.Rehearse()]);
        JsonSerializer.Serialize(new PictureReply(rehearsed, Refused: null), LabJson.Line);
        while (Console.In.ReadLine() is { } line)
        {
            PictureReply reply;
            try
            {
                var request = JsonSerializer.Deserialize<PictureRequest>(line, LabJson.Line) ?? throw new InvalidDataException("The request is null.");
                reply = new(Answer(request.Image, request.Runs, checkpoint: null, named: false), Refused: null);
            }
            catch (Exception exception) when (exception is JsonException || Refusal.Of(exception) is not null)
            {
                reply = new(Answered: null, Refusal.Of(exception) ?? "The request is not JSON.");
            }
            Console.Out.WriteLine(JsonSerializer.Serialize(reply, LabJson.Line));
            Console.Out.Flush();
        }
    }

    /// <param name="named">Whether a refusal begins with the path. A portal's path is of no use to the student who reads the line.</param>
    private static AnsweredPicture Answer(string path, IEnumerable<string> folders, int? checkpoint, bool named)
    {
        var picture = Read(path, named);
        var pixels = Predictor.Fit(picture.Pixels, picture.Width, picture.Height);
        TorchHost.Prepare();
        var answers = folders.Select(run => Predictor.Predict(new(run), pixels, checkpoint)).ToList();
        return new(picture.Kind, picture.Width, picture.Height, ImageCodec.GreyPng(pixels, Side, Side), picture.Warnings, answers);
    }

    private static UntrustedImage Read(string path, bool named)
    {
        try
        {
            RegularFile.Check(path);
            return UntrustedImage.Read(path);
        }
        catch (InvalidDataException exception) when (named)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    private static void Print(string path, AnsweredPicture picture, string? run, ImageAnswer answer)
    {
        var square = picture.Width == picture.Height ? "" : "padded to a square with black, ";
        var note = (picture.Width, picture.Height) == (Side, Side) ? "" : $", {square}resampled from {picture.Width} x {picture.Height} to {Side} x {Side}";
        Console.WriteLine($"{path}{note}, {(run is null ? "" : run + ", ")}checkpoint of step {answer.CheckpointStep}");
        foreach (var warning in picture.Warnings) Console.WriteLine($"note: {warning}");
        Console.WriteLine($"no pneumothorax  {answer.Probabilities[0]:0.0000}");
        Console.WriteLine($"pneumothorax     {answer.Probabilities[1]:0.0000}");
        if (answer.OutOfDistributionScore is not { } strangeness) return;
        Console.WriteLine($"distance         {strangeness.Distance:0.0}  (one in a hundred of {strangeness.Validation.Length} validation images is beyond {strangeness.Limit:0.0})");
        if (strangeness.IsDoubtful) Console.WriteLine("This does not look like the images that the network was trained on; its answer means little.");
    }
}
