using System.Globalization;
using System.Text.Json;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Randomness;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Networks;
using Pneumothorax.Lab.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Tests.Training;

/// <summary>
/// Whether the lab trains as PyTorch does, or only nearly: in float64 there is no rounding to hide a difference behind, and in float32 the
/// lab may be as far from float64 as PyTorch itself is. References: tests/references/write_agreement.py; the handbook has the figures.
/// </summary>
public sealed class PyTorchAgreementTests
{
    private const double InFloat64 = 1e-9;

    /// <summary>Rounding is chance: six ways of PyTorch's own differ by up to this factor among themselves.</summary>
    private const double Chance = 10;

    private static readonly Dictionary<string, Reference> s_references = Read<Reference>("agreement.json").ToDictionary(reference => reference.Name);
    private static readonly Dictionary<string, Whole> s_wholes = Read<Whole>("whole.json").ToDictionary(reference => reference.Name);

    public static TheoryData<string> Names => [.. s_references.Keys];

    public static TheoryData<string> WholeNames => [.. s_wholes.Keys];

    [Theory, MemberData(nameof(Names))]
    public void TenUpdates_InFloat64_AreThoseOfPyTorch(string name)
    {
        var reference = s_references[name];

        var losses = Train(reference, ScalarType.Float64);

        var off = Differences(losses, reference.Losses);
        TestContext.Current.TestOutputHelper?.WriteLine(Words(off));
        Assert.True(off.Max() < InFloat64, Words(off));
    }

    [Theory, MemberData(nameof(Names))]
    public void TenUpdates_InFloat32_AreAsFarFromFloat64AsPyTorchs(string name)
    {
        var reference = s_references[name];

        var losses = Train(reference, ScalarType.Float32);

        var off = Differences(losses, reference.Losses);
        var theirs = reference.Rounding.Max(run => run[^1]);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Words(off)}; PyTorch's own: {theirs}");
        Assert.True(off.Max() < Chance * theirs, $"{Words(off)}; PyTorch's own: {theirs}");
    }

    /// <summary>Eighty updates: past warm-up, down the cosine to its end, over 32 epochs of which every other ends within a batch; then other images.</summary>
    [Theory, MemberData(nameof(WholeNames))]
    public void WholeTraining_InFloat64_IsThatOfPyTorch(string name)
    {
        var reference = s_wholes[name];
        var (hyperparameters, side, seen) = (reference.Hyperparameters, reference.Side, reference.Labels.Length);
        using var scope = NewDisposeScope();
        using var network = new LabNetwork(NetworkSpec.Find(reference.Network).With(hyperparameters), hyperparameters.Seed);
        network.to(ScalarType.Float64);
        using var descent = new OptimizerUpdate(network, hyperparameters);
        using var criterion = new TrainingLoss(hyperparameters.LabelSmoothing, null, CPU);
        var order = new EpochSampler(hyperparameters.Seed, [.. Enumerable.Range(0, seen)]);
        var others = reference.Logits.Length / NetworkSpec.Classes;
        var images = ImagePreparation.Standardise(Pixels(side, seen + others).to(ScalarType.Float64));
        var labels = tensor(reference.Labels);

        network.train();
        var losses = new double[hyperparameters.Steps];
        for (var step = 1; step <= losses.Length; step++)
        {
            using var each = NewDisposeScope();
            var rows = tensor(order.Batch(step, hyperparameters.BatchSize));
            losses[step - 1] = Update(network, descent, criterion, images.index_select(0, rows), labels.index_select(0, rows), step);
        }
        network.eval();
        var logits = network.call(images.narrow(0, seen, others)).flatten().data<double>().ToArray();

        var (off, answersOff) = (Differences(losses, reference.Losses), Differences(logits, reference.Logits));
        TestContext.Current.TestOutputHelper?.WriteLine($"losses {Words(off)}; logits afterwards {Words(answersOff)}");
        Assert.True(off.Max() < InFloat64, Words(off));
        Assert.True(answersOff.Max() < InFloat64, Words(answersOff));
    }

    private static double[] Train(Reference reference, ScalarType type)
    {
        var hyperparameters = reference.Hyperparameters;
        using var scope = NewDisposeScope();
        using var network = new LabNetwork(NetworkSpec.Find(reference.Network).With(hyperparameters), hyperparameters.Seed);
        network.to(type);
        using var descent = new OptimizerUpdate(network, hyperparameters);
        using var criterion = new TrainingLoss(hyperparameters.LabelSmoothing, null, CPU);
        var images = ImagePreparation.Standardise(Pixels(reference.Side, hyperparameters.BatchSize).to(type));
        var labels = tensor(reference.Labels);
        network.train();
        var losses = new double[reference.Losses.Length];
        for (var step = 1; step <= losses.Length; step++)
        {
            using var each = NewDisposeScope();
            losses[step - 1] = Update(network, descent, criterion, images, labels, step);
        }
        return losses;
    }

    /// <returns>The loss before the update.</returns>
    private static double Update(LabNetwork network, OptimizerUpdate descent, TrainingLoss criterion, Tensor images, Tensor labels, int step)
    {
        descent.ZeroGradients();
        var loss = criterion.Of(network.Logits(images, dropout: null), labels);
        loss.backward();
        descent.Step(step);
        return loss.to(ScalarType.Float64).item<double>();
    }

    /// <returns>The pixels of the Python script: (N, 1, S, S), 0 to 255.</returns>
    private static Tensor Pixels(int side, int count)
    {
        var random = new StableRandom(7, RandomUse.Order);
        var pixels = new float[count * side * side];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = random.Next() >> 56;
        return tensor(pixels, [count, 1, side, side]);
    }

    private static double[] Differences(double[] losses, double[] others) => [.. losses.Zip(others, (one, other) => Math.Abs(one - other))];

    private static string Words(double[] numbers) => string.Join(", ", numbers.Select(number => number.ToString("0.0e-00", CultureInfo.InvariantCulture)));

    private static T[] Read<T>(string name) =>
        JsonSerializer.Deserialize<T[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Training", name)), LabJson.Line)!;

    private sealed record Whole(string Name, string Network, Hyperparameters Hyperparameters, int Side, long[] Labels, double[] Losses, double[] Logits);

    private sealed record Reference(string Name, string Network, Hyperparameters Hyperparameters, int Side, long[] Labels, double[] Losses, double[][] Rounding);
}
