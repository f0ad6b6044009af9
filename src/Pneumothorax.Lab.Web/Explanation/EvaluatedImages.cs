using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Data.Evaluations;

namespace Pneumothorax.Lab.Web.Explanation;

/// <summary>The X-rays behind an evaluation, if they are still there.</summary>
/// <param name="Test">Null when the data set is gone, or another one has taken its name.</param>
/// <param name="Problem">Why, in a sentence or two; null when all is well.</param>
public sealed record EvaluatedImages(DatasetManifest? Manifest, ImageSplit? Test, string? Problem)
{
    public static EvaluatedImages Find(DatasetStore datasets, EvaluationFile file)
    {
        var info = file.Info;
        if (datasets.Find(info.Dataset) is not { } manifest)
            return new(null, null, $"The data set “{info.Dataset}” is no longer registered. Register it under this name again, and they are back.");
        if (manifest.Hash != info.DataHash)
            return new(manifest, null, $"The data set “{info.Dataset}” has changed since the run; its present images would not fit these maps.");

        try { return new(manifest, datasets.Open(info.Dataset)[SplitName.Test], null); }
        catch (InvalidDataException exception) { return new(manifest, null, exception.Message); }
    }
}
