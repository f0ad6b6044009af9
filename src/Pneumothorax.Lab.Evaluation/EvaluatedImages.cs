using Pneumothorax.Lab.Datasets;

namespace Pneumothorax.Lab.Evaluation;

/// <summary>The X-rays behind an evaluation, if they are still there.</summary>
/// <param name="Test">Null when the data set is gone, or another one has taken its name.</param>
/// <param name="Problem">Why, in a sentence or two; null when all is well.</param>
public sealed record EvaluatedImages(DatasetManifest? Manifest, ImageSplit? Test, string? Problem)
{
    /// <summary>They will be there by themselves: the lab is drawing them.</summary>
    public bool AreBeingDrawn { get; private init; }

    /// <param name="preparation">Where the data set may still come from; null for who does not say why it is not there.</param>
    public static EvaluatedImages Find(DatasetStore datasets, EvaluationFile file, DatasetPreparation? preparation = null)
    {
        var info = file.Info;
        if (preparation?.IsDrawing(info.Dataset) == true)
            return new(null, null, $"The lab is drawing the data set “{info.Dataset}”, which happens only once. The images appear automatically when it is done.") { AreBeingDrawn = true };
        if (datasets.Find(info.Dataset) is not { } manifest)
            return new(null, null, $"The data set “{info.Dataset}” is no longer registered. Register it under this name again to see the images.");
        if (manifest.Hash != info.DataHash)
            return new(manifest, null, $"The data set “{info.Dataset}” has changed since the run; its present images do not match these maps.");

        try { return new(manifest, datasets.Open(info.Dataset)[SplitName.Test], null); }
        catch (InvalidDataException exception) { return new(manifest, null, exception.Message); }
    }
}
