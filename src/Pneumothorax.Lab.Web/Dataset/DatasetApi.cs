using Microsoft.AspNetCore.Http.HttpResults;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Datasets.Surveys;
using Pneumothorax.Lab.Datasets.Viewing;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Dataset;

/// <param name="Synthetic">Drawn, not taken of people.</param>
/// <param name="Source">Credit line; show it with every picture.</param>
/// <param name="Licence">On which terms the images may be used; null where nobody has said.</param>
/// <param name="Citation">The work to cite; null where there is none.</param>
internal sealed record DatasetJson(
    string Name, string Title, bool Synthetic, string Source, string? Licence, string? Citation, string Hash, int ImageSize, IReadOnlyList<SplitJson> Splits);

/// <param name="Images">Of train: the whole file, held-out images too; all of them have an address.</param>
/// <param name="Patients">Null where that is not known.</param>
/// <param name="HeldOut">Images of the training file that form the validation split: no network learns from them.</param>
internal sealed record SplitJson(SplitName Split, int Images, int Positives, int? Patients, int HeldOut);

internal static class DatasetApi
{
    private const int SmallestSide = 16;

    public static RouteGroupBuilder MapDatasets(this RouteGroupBuilder api)
    {
        var datasets = api.MapGroup("/datasets").WithTags("Data sets");
        datasets.MapGet("", ListAsync).WithSummary("The registered data sets that your course uses.");
        datasets.MapGet("/{name}/{split}/{index:int}.png", PictureAsync)
            .WithSummary("One X-ray as a grey PNG of 256 x 256. \"size\" asks for a smaller one, from 16.")
            .Produces(StatusCodes.Status200OK, contentType: "image/png").ProducesProblem(StatusCodes.Status404NotFound);
        datasets.MapGet("/{name}/{split}/mean-{label:int}.png", MeanAsync)
            .WithSummary("Mean of all images of a split with one label, 1 with a pneumothorax: a grey PNG of 256 x 256. The first request reads every image, so it takes longer.")
            .Produces(StatusCodes.Status200OK, contentType: "image/png").ProducesProblem(StatusCodes.Status404NotFound);
        return api;
    }

    private static async Task<Ok<List<DatasetJson>>> ListAsync(SignedInViewer by, DatasetService desk, CancellationToken cancellationToken) =>
        TypedResults.Ok((await desk.OpenAsync(by.Viewer, cancellationToken)).Select(manifest => new DatasetJson(
            manifest.Name, manifest.Title, manifest.Synthetic, manifest.Source, manifest.Licence, manifest.Citation, manifest.Hash, manifest.ImageSize,
            [.. manifest.Splits.Select(split => new SplitJson(split.Split, split.Images, split.Positives, split.Patients, split.Split == SplitName.Train ? manifest.HeldOut : 0))])).ToList());

    private static async Task<IResult> MeanAsync(
        string name, string split, int label, SignedInViewer by, DatasetService desk, DatasetStore store, DatasetSurveys surveys, HttpContext context, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(name, by.Viewer, cancellationToken) is not { } manifest) return Api.NotFound($"There is no data set \"{name}\".");
        if (Pictures.Unchanged(context, Identity(manifest)) is { } unchanged) return unchanged;

        var dataset = store.Open(name);
        var survey = await surveys.Of(dataset).Survey.WaitAsync(cancellationToken);
        return survey.Means.FirstOrDefault(mean => mean.Split.Word() == split && mean.HasPneumothorax == (label == 1)) is { } mean
            ? Pictures.Serve(context, Identity(dataset.Manifest), () => ImageCodec.GreyPng(mean.Pixels, DatasetManifest.Side, DatasetManifest.Side))
            : Api.NotFound($"Data set \"{name}\" has no {split} images of its own with label {label}.");

        string Identity(DatasetManifest set) => $"{set.Hash}-{split}-mean-{label}";
    }

    private static async Task<IResult> PictureAsync(
        string name, string split, int index, int? size, SignedInViewer by, DatasetService desk, DatasetStore store, HttpContext context, CancellationToken cancellationToken)
    {
        const int full = DatasetManifest.Side;
        if (await desk.FindAsync(name, by.Viewer, cancellationToken) is not { } manifest) return Api.NotFound($"There is no data set \"{name}\".");
        if (SplitNames.Parse(split) is not { } part) return Api.NotFound($"The splits are train, validation and test, not \"{split}\".");
        var side = size ?? full;
        if (side is < SmallestSide or > full) return Api.BadRequest($"size must be from {SmallestSide} to {full}, not {side}.");
        if (Pictures.Unchanged(context, Identity(manifest)) is { } unchanged) return unchanged;

        var dataset = store.Open(name);
        if (!dataset.Has(part)) return Api.NotFound($"Data set \"{name}\" has no {split} split.");
        var images = dataset[part];
        if ((uint)index >= (uint)images.Count) return Api.NotFound($"The {split} split has the images 0 to {images.Count - 1}, not {index}.");

        return Pictures.Serve(context, Identity(dataset.Manifest), () =>
        {
            var pixels = images.Pixels(index);
            return ImageCodec.GreyPng(side == full ? pixels : ImageCodec.Resample(pixels, full, full, side, side), side, side);
        });

        string Identity(DatasetManifest set) => $"{set.Hash}-{split}-{index}-{side}";
    }
}
