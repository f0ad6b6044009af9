using Pneumothorax.Lab.Classroom.Guide.Figures;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Classroom.Tests.Guide.Figures;

public sealed class PictureNumbersTests
{
    public static TheoryData<string> Networks => [.. NetworkSpec.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void NetworkParts_AddUpToTheNetwork(string name)
    {
        foreach (var network in (NetworkSpec[])[NetworkSpec.Find(name), NetworkSpec.Find(name).With(new Hyperparameters { Width = 24, Blocks = 3, Normalization = Normalization.Batch, Skip = Skip.None })])
        {
            var parts = NetworkParts.Of(network);

            Assert.Equal(network.Parameters, parts.Sum(part => part.Parameters));
            Assert.Equal(network.MultiplyAdds, parts.Sum(part => part.MultiplyAdds));
        }
    }

    [Fact]
    public void NetworkParts_OfTheExercise_HaveItsShapes() =>
        Assert.Equal(
            ["256² × 1 to 128² × 64", "128² × 64 to 64² × 128", "64² × 128 to 32² × 256", "32² × 256 to 16² × 512", "16² × 512 to 512", "512 to 2"],
            NetworkParts.Of(NetworkSpec.Lab).Select(part => $"{part.In} to {part.Out}"));

    [Fact]
    public void Resampling_OfAHundredImagesAtEighty_LeavesAboutNineHundredthsToEitherSide()
    {
        // Two normal clouds 1.19 apart: an area of 0.80, as in the exercise's example.
        var random = new Random(3);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        byte[] labels = [.. Enumerable.Range(0, 4000).Select(i => (byte)(i % 2))];
        double[] scores = [.. labels.Select(label => 1 / (1 + Math.Exp(-(Normal() + 1.19 * label))))];

        var (low, high) = Resampling.Middle95(Resampling.Areas(labels, scores, size: 100, draws: 400, seed: 1));

        Assert.InRange((high - low) / 2, 0.07, 0.11);
        Assert.InRange((high + low) / 2, 0.77, 0.83);
    }

    [Fact]
    public void Resampling_OfOneClass_HasNoArea() => Assert.Empty(Resampling.Areas([1, 1], [0.2, 0.3], 10, 5, 1));

    [Theory]
    [InlineData(-0.004, 2, "0.00")]
    [InlineData(-1.5, 1, "\u22121.5")]
    [InlineData(20, 0, "20")]
    public void Numbers_AreWrittenWithATrueMinus(double value, int digits, string expected) => Assert.Equal(expected, Numbers.Text(value, digits));
}
