using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Recording;

/// <summary>What was recorded after one step; a line of <c>recordings.jsonl</c>, which is there whole or not at all.</summary>
/// <remarks>Which steps these are: <see cref="RecordedSteps"/>. Numbers have five significant digits.</remarks>
public sealed record RecordedMoment
{
    /// <summary>0 is before the first update.</summary>
    public required int Step { get; init; }

    /// <summary>Null where images are not recorded, or the network's answers were no longer finite.</summary>
    public RecordedMaps? Maps { get; init; }

    /// <summary>In the order of the network; null where distributions are not recorded.</summary>
    public IReadOnlyList<RecordedLayer>? Layers { get; init; }

    /// <returns>Null for what is no whole line.</returns>
    public static RecordedMoment? Parse(string line)
    {
        try { return JsonSerializer.Deserialize<RecordedMoment>(line, LabJson.Line) is { } moment && moment.IsWhole ? moment : null; }
        catch (JsonException) { return null; }
    }

    /// <summary>With the end of the line.</summary>
    public string Line() => JsonSerializer.Serialize(this, LabJson.Line) + "\n";

    private bool IsWhole =>
        Step >= 0
        && (Maps is null || Maps.Images.All(image => image.Map.Length == Maps.Side * Maps.Side && (image.HasMap is null || image.HasMap.Length == image.Map.Length)))
        && (Layers is null || Layers.All(layer => layer.Weights.Edges.Length > 1 && layer.Gradients is null or { Edges.Length: > 1 }));
}

/// <summary>Class activation maps of a few images.</summary>
/// <param name="Split">The images' split, as in addresses: <c>validation</c>.</param>
/// <param name="Side">Each map has Side x Side values.</param>
/// <param name="Target">What the maps explain: the difference since this is written down; what was recorded before is of class 1.</param>
public sealed record RecordedMaps(string Split, int Side, IReadOnlyList<RecordedImage> Images, MapTarget Target = MapTarget.Pneumothorax)
{
    /// <summary>Every target whose maps are here, the default first: all three where both classes can be told apart, else only <see cref="Target"/>.</summary>
    public IReadOnlyList<MapTarget> Targets() =>
        Target == MapTarget.Difference && Images.All(image => image.HasMap is not null) ? MapTargets.All : [Target];

    /// <param name="target">One of <see cref="Targets"/>.</param>
    public float[] MapOf(RecordedImage image, MapTarget target)
    {
        if (target == Target) return image.Map;
        if (!Targets().Contains(target)) throw new ArgumentOutOfRangeException(nameof(target), target, "These maps were not recorded.");
        return target == MapTarget.Pneumothorax ? image.HasMap! : [.. image.HasMap!.Zip(image.Map, (has, difference) => has - difference)];
    }
}

/// <param name="Index">In its split.</param>
/// <param name="Probability">Of "has pneumothorax", not calibrated.</param>
/// <param name="Map">Of the maps' target, in logit units, row by row.</param>
/// <param name="HasMap">The map of class 1 beside the difference, from which that of class 0 follows; null in what was recorded before this was kept.</param>
public sealed record RecordedImage(int Index, double Probability, float[] Map, float[]? HasMap = null);

/// <param name="Name">Key of its weights in a checkpoint without the ending, such as <c>blocks.0.first</c>.</param>
/// <param name="Weights">After the step. Biases and normalizations are left out.</param>
/// <param name="Gradients">Of the step's batch, before the optimizer uses them; null where there were none, as at step 0, or not all were finite.</param>
public sealed record RecordedLayer(string Name, Spread Weights, Spread? Gradients);
