using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Results;

/// <summary>The X-rays that recorded maps belong to.</summary>
public sealed record RecordedXRays(DatasetManifest Manifest, SplitName Name, ImageSplit Split)
{
    /// <returns>Either the images, or a sentence that says why they are not to be had.</returns>
    public static (RecordedXRays? Images, string? Problem) Find(DatasetStore datasets, RunFolder folder, Run run, string split)
    {
        try
        {
            if (datasets.Find(run.Dataset) is not { } manifest) return (null, $"The data set “{run.Dataset}” is not registered here.");
            if (folder.ReadSpec().DatasetHash is { } hash && hash != manifest.Hash)
                return (null, $"The data set “{run.Dataset}” has changed since run {run.Id}; its present images do not match these maps.");
            var dataset = datasets.Open(run.Dataset);
            return SplitNames.Parse(split) is { } name && dataset.Has(name)
                ? (new(manifest, name, dataset[name]), null)
                : (null, $"The data set “{run.Dataset}” has no {split} images.");
        }
        catch (InvalidDataException exception)
        {
            return (null, exception.Message);
        }
    }
}
