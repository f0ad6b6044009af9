using Pneumothorax.Lab.Experiments.Networks;

namespace Pneumothorax.Lab.Web.Guide.Pictures;

/// <summary>A row of the network's table.</summary>
/// <param name="Block">Counted from 0; null for what comes after the blocks.</param>
public sealed record NetworkPart(string Name, int? Block, string In, string Out, long Parameters, long MultiplyAdds);

/// <summary>A network part by part. Parameters and multiply-adds add up to the network's own.</summary>
public static class NetworkParts
{
    public static IReadOnlyList<NetworkPart> Of(NetworkSpec network)
    {
        List<NetworkPart> parts = [];
        int from = 1, side = network.InputSize;
        foreach (var (block, place) in network.Blocks.Select((block, place) => (block, place)))
        {
            long area = block.Kernel * block.Kernel, channels = block.Channels;
            parts.Add(new(
                $"Block {place + 1}", place, $"{side}² × {from}", $"{side / 2}² × {channels}",
                area * channels * (from + channels) + 2 * channels, (long)side * side * area * channels * (from + channels)));
            (from, side) = (block.Channels, side / 2);
        }
        parts.Add(new("Average", null, $"{side}² × {from}", $"{from}", 0, 0));
        parts.Add(new("Dense", null, $"{from}", $"{NetworkSpec.Classes}", from * NetworkSpec.Classes + NetworkSpec.Classes, from * NetworkSpec.Classes));
        return parts;
    }
}
