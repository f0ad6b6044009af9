using System.Text.Json;
using Pneumothorax.Lab.Cli.Tests.Training;
using Pneumothorax.Lab.Experiments.Networks;

namespace Pneumothorax.Lab.Cli.Tests.Bench;

public sealed class BenchCommandTests(LabTraining lab)
{
    [Fact]
    public void Bench_WithoutPyTorch_WritesFiguresThatFitEachOtherAndNoComparison()
    {
        var path = lab.NewPath();

        var (code, output, errors) = LabTraining.Finish(lab.Start("bench", "--batch-size", "2", "--rounds", "1", "--seconds", "0", "--python", "no-such-python", "--device", "cpu", "--json", path));

        Assert.True(code == 0, errors);
        Assert.Contains("images/s", output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        var peak = json.RootElement.GetProperty("matrixPeakGigaflops").GetDouble();
        foreach (var network in new[] { NetworkSpec.Lab, NetworkSpec.Lite })
        {
            var speed = json.RootElement.GetProperty($"{network.Name}ImagesPerSecond").GetDouble();
            Assert.True(speed > 0);
            Assert.Equal(speed * 2 * network.TrainingMultiplyAdds / 1e9 / peak, json.RootElement.GetProperty($"{network.Name}PeakRatio").GetDouble(), 1e-6);
            Assert.False(json.RootElement.TryGetProperty($"{network.Name}PyTorchRatio", out _));
        }
        // A million steps are to fit into 200 MB.
        Assert.InRange(json.RootElement.GetProperty("metricsBytesAStep").GetDouble(), 50, 200);
        Assert.Equal(
            json.RootElement.GetProperty("metricsMicrosecondsAStep").GetDouble() / 1e6 * json.RootElement.GetProperty("liteImagesPerSecond").GetDouble() / 2,
            json.RootElement.GetProperty("metricsTimeRatio").GetDouble(), 1e-9);
    }

    [Fact]
    public void Metrics_WithScikitLearn_FindTheSameAreaAndSayHowFast()
    {
        var path = lab.NewPath();

        var (code, output, errors) = LabTraining.Finish(lab.Start("bench", "metrics", "--count", "20000", "--rounds", "1", "--python", "/usr/bin/python3", "--json", path));

        Assert.True(code == 0, errors);
        Assert.Contains("the same area", output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        double Number(string name) => json.RootElement.GetProperty(name).GetDouble();
        Assert.InRange(Number("auroc"), Number("aurocLow"), Number("aurocHigh"));
        Assert.Equal(Number("scikitLearnSeconds") / Number("metricsSeconds"), Number("metricsScikitLearnRatio"), 1e-6);
    }

    [Fact]
    public void Metrics_WithoutScikitLearn_MeasureAllTheSame()
    {
        var (code, output, errors) = LabTraining.Finish(lab.Start("bench", "metrics", "--count", "1000", "--rounds", "1", "--python", "no-such-python"));

        Assert.True(code == 0, errors);
        Assert.Contains("1,000 scores", output, StringComparison.Ordinal);
        Assert.DoesNotContain("x scikit-learn", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_CountOutOfRange_IsRefusedInOneLine()
    {
        var (code, _, errors) = LabTraining.Finish(lab.Start("bench", "metrics", "--count", "3"));

        Assert.Equal(1, code);
        Assert.Equal("lab: --count is 3; it must be from 100 to 10000000.", errors.Trim());
    }

    [Fact]
    public void Import_WithPillow_ComesToTheSamePixelsAndSaysHowFast()
    {
        var path = lab.NewPath();

        var (code, output, errors) = LabTraining.Finish(lab.Start("bench", "import", "--images", "40", "--round-images", "40", "--rounds", "1", "--python", "/usr/bin/python3", "--json", path));

        Assert.True(code == 0, errors);
        Assert.Contains("40 pictures at once", output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        double Number(string name) => json.RootElement.GetProperty(name).GetDouble();
        Assert.InRange(Number("bytesAnImage"), 300_000, 500_000);       // as NIH's are
        Assert.InRange(Number("wholePeakMegabytes"), 20, 500);
        if (!json.RootElement.TryGetProperty("pillow", out _)) Assert.Skip("Pillow is absent.");
        Assert.Equal(Number("importImagesPerSecond") / Number("pillowImagesPerSecond"), Number("importPillowRatio"), 1e-6);
    }

    [Theory]
    [InlineData("--batch-size", "0")]
    [InlineData("--rounds", "0")]
    [InlineData("--seconds", "-1")]
    public void Bench_NumberOutOfRange_IsRefusedInOneLine(string option, string value)
    {
        var (code, _, errors) = LabTraining.Finish(lab.Start("bench", option, value));

        Assert.Equal(1, code);
        Assert.StartsWith($"lab: {option} is {value}", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
