using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Learning.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pneumothorax.Lab.Learning.Networks;

/// <summary>Perhaps a stem, blocks that halve the side, the mean over the last positions, one dense layer to two logits.</summary>
/// <remarks>
/// Input: (N, 1, S, S) float32, or bfloat16 while training, from <see cref="ImagePreparation"/>, S = <see cref="NetworkSpec.InputSize"/>.
/// Output: (N, 2) logits in float32, column 1 = has pneumothorax. A new network is ready to predict; <c>train()</c> makes it ready to learn.
/// Since the dense layer follows a mean, class activation maps are exact: mean of the map + bias = logit (Zhou et al., CVPR 2016).
/// </remarks>
public sealed class LabNetwork : Module<Tensor, Tensor>
{
    // Field names become checkpoint keys ("classifier.weight"): no underscore, never rename.
    private readonly Stem? stem;
    private readonly ModuleList<Module<Tensor, Tensor>> blocks;
    private readonly Linear classifier;

    /// <param name="seed">Decides the initial weights, on any machine: Glorot-uniform; biases are 0.</param>
    public LabNetwork(NetworkSpec spec, int seed) : base(nameof(LabNetwork))
    {
        FastConvolutions.RequireRightFor(spec);

        // torch's layers draw initial weights of their own and leave tensors behind on the way; only the parameters outlive this.
        using var scope = NewDisposeScope();
        Spec = spec;
        if (spec.Stem is { } first) stem = new(first, spec.Normalization);
        blocks = [.. spec.Blocks.Select((block, i) => Block(i == 0 ? spec.Stem?.Channels ?? 1 : spec.Blocks[i - 1].Channels, block))];
        classifier = Linear(spec.MapChannels, NetworkSpec.Classes);
        RegisterComponents();
        foreach (var tensor in parameters().Concat(buffers())) tensor.DetachFromDisposeScope();
        Initialise(seed);
        eval();
    }

    public NetworkSpec Spec { get; }

    /// <summary>Gives every weight its initial value again.</summary>
    internal void Initialise(int seed) => GlorotUniform.Initialise(this, seed);

    /// <summary>
    /// All weights and biases, and the running means of batch normalization, under their checkpoint keys; they stay the network's.
    /// The keys are those of a PyTorch module of the same shape.
    /// </summary>
    internal IReadOnlyDictionary<string, Tensor> WeightsByName() =>
        named_parameters().Select(named => (named.name, Tensor: (Tensor)named.parameter))
            .Concat(named_buffers().Where(named => named.buffer.dtype == ScalarType.Float32).Select(named => (named.name, Tensor: named.buffer)))
            .ToDictionary(named => named.name, named => named.Tensor);

    /// <summary>Weights of the dense layer, (2, C).</summary>
    public Tensor ClassifierWeight => classifier.weight!;

    /// <summary>Biases of the dense layer, (2).</summary>
    public Tensor ClassifierBias => classifier.bias!;

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Classify(FeatureMaps(images)).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="forward"/>, with some of the averaged maps left out.</summary>
    /// <param name="dropout">(N, C) from <see cref="DropoutMask"/>, or null for none.</param>
    public Tensor Logits(Tensor images, Tensor? dropout)
    {
        using var scope = NewDisposeScope();
        var means = Means(FeatureMaps(images));
        return classifier.call(dropout is null ? means : means * dropout).MoveToOuterDisposeScope();
    }

    /// <returns>Output of the last block, (N, C, h, w); C = 512 and h = w = 16 for the lab's network.</returns>
    public Tensor FeatureMaps(Tensor images)
    {
        using var scope = NewDisposeScope();
        return blocks.Aggregate(stem?.call(images) ?? images, (maps, block) => block.call(maps)).MoveToOuterDisposeScope();
    }

    /// <returns>
    /// As <see cref="FeatureMaps"/>, and the mean of every feature map of every block, then, for the first block's maps, the mean of the upper half
    /// less that of the lower: (N, all blocks' channels + the first block's) float32. A mean alone is the same for an image that stands on its head.
    /// </returns>
    public (Tensor Maps, Tensor Means) FeatureMapsAndMeans(Tensor images)
    {
        using var scope = NewDisposeScope();
        var maps = stem?.call(images) ?? images;
        List<Tensor> means = [];
        Tensor? halves = null;
        foreach (var block in blocks)
        {
            maps = block.call(maps);
            means.Add(Means(maps));
            if (means.Count == 1) halves = Means(maps.narrow(2, 0, maps.shape[2] / 2)) - Means(maps.narrow(2, maps.shape[2] / 2, maps.shape[2] - (maps.shape[2] / 2)));
        }
        if (halves is not null) means.Add(halves);
        return (maps.MoveToOuterDisposeScope(), cat(means, dim: 1).MoveToOuterDisposeScope());
    }

    /// <param name="featureMaps">(N, C, h, w), from <see cref="FeatureMaps"/>.</param>
    /// <returns>Logits, (N, 2).</returns>
    public Tensor Classify(Tensor featureMaps)
    {
        using var scope = NewDisposeScope();
        return classifier.call(Means(featureMaps)).MoveToOuterDisposeScope();
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

    private Module<Tensor, Tensor> Block(int from, BlockSpec block) => block.Kind switch
    {
        BlockKind.Residual => Sequential(
            ("0", new ResidualUnit(from, block.Channels, block.Kernel, block.Halves ? 2 : 1, Spec.Skip, Spec.Normalization)),
            ("1", new ResidualUnit(block.Channels, block.Channels, block.Kernel, stride: 1, Spec.Skip, Spec.Normalization))),
        _ => new SkipBlock(from, block, Spec.Skip, Spec.Normalization),
    };

    /// <returns>(N, C) float32, whatever the maps are.</returns>
    private static Tensor Means(Tensor featureMaps) => (featureMaps.dtype == ScalarType.BFloat16 ? featureMaps.to(ScalarType.Float32) : featureMaps).mean([2, 3]);
}
