namespace Pneumothorax.Lab.Experiments.Networks;

/// <summary>Two "same" convolutions with ReLU, the second on the first's result; then 2 x 2 max pooling of their sum.</summary>
/// <param name="Channels">Feature maps of both convolutions.</param>
/// <param name="Kernel">Side of the square kernels; odd.</param>
public sealed record BlockSpec(int Channels, int Kernel);

/// <summary>
/// The shape of a network: blocks that each halve the side, global average pooling, one dense layer to two logits.
/// Global average pooling is what makes class activation maps exact.
/// </summary>
/// <param name="InputSize">Side of the square input; images of another size are resampled to it.</param>
public sealed record NetworkSpec(string Name, string Title, int InputSize, IReadOnlyList<BlockSpec> Blocks)
{
    public const int Classes = 2;

    /// <summary>The network of the exercise, exactly: 5,145,026 parameters.</summary>
    public static NetworkSpec Lab { get; } = new("lab", "Lab", 256, [new(64, 5), new(128, 5), new(256, 3), new(512, 3)]);

    /// <summary>The same shape, a quarter as wide, on images half as high: minutes on a CPU.</summary>
    public static NetworkSpec Lite { get; } = new("lite", "Light", 128, [new(16, 5), new(32, 5), new(64, 3), new(128, 3)]);

    public static IReadOnlyList<NetworkSpec> All { get; } = [Lite, Lab];

    /// <exception cref="ArgumentException">No network has this name; the message lists those there are.</exception>
    public static NetworkSpec Find(string name) =>
        All.FirstOrDefault(network => network.Name == name)
        ?? throw new ArgumentException($"No network is called \"{name}\". There are: {string.Join(", ", All.Select(network => network.Name))}.");

    /// <summary>Side of the last feature maps, and so of the class activation map.</summary>
    public int MapSize => InputSize >> Blocks.Count;

    /// <summary>Feature maps of the last block.</summary>
    public int MapChannels => Blocks[^1].Channels;

    public long Parameters
    {
        get
        {
            long total = 0;
            var input = 1;
            foreach (var block in Blocks)
            {
                long area = block.Kernel * block.Kernel;
                total += area * input * block.Channels + block.Channels;
                total += area * block.Channels * block.Channels + block.Channels;
                input = block.Channels;
            }
            return total + input * Classes + Classes;
        }
    }

    /// <summary>Multiply-adds of one image's forward pass, biases and pooling left out.</summary>
    public long MultiplyAdds
    {
        get
        {
            long total = 0, input = 1, side = InputSize;
            foreach (var block in Blocks)
            {
                total += side * side * block.Kernel * block.Kernel * block.Channels * (input + block.Channels);
                input = block.Channels;
                side /= 2;
            }
            return total + input * Classes;
        }
    }
}
