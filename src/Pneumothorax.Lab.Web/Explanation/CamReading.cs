using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Data.Evaluations;

namespace Pneumothorax.Lab.Web.Explanation;

/// <summary>What one class activation map says in numbers.</summary>
/// <param name="Side">Of the map: Side x Side values.</param>
/// <param name="Highest">Largest value, in logit units; evidence only if it is above 0.</param>
/// <param name="Lowest">Smallest value: where a scale of the image's own begins.</param>
/// <param name="Row">Of the largest value, counted from 0.</param>
/// <param name="Mean">Of all values.</param>
/// <param name="Bias">The dense layer's bias for the class: mean plus bias is the logit.</param>
public sealed record CamReading(int Side, double Highest, double Lowest, int Row, int Column, double Mean, double Bias, double Logit)
{
    /// <exception cref="ArgumentOutOfRangeException">No such image or class.</exception>
    public static CamReading Of(EvaluationFile file, int index, int cls)
    {
        var map = file.CamOf(index, cls);
        var highest = 0;
        double sum = 0, lowest = map[0];
        for (var i = 0; i < map.Length; i++)
        {
            sum += map[i];
            lowest = Math.Min(lowest, map[i]);
            if (map[i] > map[highest]) highest = i;
        }
        return new(
            file.MapSize, map[highest], lowest, highest / file.MapSize, highest % file.MapSize, sum / map.Length,
            file.ClassifierBias[cls], file.Logits[index * EvaluationFile.Classes + cls]);
    }

    /// <summary>Whether anything in the image speaks for the class. Where nothing does, the picture of the map is black.</summary>
    public bool HasEvidence => Highest > 0;

    /// <summary>Whether the middle of the highest cell lies in a box of the image.</summary>
    public bool HighestLiesIn(PixelBox box)
    {
        double cell = (double)DatasetManifest.Side / Side, x = (Column + 0.5) * cell, y = (Row + 0.5) * cell;
        return x >= box.X && x <= box.Right && y >= box.Y && y <= box.Bottom;
    }
}
