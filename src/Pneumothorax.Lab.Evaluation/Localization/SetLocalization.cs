using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Localization;

/// <summary>How well the maps of all found images meet their true boxes.</summary>
/// <param name="Summary">Null when no found image has a known box.</param>
/// <param name="Masks">The same of regions and masks; null when no found image has a known mask.</param>
public sealed record SetLocalization(double Threshold, int Level, MapTarget Target, LocalizationSummary? Summary, LocalizationSummary? Masks)
{
    /// <summary>Every image that HAS it, is called so at the threshold, and has a known box. About half a millisecond each.</summary>
    /// <param name="level">In percent of each map's highest value.</param>
    public static SetLocalization Of(RunEvaluation evaluation, ImageSplit test, double threshold, int level, MapTarget target, CancellationToken cancellationToken)
    {
        List<LocalizationScore> boxes = [], masks = [];
        var file = evaluation.File;
        for (var index = 0; index < file.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Labels[index] == 0 || evaluation.Scores[index] < threshold || test.Box(index) is not { } truth) continue;
            var map = file.MapOf(index, target);
            var (reading, region) = (CamReading.Of(map, file, index, target), Predict(map, file.MapSize, level));
            boxes.Add(reading.Score(region?.Box, truth));
            if (test.Mask(index) is { } mask) masks.Add(reading.Score(region, mask));
        }
        return new(threshold, level, target, LocalizationSummary.Of(boxes), LocalizationSummary.Of(masks));
    }

    /// <summary>The region of a map at a level, as where the picture of the map shows it: on the map enlarged to the image.</summary>
    /// <returns>In pixels of the image; null for a map without evidence.</returns>
    public static PredictedRegion? Predict(ReadOnlySpan<float> map, int side, int level) =>
        PredictedRegion.Of(CamPicture.Upsample(map, side, DatasetManifest.Side), DatasetManifest.Side, level / 100.0);
}
