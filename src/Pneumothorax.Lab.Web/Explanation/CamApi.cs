using System.Globalization;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Web.Evaluation;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Explanation;

/// <summary>What a CAM picture shall show; the query of its address.</summary>
/// <param name="Class"><c>difference</c> (default): the map of class 1 minus the map of class 0, the reason of the verdict. <c>1</c> pneumothorax alone, <c>0</c> no pneumothorax alone.</param>
/// <param name="Opacity">Of the highest value over the X-ray, 0..1; default 0.5.</param>
/// <param name="Scale"><c>all</c> (default): one scale over the test set, from 0 to its highest value. <c>positive</c>: from 0 to the image's own highest value, dark when nothing is above 0. <c>own</c>: from the image's own lowest to its highest value, which paints an empty map hot.</param>
/// <param name="Colours"><c>inferno</c> (default), <c>cividis</c>, <c>grey</c>, <c>jet</c>, or <c>two-sided</c>: 0 in the middle, blue below it.</param>
/// <param name="Layer"><c>overlay</c> (default) over the X-ray, or the <c>map</c> alone.</param>
/// <param name="Highest">End of the scale <c>all</c> in logit units, so that several runs can share one; by default this run's own highest value.</param>
/// <param name="Enlargement"><c>bilinear</c> (default), <c>nearest</c> or <c>bicubic</c>.</param>
/// <param name="Method"><c>cam</c> (default); <c>grad-cam</c>, <c>ablation-cam</c> or <c>eigen-cam</c> for images whose feature maps are kept.</param>
internal sealed record CamQuery(string? Class, double? Opacity, string? Scale, string? Colours, string? Layer, string? Enlargement, string? Method, double? Highest = null)
{
    /// <returns>A line naming the first value that cannot be, or null.</returns>
    public string? Problem()
    {
        if (TargetProblem(Class) is { } unknown) return unknown;
        if (Opacity is { } opacity && !(opacity >= 0 && opacity <= 1)) return $"opacity must be from 0 to 1, not {opacity.ToString(CultureInfo.InvariantCulture)}.";
        if (Scale is not (null or "all" or "positive" or "own")) return $"scale must be all, positive or own, not \"{Scale}\".";
        if (Highest is { } highest && !(highest > 0 && highest < float.MaxValue)) return $"highest must be above 0, not {highest.ToString(CultureInfo.InvariantCulture)}.";
        if (Colours is not null && ColourMap.Find(Colours) is null) return $"colours must be one of {string.Join(", ", ColourMap.All.Select(map => map.Name))}, not \"{Colours}\".";
        if (Enlargement is not null && InterpolationModes.Parse(Enlargement) is null) return $"enlargement must be one of {string.Join(", ", InterpolationModes.All.Select(way => way.Word()))}, not \"{Enlargement}\".";
        if (Method is not null && ExplanationMethods.Find(Method) is null) return $"method must be one of {string.Join(", ", ExplanationMethods.All.Select(method => method.Word))}, not \"{Method}\".";
        return Layer is null or "overlay" or "map" ? null : $"layer must be overlay or map, not \"{Layer}\".";
    }

    /// <returns>A line when the word names no map, else null.</returns>
    public static string? TargetProblem(string? word) =>
        word is null || MapTargets.Parse(word) is not null ? null : $"class must be difference, 1 (pneumothorax) or 0 (no pneumothorax), not \"{word}\".";
}

internal static class CamApi
{
    private const int Side = DatasetManifest.Side;

    public static RouteGroupBuilder MapCams(this RouteGroupBuilder api)
    {
        api.MapGet("/runs/{id:int}/cam/{index:int}.png", PictureAsync).WithTags("Explanation")
            .WithSummary("Where the network's answer about one test image comes from, over its X-ray, 256 x 256.")
            .Produces(StatusCodes.Status200OK, contentType: "image/png")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        return api;
    }

    private static async Task<IResult> PictureAsync(
        int id, int index, [AsParameters] CamQuery query, SignedInViewer by, RunStore store, Evaluations evaluations, DatasetStore datasets,
        HttpContext context)
    {
        if (query.Problem() is { } problem) return Api.BadRequest(problem);
        var run = await store.PlaceOfAsync(id, by.Viewer, context.RequestAborted);
        var folder = store.FolderOf(run);
        var (target, opacity, scale) = (MapTargets.Parse(query.Class) ?? MapTarget.Difference, (float)(query.Opacity ?? 0.5), query.Scale ?? "all");
        var method = ExplanationMethods.Find(query.Method) ?? ExplanationMethods.Stored;
        var (colours, alone) = (ColourMap.Find(query.Colours ?? ColourMap.Inferno.Name)!, query.Layer == "map");
        var enlargement = InterpolationModes.Parse(query.Enlargement) ?? InterpolationMode.Bilinear;
        // A run can be evaluated anew from the same checkpoint; the file's time tells both pictures apart, as the hash does those of a data set that changed.
        var file = new FileInfo(folder.EvaluationPath);
        var written = file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}-{file.Length}") : "";
        var xrays = alone ? null : datasets.Find(run.Dataset)?.Hash;
        var identity = string.Create(CultureInfo.InvariantCulture,
            $"{id}-{run.Attempt}-{written}-{xrays}-{index}-{method.Word}-{target}-{opacity}-{scale}-{query.Highest}-{colours.Name}-{alone}-{enlargement}");
        if (Pictures.Unchanged(context, identity) is { } unchanged) return unchanged;

        if (evaluations.Find(folder) is not { } evaluation) return Api.NotFound(EvaluationApi.NotYet(await store.GetAsync(id, by.Viewer, context.RequestAborted)));
        var info = evaluation.File.Info;
        if ((uint)index >= (uint)evaluation.File.Count) return Api.NotFound($"The test split has the images 0 to {evaluation.File.Count - 1}, not {index}.");
        if (!evaluation.Maps.Has(method, index)) return Api.NotFound(ExplainedMaps.WhyNot(method, index, evaluation.File));
        if (!alone)
        {
            if (datasets.Find(info.Dataset) is not { } manifest) return Api.NotFound($"The data set \"{info.Dataset}\" of run {id} is not registered here.");
            if (manifest.Hash != info.DataHash) return Api.NotFound($"The data set \"{info.Dataset}\" has changed since run {id}, so its pictures would not match.");
        }
        return Pictures.Serve(context, identity, () =>
        {
            var map = evaluation.Maps.Of(method, index, target);
            var most = scale == "all" ? (float?)query.Highest ?? evaluation.Maps.Maximum(method, target) : map.Max(Math.Abs);
            // Negative values speak against it: on the common scale they count as no evidence.
            var range = scale switch
            {
                _ when colours.IsTwoSided => new MapRange(-most, most),
                "own" => new(map.Min(), map.Max()),
                "positive" => new(0, map.Max()),
                _ => new(0, most),
            };
            var renderer = new MapRenderer(colours, range) { Interpolation = enlargement };
            return alone
                ? renderer.Png(map, evaluation.File.MapSize, Side)
                : renderer.PngOver(datasets.Open(info.Dataset)[SplitName.Test].Pixels(index), opacity, map, evaluation.File.MapSize, Side);
        });
    }
}
