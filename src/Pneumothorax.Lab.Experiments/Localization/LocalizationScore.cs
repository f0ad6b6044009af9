namespace Pneumothorax.Lab.Experiments.Localization;

/// <summary>How well one map found the place.</summary>
/// <param name="IoU">Of predicted and true box; 0 where no box was predicted.</param>
/// <param name="IoBB">Share of the predicted box inside the true one.</param>
/// <param name="Hit">The pointing game: whether the map's highest point lies in the true box.</param>
public readonly record struct LocalizationScore(double IoU, double IoBB, bool Hit)
{
    /// <param name="predicted">Null where the map has no evidence, which finds nothing.</param>
    /// <param name="x">Of the map's highest point, in the boxes' unit.</param>
    public static LocalizationScore Of(Box? predicted, Box truth, double x, double y) =>
        predicted is { } box ? new(box.IoU(truth), box.IoBB(truth), truth.Contains(x, y)) : default;
}
