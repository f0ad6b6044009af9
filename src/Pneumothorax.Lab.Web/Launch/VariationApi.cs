using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Launch;

/// <summary>What training sees of an image: pictures for the launch form.</summary>
internal static class VariationApi
{
    private static readonly int[] s_sides = [64, 128, 256];

    public static RouteGroupBuilder MapVariations(this RouteGroupBuilder api)
    {
        api.MapGet("/datasets/{name}/train/{index:int}/varied.png", PictureAsync).WithTags("Data sets")
            .WithSummary("A training image as varied in one step of a run: switch on flip, rotate, shift, scale, exposure; the result depends on seed, step and place (in the batch).")
            .Produces(StatusCodes.Status200OK, contentType: "image/png").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        return api;
    }

    /// <returns>Address of that picture.</returns>
    /// <param name="side">Of the network's input.</param>
    public static string Address(string dataset, int index, Hyperparameters h, int step, int place, int side) =>
        FormattableString.Invariant($"/api/datasets/{dataset}/train/{index}/varied.png?seed={h.Seed}&step={step}&place={place}&size={side}{On(h.Flip, "flip")}{On(h.Rotate, "rotate")}{On(h.Shift, "shift")}{On(h.Scale, "scale")}{On(h.Exposure, "exposure")}");

    private static string On(bool value, string name) => value ? $"&{name}=true" : "";

    private static async Task<IResult> PictureAsync(
        string name, int index, int? seed, int? step, int? place, int? size, bool? flip, bool? rotate, bool? shift, bool? scale, bool? exposure,
        SignedInViewer by, DatasetService desk, DatasetStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(name, by.Viewer, cancellationToken) is null) return Api.NotFound($"There is no data set \"{name}\".");
        var hyperparameters = new Hyperparameters
        {
            Seed = seed ?? 1,
            Flip = flip ?? false,
            Rotate = rotate ?? false,
            Shift = shift ?? false,
            Scale = scale ?? false,
            Exposure = exposure ?? false,
        };
        var side = size ?? DatasetManifest.Side;
        if (!s_sides.Contains(side)) return Api.BadRequest($"size is {string.Join(", ", s_sides.SkipLast(1))} or {s_sides[^1]}, not {side}.");
        if (Ranges.Seed.Problem(hyperparameters) is { } problem) return Api.BadRequest(problem);
        if (step is < 1) return Api.BadRequest($"step is counted from 1, not {step}.");
        if (place < 0 || place >= Ranges.BatchSize.Most) return Api.BadRequest($"place goes from 0 to {Ranges.BatchSize.Most - 1}, not {place}.");

        var dataset = store.Open(name);
        var images = dataset[SplitName.Train];
        if ((uint)index >= (uint)images.Count) return Api.NotFound($"The train split has the images 0 to {images.Count - 1}, not {index}.");

        var change = Augmentation.Draw(hyperparameters, step ?? 1, place ?? 0);
        return Pictures.Serve(context, $"{dataset.Manifest.Hash}-varied-{index}-{side}-{change}", () =>
            ImageCodec.GreyPng(ImageVariation.Draw(images.Pixels(index), DatasetManifest.Side, side, change.Source(), change.Gamma), side, side));
    }
}
