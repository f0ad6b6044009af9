using System.Text.Json;
using Pneumothorax.Lab.Cli.Tests.Training;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Evaluation;
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
        foreach (var target in MapTargets.All)
        {
            Assert.Equal(target.Of(evaluation.Logits[0], evaluation.Logits[1]), answer.LogitOf(target), 1e-3);
            var stored = target.MapOf(evaluation.CamOf(0, 0), evaluation.CamOf(0, 1));
            Assert.Equal(stored, answer.MapOf(target), (one, other) => Math.Abs(one - other) < 1e-3f);
            // The law of the map, from the answer alone.
            Assert.Equal(answer.LogitOf(target), answer.MapOf(target).Average() + answer.BiasOf(target), 1e-3);
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
        Assert.Equal(["The request is not JSON.", "This is a web page or a drawing (HTML, SVG), which cannot be read here. Save it as PNG, JPEG or DICOM."], replies);
    }

    [Fact]
    public void ReferenceRun_DoubtsWhatStandsOnItsHead_AndAnOlderVersionsStatisticsStillServe()
    {
        var shipped = new RunFolder(Path.Combine(Repository(), "content", "models", "reference"));
        var older = new RunFolder(lab.NewPath());
        CopyFolder(shipped.Path, older.Path);
        File.WriteAllBytes(older.FeaturesPath, FirstFeatures(File.ReadAllBytes(shipped.FeaturesPath), keep: 240));
        using var store = new DatasetStore(new LabPaths(lab.DataDirectory).Datasets);
        var test = store.Open("phantoms")[SplitName.Test];
        List<PictureRequest> requests = [];
        for (var index = 0; index < 8; index++)
        {
            var upright = test.Pixels(index).ToArray();
            byte[] turned = [.. Enumerable.Range(0, 256).SelectMany(y => upright[((255 - y) * 256)..((256 - y) * 256)])];
            foreach (var pixels in (byte[][])[upright, turned])
            {
                var path = lab.NewPath() + ".png";
                File.WriteAllBytes(path, ImageCodec.GreyPng(pixels, 256, 256));
                requests.Add(new(path, [shipped.Path, older.Path]));
            }
        }

        var process = lab.Start("predict", "--serve");
        foreach (var request in requests) process.StandardInput.WriteLine(JsonSerializer.Serialize(request, LabJson.Line));
        process.StandardInput.Close();
        var (code, output, errors) = LabTraining.Finish(process);

        Assert.True(code == 0, errors);
        var told = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<PictureReply>(line, LabJson.Line)!.Answered!.Answers.Select(answer => answer.OutOfDistributionScore!).ToList()).ToList();
        Assert.All(told, both => Assert.Equal((256, 240), (both[0].Features, both[1].Features)));
        Assert.InRange(told.Where((_, place) => place % 2 == 0).Count(both => both[0].IsDoubtful), 0, 1);
        Assert.Equal(8, told.Where((_, place) => place % 2 == 1).Count(both => both[0].IsDoubtful));
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Pneumothorax.Lab.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from)) CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    /// <summary>Statistics of the first features alone: the inverse of a Cholesky factor is a triangle, whose upper left part is that of the fewer.</summary>
    private static byte[] FirstFeatures(byte[] safetensors, int keep)
    {
        var header = (int)BitConverter.ToInt64(safetensors);
        var entries = JsonDocument.Parse(safetensors.AsMemory(8, header)).RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__").ToList();
        var written = new Dictionary<string, object>();
        using var content = new MemoryStream();
        foreach (var entry in entries)
        {
            var (from, shape) = ((int)entry.Value.GetProperty("data_offsets")[0].GetInt64(), entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray());
            var begin = content.Position;
            int[] kept = entry.Name is "mean" or "whitening" ? [.. shape.Select(_ => keep)] : shape;
            var (rows, columns) = (kept.Length == 2 ? kept[0] : 1, kept[^1]);
            for (var row = 0; row < rows; row++) content.Write(safetensors.AsSpan(8 + header + from + (4 * row * shape[^1]), 4 * columns));
            written[entry.Name] = new { dtype = "F32", shape = kept, data_offsets = new[] { begin, content.Position } };
        }
        var text = JsonSerializer.SerializeToUtf8Bytes(written);
        return [.. BitConverter.GetBytes((long)text.Length), .. text, .. content.ToArray()];
    }
}
