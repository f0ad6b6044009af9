using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Networks;

/// <summary>
/// The shape of a network: perhaps a stem, blocks that halve the side, global average pooling, one dense layer to two logits.
/// Global average pooling is what makes class activation maps exact.
/// </summary>
/// <param name="InputSize">Side of the square input; images of another size are resampled to it.</param>
public sealed record NetworkSpec(string Name, string Title, int InputSize, IReadOnlyList<BlockSpec> Blocks)
{
    public const int Classes = 2;

    /// <summary>Further blocks double the channels up to here.</summary>
    private const int MostDoubled = 512;

    /// <summary>The network of the exercise, exactly: 5,145,026 parameters.</summary>
    public static NetworkSpec Lab { get; } = new("lab", "Lab", 256, [new(64, 5), new(128, 5), new(256, 3), new(512, 3)]);

    /// <summary>The same shape, a quarter as wide, on images half as high: minutes on a CPU.</summary>
    public static NetworkSpec Lite { get; } = new("lite", "Light", 128, [new(16, 5), new(32, 5), new(64, 3), new(128, 3)]);

    /// <summary>The exercise's blocks behind a convolution of stride 2, with batch normalization: every pixel, at a ninth of the lab network's cost.</summary>
    public static NetworkSpec Strided { get; } = new("strided", "Strided stem", 256, [new(64, 3), new(128, 3), new(256, 3)])
    {
        Stem = new(32, 7),
        Normalization = Normalization.Batch,
    };

    /// <summary>ResNet-18 for one grey channel and two classes (He et al., CVPR 2016).</summary>
    public static NetworkSpec Residual { get; } = new("residual", "Residual, 18 layers", 256,
    [
        new(64, 3, BlockKind.Residual, Halves: false),
        new(128, 3, BlockKind.Residual),
        new(256, 3, BlockKind.Residual),
        new(512, 3, BlockKind.Residual),
    ])
    {
        Stem = new(64, 7, Pools: true),
        Normalization = Normalization.Batch,
    };

    public static IReadOnlyList<NetworkSpec> All { get; } = [Lite, Lab, Strided, Residual];

    /// <exception cref="ArgumentException">No network has this name; the message lists those there are.</exception>
    public static NetworkSpec Find(string name) =>
        All.FirstOrDefault(network => network.Name == name)
        ?? throw new ArgumentException($"There is no network \"{name}\". The networks are: {string.Join(", ", All.Select(network => network.Name))}.");

    /// <summary>Null where the first block sees the input itself.</summary>
    public StemSpec? Stem { get; init; }

    public Skip Skip { get; init; } = Skip.Sum;

    public Normalization Normalization { get; init; } = Normalization.None;

    /// <summary>Share of the averaged feature maps left out in each training step.</summary>
    public double Dropout { get; init; }

    /// <summary>Side of the feature maps after each block.</summary>
    public IReadOnlyList<int> Sides
    {
        get
        {
            var side = InputSize;
            if (Stem is { } stem) side /= stem.Pools ? 4 : 2;
            return [.. Blocks.Select(block => side /= block.Halves ? 2 : 1)];
        }
    }

    /// <summary>Side of the last feature maps, and so of the class activation map.</summary>
    public int MapSize => Sides[^1];

    /// <summary>Feature maps of the last block.</summary>
    public int MapChannels => Blocks[^1].Channels;

    public long Parameters =>
        Convolutions.Sum(convolution => convolution.Weights + (Normalization == Normalization.None ? 1 : 2) * convolution.To)
        + MapChannels * Classes + Classes;

    /// <summary>Multiply-adds of one image's forward pass; biases, normalization and pooling left out.</summary>
    public long MultiplyAdds => Convolutions.Sum(convolution => convolution.MultiplyAdds) + MapChannels * Classes;

    /// <summary>Of one image in a training step: forward, gradients of weights, and gradients of maps, which the first convolution does without.</summary>
    public long TrainingMultiplyAdds => 3 * MultiplyAdds - Convolutions.First().MultiplyAdds;

    /// <summary>
    /// About how much memory a training step needs: weights, their gradients and the optimizer's buffers; what every image leaves behind
    /// for the backward pass; and what comes and goes around the widest maps.
    /// </summary>
    /// <param name="hyperparameters">Batch size, optimizer and precision count; variations of the network must be applied already.</param>
    public long TrainingBytes(Hyperparameters hyperparameters) => FixedBytes(hyperparameters) + hyperparameters.BatchSize * ImageBytes(hyperparameters.Precision);

    /// <param name="bytes">What training may take.</param>
    /// <returns>The largest batch whose <see cref="TrainingBytes"/> are no more; 0 or less where not one image fits.</returns>
    public long LargestBatch(Hyperparameters hyperparameters, long bytes) => (bytes - FixedBytes(hyperparameters)) / ImageBytes(hyperparameters.Precision);

    /// <returns>Why training cannot work with these hyperparameters, in a sentence; null when all is well.</returns>
    /// <param name="hyperparameters">Variations of the network must be applied already.</param>
    internal string? Problem(Hyperparameters hyperparameters) =>
        Normalization == Normalization.Batch && hyperparameters.BatchSize == 1 && Convolutions.Any(convolution => convolution.Side == 1)
            ? "With a batch size of 1 and feature maps of 1 × 1, batch normalization has only one value for its mean and deviation. It needs a batch size of at least 2, a larger input size, or group normalization."
            : null;

    /// <summary>This network with a run's variations.</summary>
    public NetworkSpec With(Hyperparameters hyperparameters)
    {
        var blocks = Blocks.Take(hyperparameters.Blocks ?? Blocks.Count).ToList();
        while (blocks.Count < hyperparameters.Blocks)
        {
            var last = blocks[^1];
            blocks.Add(last with { Channels = Math.Max(last.Channels, Math.Min(2 * last.Channels, MostDoubled)), Halves = true });
        }
        var factor = (double)(hyperparameters.Width ?? Blocks[0].Channels) / Blocks[0].Channels;
        return this with
        {
            InputSize = hyperparameters.InputSize ?? InputSize,
            Blocks = [.. blocks.Select(block => block with { Channels = Scaled(block.Channels), Kernel = hyperparameters.Kernel ?? block.Kernel })],
            Stem = Stem is { } stem ? stem with { Channels = Scaled(stem.Channels) } : null,
            Skip = hyperparameters.Skip ?? Skip,
            Normalization = hyperparameters.Normalization ?? Normalization,
            Dropout = hyperparameters.Dropout ?? Dropout,
        };

        int Scaled(int channels) => Math.Max(1, (int)Math.Round(channels * factor));
    }

    /// <summary>Every convolution, in the order in which an image meets them.</summary>
    private IEnumerable<Convolution> Convolutions
    {
        get
        {
            var (from, side) = (1, InputSize);
            if (Stem is { } stem)
            {
                yield return new(from, stem.Channels, stem.Kernel, side / 2);
                (from, side) = (stem.Channels, side / (stem.Pools ? 4 : 2));
            }
            foreach (var (block, after) in Blocks.Zip(Sides))
            {
                if (block.Kind == BlockKind.Residual) side = after;
                yield return new(from, block.Channels, block.Kernel, side);
                yield return new(block.Channels, block.Channels, block.Kernel, side);
                if (block.Kind == BlockKind.Residual)
                {
                    if (Skip == Skip.Sum && (block.Halves || from != block.Channels)) yield return new(from, block.Channels, 1, side);
                    yield return new(block.Channels, block.Channels, block.Kernel, side);
                    yield return new(block.Channels, block.Channels, block.Kernel, side);
                }
                (from, side) = (block.Channels, after);
            }
        }
    }

    private long FixedBytes(Hyperparameters hyperparameters)
    {
        var buffers = hyperparameters.Optimizer switch { Optimizer.Sgd => 0, Optimizer.Momentum or Optimizer.Nesterov => 1, _ => 2 };
        return Parameters * sizeof(float) * (2 + buffers);
    }

    /// <summary>Bytes that one image's forward pass keeps for the backward pass, and those that come and go around its widest maps.</summary>
    private long ImageBytes(Precision precision)
    {
        long size = precision == Precision.BFloat16 ? 2 : 4;
        // Each convolution leaves its ReLU's result, and what the normalization was given.
        var kept = Convolutions.Sum(convolution => convolution.Maps) * (Normalization == Normalization.None ? size : 2 * size);
        foreach (var (block, side) in Blocks.Zip(Sides).Where(pair => pair.First.Kind == BlockKind.Pooling))
        {
            // The sum that is pooled has twice the side; the pooled maps, and where each maximum was (eight bytes).
            var pooled = (long)block.Channels * side * side;
            kept += (Skip == Skip.Sum ? 4 * pooled * size : 0) + pooled * (size + sizeof(long));
        }
        // Gradients, results before the ReLU, copies in the convolutions' own layout, and what the allocator cannot fill: measured on a CPU,
        // as the growth of the process over two batch sizes of each preset (handbook, measurements, "Memory of a training step").
        var passing = Normalization == Normalization.None ? 9 : 14;
        return kept + passing * size * Convolutions.Max(convolution => convolution.Maps) + (long)InputSize * InputSize * size;
    }

    /// <param name="Side">Of the result.</param>
    private sealed record Convolution(int From, int To, int Kernel, int Side)
    {
        public long Weights => (long)Kernel * Kernel * From * To;

        public long MultiplyAdds => Weights * Side * Side;

        /// <summary>Numbers in its feature maps.</summary>
        public long Maps => (long)To * Side * Side;
    }
}
