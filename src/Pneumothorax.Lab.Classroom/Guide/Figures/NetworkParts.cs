using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Classroom.Guide.Figures;

/// <summary>A row of the network's table.</summary>
/// <param name="Block">Counted from 0; null for what is no block.</param>
public sealed record NetworkPart(string Name, int? Block, string In, string Out, long Parameters, long MultiplyAdds);

/// <summary>A network part by part. Parameters and multiply-adds add up to the network's own.</summary>
public static class NetworkParts
{
    public static IReadOnlyList<NetworkPart> Of(NetworkSpec network)
    {
        List<NetworkPart> parts = [];
        var (from, side) = (1, network.InputSize);
        if (network.Stem is { } stem)
        {
            var after = side / (stem.Pools ? 4 : 2);
            parts.Add(Part("Stem", null, side, from, after, stem.Channels, Layer(network, from, stem.Channels, stem.Kernel, side / 2)));
            (from, side) = (stem.Channels, after);
        }
        foreach (var ((block, after), place) in network.Blocks.Zip(network.Sides).Select((pair, place) => (pair, place)))
        {
            parts.Add(Part($"Block {place + 1}", place, side, from, after, block.Channels, [.. Layers(network, block, from, side, after)]));
            (from, side) = (block.Channels, after);
        }
        parts.Add(new("Average", null, Shape(side, from), $"{from}", 0, 0));
        parts.Add(new("Dense", null, $"{from}", $"{NetworkSpec.Classes}", from * NetworkSpec.Classes + NetworkSpec.Classes, from * NetworkSpec.Classes));
        return parts;
    }

    private static NetworkPart Part(string name, int? block, int side, int from, int after, int to, params (long Parameters, long MultiplyAdds)[] layers) =>
        new(name, block, Shape(side, from), Shape(after, to), layers.Sum(layer => layer.Parameters), layers.Sum(layer => layer.MultiplyAdds));

    private static IEnumerable<(long Parameters, long MultiplyAdds)> Layers(NetworkSpec network, BlockSpec block, int from, int side, int after)
    {
        var to = block.Channels;
        if (block.Kind == BlockKind.Residual) side = after;
        yield return Layer(network, from, to, block.Kernel, side);
        yield return Layer(network, to, to, block.Kernel, side);
        if (block.Kind != BlockKind.Residual) yield break;
        if (network.Skip == Skip.Sum && (block.Halves || from != to)) yield return Layer(network, from, to, 1, side);
        yield return Layer(network, to, to, block.Kernel, side);
        yield return Layer(network, to, to, block.Kernel, side);
    }

    /// <summary>A convolution with its bias, or with the scale and shift of its normalization.</summary>
    private static (long Parameters, long MultiplyAdds) Layer(NetworkSpec network, int from, int to, int kernel, int side)
    {
        var weights = (long)kernel * kernel * from * to;
        return (weights + (network.Normalization == Normalization.None ? 1 : 2) * to, weights * side * side);
    }

    private static string Shape(int side, int channels) => $"{side}² × {channels}";
}
