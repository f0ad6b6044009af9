using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Evaluation.Localization;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>What one class activation map says in numbers.</summary>
/// <param name="Side">Of the map: Side x Side values.</param>
/// <param name="Highest">Largest value, in logit units; evidence only if it is above 0.</param>
/// <param name="Lowest">Smallest value: where a scale of the image's own begins. Below 0 it speaks against.</param>
/// <param name="Row">Of the largest value, counted from 0.</param>
/// <param name="Mean">Of all values.</param>
/// <param name="Bias">The dense layer's bias for the class, or the difference of both: mean plus bias is the logit.</param>
/// <param name="Logit">The class's logit; for the difference map the log-odds.</param>
public sealed record CamReading(int Side, double Highest, double Lowest, int Row, int Column, double Mean, double Bias, double Logit)
{
    /// <exception cref="ArgumentOutOfRangeException">No such image or class.</exception>
    public static CamReading Of(EvaluationFile file, int index, MapTarget target) => Of(file.MapOf(index, target), file, index, target);

    /// <param name="map">By another method than the class activation map: then mean and bias add up to no logit.</param>
    public static CamReading Of(ReadOnlySpan<float> map, EvaluationFile file, int index, MapTarget target) =>
        Of(map, file.MapSize, file.BiasOf(target), file.LogitOf(index, target));

    /// <param name="map">side x side, row by row.</param>
    public static CamReading Of(ReadOnlySpan<float> map, int side, double bias, double logit)
    {
        var highest = 0;
        double sum = 0, lowest = map[0];
        for (var i = 0; i < map.Length; i++)
        {
            sum += map[i];
            lowest = Math.Min(lowest, map[i]);
            if (map[i] > map[highest]) highest = i;
        }
        return new(side, map[highest], lowest, highest / side, highest % side, sum / map.Length, bias, logit);
    }

    /// <summary>Whether anything in the image speaks for the target. Where nothing does, the picture of the map is black.</summary>
    public bool HasEvidence => Highest > 0;

    /// <summary>How well a predicted box, and the middle of the highest cell, meet the true box; in pixels of the image.</summary>
    public LocalizationScore Score(Box? predicted, PixelBox truth) => LocalizationScore.Of(
        predicted, new(truth.X, truth.Y, truth.Right, truth.Bottom), MiddleOf(Column, Side), MiddleOf(Row, Side));

    /// <summary>The same for a predicted region and the true mask, pixel by pixel.</summary>
    public LocalizationScore Score(PredictedRegion? predicted, ImageMask truth) => LocalizationScore.Of(
        predicted, truth.Inside, DatasetManifest.Side, MiddleOf(Column, Side), MiddleOf(Row, Side));

    /// <returns>In pixels of the image.</returns>
    public static double MiddleOf(int cell, int side) => (cell + 0.5) * DatasetManifest.Side / side;
}
