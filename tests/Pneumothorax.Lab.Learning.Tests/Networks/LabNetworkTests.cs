using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Learning.Networks;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Tests.Networks;

public sealed class LabNetworkTests
{
    private static readonly NetworkSpec s_tiny = new("tiny", "Tiny", 32, [new(3, 5), new(5, 5), new(6, 3), new(7, 3)]);

    [Fact]
    public void Lab_Parameters_AreThoseOfTheExercise()
    {
        using var network = new LabNetwork(NetworkSpec.Lab, seed: 1);

        Assert.Equal(5_145_026, network.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Lab_Kernels_HaveTheShapesOfTheExercise()
    {
        using var network = new LabNetwork(NetworkSpec.Lab, seed: 1);
        var shapes = network.named_parameters().Where(named => named.parameter.dim() > 1).Select(named => string.Join('x', named.parameter.shape));

        Assert.Equal(
            ["64x1x5x5", "64x64x5x5", "128x64x5x5", "128x128x5x5", "256x128x3x3", "256x256x3x3", "512x256x3x3", "512x512x3x3", "2x512"],
            shapes);
    }

    [Fact]
    public void FeatureMaps_LabAt256_Are512MapsOf16x16()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = new LabNetwork(NetworkSpec.Lab, seed: 1);

        Assert.Equal([1, 512, 16, 16], network.FeatureMaps(zeros(1, 1, 256, 256)).shape);
    }

    [Fact]
    public void FeatureMaps_EveryBlock_PoolsTheSumOfBothConvolutions()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var spec = s_tiny with { Blocks = [new(4, 3)] };
        using var network = new LabNetwork(spec, seed: 5);
        var weights = network.named_parameters().ToDictionary(named => named.name, named => (Tensor)named.parameter);
        var images = randn(2, 1, 32, 32);

        var one = nn.functional.relu(nn.functional.conv2d(images, weights["blocks.0.first.weight"], weights["blocks.0.first.bias"], padding: [1, 1]));
        var two = nn.functional.relu(nn.functional.conv2d(one, weights["blocks.0.second.weight"], weights["blocks.0.second.bias"], padding: [1, 1]));

        Assert.True(network.FeatureMaps(images).allclose((one + two).reshape(2, 4, 16, 2, 16, 2).amax([3, 5]), atol: 1e-6));
    }

    [Theory, InlineData("lite"), InlineData("lab")]
    public void ClassActivationMap_MeanPlusBias_EqualsLogit(string name)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var spec = NetworkSpec.Find(name);
        using var network = new LabNetwork(spec, seed: 2);
        network.ClassifierBias.copy_(tensor([0.5f, -0.25f]));
        var images = randn(2, 1, spec.InputSize, spec.InputSize);

        var maps = network.ClassActivationMap(images);

        Assert.Equal([2, 2, spec.MapSize, spec.MapSize], maps.shape);
        Assert.True((maps.mean([2, 3]) + network.ClassifierBias).allclose(network.call(images), rtol: 1e-5, atol: 1e-4));
    }

    [Fact]
    public void Weights_NewNetwork_FillTheGlorotRangeEvenlyAndBiasesAreZero()
    {
        using var network = new LabNetwork(NetworkSpec.Lite, seed: 1);
        foreach (var (name, parameter) in network.named_parameters())
        {
            var values = parameter.data<float>().ToArray();
            if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                Assert.All(values, value => Assert.Equal(0, value));
                continue;
            }

            // Fans as TensorFlow counts them: kernel area times channels in, and times channels out.
            long area = parameter.dim() == 4 ? parameter.shape[2] * parameter.shape[3] : 1;
            var limit = Math.Sqrt(6.0 / (area * parameter.shape[0] + area * parameter.shape[1]));
            Assert.InRange(values.Max(), limit * 0.95, limit);
            Assert.InRange(values.Min(), -limit, -limit * 0.95);
            Assert.InRange(values.Select(value => (double)value * value).Average(), limit * limit / 3 * 0.85, limit * limit / 3 * 1.15);
        }
    }

    [Fact]
    public void Weights_Seed_DecidesThem()
    {
        using var one = new LabNetwork(s_tiny, seed: 1);
        using var again = new LabNetwork(s_tiny, seed: 1);
        using var other = new LabNetwork(s_tiny, seed: 2);

        Assert.True(one.ClassifierWeight.equal(again.ClassifierWeight).all().item<bool>());
        Assert.False(one.ClassifierWeight.equal(other.ClassifierWeight).any().item<bool>());
    }

    [Fact]
    public void Forward_InsideAScope_LeavesOneTensor()
    {
        using var network = new LabNetwork(s_tiny, seed: 1);
        using var frozen = no_grad();
        using var images = zeros(1, 1, 32, 32);
        using var scope = NewDisposeScope();

        _ = network.call(images);
        _ = network.ClassActivationMap(images);

        Assert.Equal(2, scope.DisposablesCount);
    }
}
