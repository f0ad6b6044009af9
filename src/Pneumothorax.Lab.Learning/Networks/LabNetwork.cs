using Pneumothorax.Lab.Experiments.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pneumothorax.Lab.Learning.Networks;

/// <summary>Blocks that halve the side, the mean over the last positions, one dense layer to two logits.</summary>
/// <remarks>
/// Input: (N, 1, S, S) float32 from <see cref="ImagePreparation"/>, S = <see cref="NetworkSpec.InputSize"/>.
/// Output: (N, 2) logits, column 1 = has pneumothorax.
/// Since the dense layer follows a mean, class activation maps are exact: mean of the map + bias = logit (Zhou et al., CVPR 2016).
/// </remarks>
public sealed class LabNetwork : Module<Tensor, Tensor>
{
    // Field names become checkpoint keys ("classifier.weight"): no underscore, never rename.
    private readonly ModuleList<SkipBlock> blocks;
    private readonly Linear classifier;

    /// <param name="seed">Decides the initial weights, on any machine: Glorot-uniform; biases are 0.</param>
    public LabNetwork(NetworkSpec spec, int seed) : base(nameof(LabNetwork))
    {
        // torch's layers draw initial weights of their own and leave tensors behind on the way; only the parameters outlive this.
        using var scope = NewDisposeScope();
        Spec = spec;
        blocks = [.. spec.Blocks.Select((block, i) => new SkipBlock(i == 0 ? 1 : spec.Blocks[i - 1].Channels, block))];
        classifier = Linear(spec.MapChannels, NetworkSpec.Classes);
        RegisterComponents();
        foreach (var parameter in parameters()) parameter.DetachFromDisposeScope();
        Initialise(seed);
    }

    public NetworkSpec Spec { get; }

    /// <summary>Gives every weight its initial value again.</summary>
    internal void Initialise(int seed) => GlorotUniform.Initialise(this, seed);

    /// <summary>All weights and biases under their checkpoint keys; they stay the network's.</summary>
    internal IReadOnlyDictionary<string, Tensor> WeightsByName() =>
        named_parameters().ToDictionary(named => named.name, named => (Tensor)named.parameter);

    /// <summary>Weights of the dense layer, (2, C).</summary>
    public Tensor ClassifierWeight => classifier.weight!;

    /// <summary>Biases of the dense layer, (2).</summary>
    public Tensor ClassifierBias => classifier.bias!;

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Classify(FeatureMaps(images)).MoveToOuterDisposeScope();
    }

    /// <returns>Output of the last block, (N, C, h, w); C = 512 and h = w = 16 for the lab's network.</returns>
    public Tensor FeatureMaps(Tensor images)
    {
        using var scope = NewDisposeScope();
        return blocks.Aggregate(images, (maps, block) => block.call(maps)).MoveToOuterDisposeScope();
    }

    /// <param name="featureMaps">(N, C, h, w), from <see cref="FeatureMaps"/>.</param>
    /// <returns>Logits, (N, 2).</returns>
    public Tensor Classify(Tensor featureMaps)
    {
        using var scope = NewDisposeScope();
        return classifier.call(featureMaps.mean([2, 3])).MoveToOuterDisposeScope();
    }

    /// <summary>Where each logit comes from: the feature maps, weighted by the dense layer's weights of that class.</summary>
    /// <returns>Class activation maps in logit units, (N, 2, h, w).</returns>
    public Tensor ClassActivationMap(Tensor images)
    {
        using var scope = NewDisposeScope();
        return WeighMaps(FeatureMaps(images)).MoveToOuterDisposeScope();
    }

    /// <param name="featureMaps">(N, C, h, w), from <see cref="FeatureMaps"/>.</param>
    /// <returns>Class activation maps in logit units, (N, 2, h, w).</returns>
    public Tensor WeighMaps(Tensor featureMaps) => einsum("nchw,kc->nkhw", featureMaps, ClassifierWeight);
}
