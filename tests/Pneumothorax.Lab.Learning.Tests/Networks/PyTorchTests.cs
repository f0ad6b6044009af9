using System.Text.Json;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Networks;
using Pneumothorax.Lab.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Tests.Networks;

/// <summary>The same numbers as PyTorch, from a network written out a second time in Python (tests/references/write_network.py).</summary>
public sealed class PyTorchTests : IDisposable
{
    private readonly Reference _reference = JsonSerializer.Deserialize<Reference>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Networks", "network.json")), LabJson.Line)!;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly LabNetwork _network;

    public PyTorchTests()
    {
        _network = new(new("tiny", "Tiny", _reference.InputSize, _reference.Blocks), seed: 0);
        using var frozen = no_grad();
        foreach (var (name, parameter) in _network.named_parameters())
            parameter.copy_(tensor(_reference.Weights[name], parameter.shape));
    }

    [Fact]
    public void Standardise_ImagesOfTwiceTheSide_AgreeWithPyTorch() => AssertClose(_reference.Images, Images());

    [Fact]
    public void Forward_Logits_AgreeWithPyTorch() => AssertClose(_reference.Logits, _network.call(Images()));

    [Fact]
    public void ClassActivationMap_Values_AgreeWithPyTorch() => AssertClose(_reference.Cam, _network.ClassActivationMap(Images()));

    [Fact]
    public void NesterovMomentum_ThreeSteps_GiveTheLossesAndWeightsOfPyTorch()
    {
        using var descent = new OptimizerUpdate(_network, new() { LearningRate = _reference.LearningRate, Momentum = _reference.Momentum });
        var images = Images();
        var labels = tensor(_reference.Labels);

        foreach (var (step, expected) in _reference.Losses.Index())
        {
            descent.ZeroGradients();
            var loss = nn.functional.cross_entropy(_network.call(images), labels);
            loss.backward();
            descent.Step(step + 1);
            Assert.Equal(expected, loss.item<float>(), 1e-4 * expected);
        }

        foreach (var (name, parameter) in _network.named_parameters()) AssertClose(_reference.WeightsAfter[name], parameter);
    }

    public void Dispose()
    {
        _network.Dispose();
        _scope.Dispose();
    }

    private Tensor Images()
    {
        var side = 2 * _reference.InputSize;
        return ImagePreparation.Standardise(tensor(_reference.Pixels).to(ScalarType.Byte).reshape(-1, side, side), _reference.InputSize);
    }

    private static void AssertClose(float[] expected, Tensor actual) =>
        Assert.True(actual.flatten().allclose(tensor(expected), rtol: 1e-4, atol: 1e-5));

    private sealed record Reference(
        int InputSize, BlockSpec[] Blocks, double LearningRate, double Momentum, int[] Pixels, long[] Labels, float[] Images,
        Dictionary<string, float[]> Weights, float[] Logits, float[] Cam, double[] Losses, Dictionary<string, float[]> WeightsAfter);
}
