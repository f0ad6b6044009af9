using System.Text.Json;
using Pneumothorax.Lab.Cli.Tests.Training;
using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Data.Evaluations;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Tests;

/// <summary><c>lab predict --json</c>: what the portal asks for every picture of a student's own.</summary>
public sealed class PredictCommandTests(LabTraining lab)
{
    [Fact]
    public void TestImageAsPng_GetsTheAnswerAndMapOfTheEvaluation()
    {
        var folder = lab.Whole;
        using var evaluation = EvaluationFile.Read(folder.EvaluationPath);
        using var store = new DatasetStore(new LabPaths(lab.DataDirectory).Datasets);
        var pixels = store.Open("phantoms")[SplitName.Test].Pixels(0).ToArray();
        var path = lab.NewPath() + ".png";
        File.WriteAllBytes(path, ImageCodec.GreyPng(pixels, 256, 256));

        var (code, output, errors) = LabTraining.Finish(lab.Start("predict", "--json", "--run", folder.Path, "--run", folder.Path, "--image", path));

        Assert.True(code == 0, errors);
        var answered = JsonSerializer.Deserialize<AnsweredPicture>(output, LabJson.Line)!;
        Assert.Equal(("PNG", 256, 256, 2), (answered.Kind, answered.Width, answered.Height, answered.Answers.Count));
        using var picture = new MemoryStream(answered.Picture);
        Assert.Equal(pixels, ImageCodec.DecodeGrey(picture).Pixels);
        var answer = answered.Answers[1];
        for (var cls = 0; cls < 2; cls++)
        {
            Assert.Equal(evaluation.Logits[cls], answer.Logits[cls], 1e-3f);
            Assert.Equal(evaluation.CamOf(0, cls).ToArray(), answer.CamOf(cls).ToArray(), (one, other) => Math.Abs(one - other) < 1e-3f);
            // The law of the map, from the answer alone.
            Assert.Equal(answer.Logits[cls], answer.CamOf(cls).ToArray().Average() + answer.Bias[cls], 1e-3f);
        }
    }

    [Fact]
    public void Serve_RefusesInASentenceWithoutThePath_AndGoesOn()
    {
        var path = lab.NewPath() + ".png";
        File.WriteAllText(path, "<html></html>");

        var process = lab.Start("predict", "--serve");
        foreach (var line in (string[])["no request", JsonSerializer.Serialize(new PictureRequest(path, [lab.Whole.Path]), LabJson.Line)]) process.StandardInput.WriteLine(line);
        process.StandardInput.Close();
        var (code, output, errors) = LabTraining.Finish(process);

        Assert.True(code == 0, errors);
        var replies = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<PictureReply>(line, LabJson.Line)!.Refused);
        Assert.Equal(["The request is not JSON.", "This is a web page or a drawing (HTML, SVG), whatever its name says. Save it as PNG, JPEG or DICOM."], replies);
    }
}
