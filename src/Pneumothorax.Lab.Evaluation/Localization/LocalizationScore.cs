using Pneumothorax.Lab.Datasets.Imaging;

namespace Pneumothorax.Lab.Evaluation.Localization;

/// <summary>How well one map found the place.</summary>
/// <param name="IoU">Of predicted and true box, or region and mask; 0 where none was predicted.</param>
/// <param name="IoBB">Share of the predicted box or region inside the true one.</param>
/// <param name="Hit">The pointing game: whether the map's highest point lies in the true box or mask.</param>
public readonly record struct LocalizationScore(double IoU, double IoBB, bool Hit)
{
    /// <param name="predicted">Null where the map has no evidence, which finds nothing.</param>
    /// <param name="x">Of the map's highest point, in the boxes' unit.</param>
    public static LocalizationScore Of(Box? predicted, Box truth, double x, double y) =>
        predicted is { } box ? new(box.IoU(truth), box.IoBB(truth), truth.Contains(x, y)) : default;

    /// <param name="predicted">Null where the map has no evidence, which finds nothing.</param>
    /// <param name="truth">width x width, row by row, as large as the map that the region was predicted from.</param>
    /// <param name="x">Of the map's highest point, in places of that map.</param>
    public static LocalizationScore Of(PredictedRegion? predicted, ReadOnlySpan<bool> truth, int width, double x, double y)
    {
        if (predicted is null) return default;
        int both = 0, either = 0, own = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            var inside = predicted.Inside[i];
            if (inside) own++;
            if (inside && truth[i]) both++;
            if (inside || truth[i]) either++;
        }
        return new((double)both / either, (double)both / own, truth[((int)y * width) + (int)x]);
    }
}
