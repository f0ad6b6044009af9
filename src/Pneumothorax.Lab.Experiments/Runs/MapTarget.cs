namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>Which output of the network a map explains.</summary>
public enum MapTarget
{
    /// <summary>The logit of class 0.</summary>
    NoPneumothorax,

    /// <summary>The logit of class 1.</summary>
    Pneumothorax,

    /// <summary>The logit of class 1 minus that of class 0: the log-odds. Two logits decide by their difference, so this is the reason of the verdict.</summary>
    Difference,
}

/// <summary>What follows from a target. In addresses: <c>difference</c>, <c>1</c>, <c>0</c>.</summary>
public static class MapTargets
{
    /// <summary>The default first.</summary>
    public static IReadOnlyList<MapTarget> All { get; } = [MapTarget.Difference, MapTarget.Pneumothorax, MapTarget.NoPneumothorax];

    public static string Word(this MapTarget target) => target switch
    {
        MapTarget.NoPneumothorax => "0",
        MapTarget.Pneumothorax => "1",
        _ => "difference",
    };

    /// <returns>Null for a word that names none.</returns>
    public static MapTarget? Parse(string? word)
    {
        foreach (var target in All)
        {
            if (target.Word() == word) return target;
        }
        return null;
    }

    /// <returns>The target's number, from one of each class: a logit, a bias, a weight, a value of a map.</returns>
    public static double Of(this MapTarget target, double no, double has) => target switch
    {
        MapTarget.NoPneumothorax => no,
        MapTarget.Pneumothorax => has,
        _ => has - no,
    };

    /// <returns>The target's map, from the class activation maps of both classes. The mean of the difference plus the difference of the biases is the log-odds.</returns>
    public static float[] MapOf(this MapTarget target, ReadOnlySpan<float> no, ReadOnlySpan<float> has)
    {
        if (target == MapTarget.NoPneumothorax) return no.ToArray();
        var map = has.ToArray();
        if (target == MapTarget.Pneumothorax) return map;
        for (var i = 0; i < map.Length; i++) map[i] -= no[i];
        return map;
    }
}
