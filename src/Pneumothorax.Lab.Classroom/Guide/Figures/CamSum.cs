using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Classroom.Guide.Figures;

/// <summary>One channel's share in a class activation map.</summary>
/// <param name="Channel">Number of the feature map, counted from 0.</param>
/// <param name="Weight">Of the dense layer, from this channel to the class; for the difference that of class 1 minus that of class 0.</param>
/// <param name="Mean">Of the feature map: what global average pooling passes on.</param>
public sealed record CamTerm(int Channel, float Weight, double Mean)
{
    /// <summary>What the channel adds to the logit, or to the log-odds.</summary>
    public double Adds => Weight * Mean;
}

/// <summary>The class activation map of one image as a sum: the strongest channels one by one, then the rest together.</summary>
public sealed class CamSum
{
    /// <summary>Channels that are added one by one.</summary>
    public const int Singles = 8;

    private readonly EvaluationFile _file;
    private readonly int _index;
    private readonly float[] _features;
    private readonly IReadOnlyList<CamTerm> _all;

    /// <exception cref="ArgumentException">The evaluation kept no feature maps of this image.</exception>
    public CamSum(EvaluationFile file, int index, MapTarget target)
    {
        _features = file.FeaturesOf(index).ToArray();
        if (_features.Length == 0) throw new ArgumentException($"The evaluation contains no feature maps of image {index}.");
        (_file, _index, Target) = (file, index, target);
        _all = [.. Enumerable.Range(0, file.MapChannels)
            .Select(channel => new CamTerm(channel, (float)target.Of(file.ClassifierWeight[channel], file.ClassifierWeight[file.MapChannels + channel]), MeanOf(Map(channel))))
            .OrderByDescending(term => Math.Abs(term.Adds))];
        Strongest = [.. _all.Take(Singles)];
    }

    public MapTarget Target { get; }

    /// <summary>By how much they add, whatever the sign; the strongest first.</summary>
    public IReadOnlyList<CamTerm> Strongest { get; }

    /// <summary>Channels that are added together at the end.</summary>
    public int RestCount => _all.Count - Strongest.Count;

    public double RestAdds => _all.Skip(Strongest.Count).Sum(term => term.Adds);

    /// <summary>Parts of the sum: each strong channel, and the rest when there is one.</summary>
    public int Parts => Strongest.Count + (RestCount > 0 ? 1 : 0);

    public double Bias => _file.BiasOf(Target);

    /// <summary>The logit, or the log-odds, that the evaluation stored.</summary>
    public double Logit => _file.LogitOf(_index, Target);

    /// <returns>A feature map of the image, side x side, row by row.</returns>
    public float[] Map(int channel)
    {
        var area = _file.MapSize * _file.MapSize;
        return _features[(channel * area)..((channel + 1) * area)];
    }

    /// <returns>The sum of the first parts, side x side; after all of them the whole map.</returns>
    public float[] After(int parts)
    {
        var sum = new double[_file.MapSize * _file.MapSize];
        foreach (var term in parts > Strongest.Count ? _all : Strongest.Take(parts))
        {
            var map = Map(term.Channel);
            for (var i = 0; i < sum.Length; i++) sum[i] += term.Weight * map[i];
        }
        return [.. sum.Select(value => (float)value)];
    }

    public static double MeanOf(IReadOnlyList<float> map) => map.Average(value => (double)value);
}
