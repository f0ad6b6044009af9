using System.Text.Json;
using FsCheck.Xunit;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Tests.Runs;

public sealed class MetricsReaderTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    private List<MetricPoint> Read(string text)
    {
        File.WriteAllText(_path, text);
        using var reader = new MetricsReader(_path);
        return [.. reader.Read()];
    }

    [Property]
    public bool Read_PointsAsTheTrainerWritesThem_ComeBackExactly(int step, double value, string name)
    {
        if (!double.IsFinite(value) || name is null) return true;
        MetricPoint point = new(step, name, value);

        return Read(JsonSerializer.Serialize(point, LabJson.Line) + "\n").Single() == point;
    }

    [Theory]
    [InlineData("""{"value":0.5,"step":3,"series":"train/loss"}""")]                // another order
    [InlineData("""{ "step": 3, "series": "train/loss", "value": 5e-1 }""")]
    [InlineData("{\"step\":3,\"series\":\"train\\u002Floss\",\"value\":0.5}\r")]
    [InlineData("""{"step":3,"series":"train/loss","value":0.5,"note":"more"}""")]
    public void Read_ALineOfAnotherHand_IsReadAllTheSame(string line) =>
        Assert.Equal([new(3, "train/loss", 0.5)], Read(line + "\n"));

    [Theory]
    [InlineData("")]
    [InlineData("{\"step\":3,\"series\":\"train/loss\",\"value\":0.\n")]
    [InlineData("{\"step\":3}\nnonsense\n\n")]
    [InlineData("{\"step\":3,\"series\":\"train/lo")]
    public void Read_WhatIsNoPoint_IsLeftOut(string text) => Assert.Empty(Read(text));

    [Fact]
    public void Position_StaysBeforeALineThatIsStillWritten()
    {
        const string whole = "{\"step\":1,\"series\":\"train/loss\",\"value\":0.5}\n";
        File.WriteAllText(_path, whole + "{\"step\":2,\"series\":");
        using var reader = new MetricsReader(_path);
        Assert.Single(reader.Read());
        Assert.Equal(whole.Length, reader.Position);

        File.AppendAllText(_path, "\"train/loss\",\"value\":0.4}\n");
        using var later = new MetricsReader(_path, reader.Position);
        Assert.Equal([new(2, "train/loss", 0.4)], later.Read());
    }
}
