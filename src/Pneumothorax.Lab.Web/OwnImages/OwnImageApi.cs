using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.OwnImages;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Comparison;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Explanation;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.OwnImages;

/// <summary>An image of one's own with what runs say about it.</summary>
/// <param name="Answers">Of the runs that were asked just now.</param>
internal sealed record OwnImageJson(string Id, DateTimeOffset AddedAt, string Kind, int Width, int Height, IReadOnlyList<string> Warnings, IReadOnlyList<OwnAnswerJson> Answers)
{
    public static OwnImageJson Of(OwnImage image, IReadOnlyList<OwnAnswerJson> answers) =>
        new(image.Id.ToString("N"), image.AddedAt, image.Kind, image.Width, image.Height, image.Warnings, answers);
}

/// <param name="Probability">Of pneumothorax, not calibrated.</param>
/// <param name="Doubtful">Whether the image is unlike those that the run was trained on, so that its answer means little; null where nobody can tell.</param>
internal sealed record OwnAnswerJson(int Run, int CheckpointStep, double Probability, float[] Logits, double? Distance, double? DistanceLimit, bool? Doubtful)
{
    public static OwnAnswerJson Of(int run, ImageAnswer answer) => new(
        run, answer.CheckpointStep, answer.Probabilities[1], answer.Logits, answer.OutOfDistributionScore?.Distance, answer.OutOfDistributionScore?.Limit, answer.OutOfDistributionScore?.IsDoubtful);
}

internal static class OwnImageApi
{
    private const int Side = DatasetManifest.Side;

    public static RouteGroupBuilder MapOwnImages(this RouteGroupBuilder api)
    {
        var images = api.MapGroup("/images").WithTags("Your own images");
        images.MapPost("", AddAsync).WithSummary("Reads a PNG, JPEG or DICOM file, sent unchanged as the body, and asks up to two runs about it (runs=1,2). Teaching only, not for diagnosis.")
            .Produces<OwnImageJson>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
        images.MapGet("", (SignedInViewer by, OwnImageService desk) => desk.List(by.Viewer).Select(image => OwnImageJson.Of(image, [])))
            .WithSummary("Your own images, newest first.").Produces<IEnumerable<OwnImageJson>>();
        images.MapGet("/{id:guid}", GetAsync).WithSummary("One of your images with the answers of runs (runs=1,2; by default your model of the guide).")
            .Produces<OwnImageJson>().ProducesProblem(StatusCodes.Status404NotFound);
        images.MapGet("/{id:guid}.png", Picture).WithSummary("The grey picture that the networks see, 256 x 256.")
            .Produces(StatusCodes.Status200OK, contentType: "image/png").ProducesProblem(StatusCodes.Status404NotFound);
        images.MapGet("/{id:guid}/cam/{run:int}.png", MapAsync).WithSummary("Where a run's answer comes from, over the picture; the run must have been asked. class=difference (default), 1 or 0.")
            .Produces(StatusCodes.Status200OK, contentType: "image/png").ProducesProblem(StatusCodes.Status404NotFound);
        images.MapDelete("/{id:guid}", (Guid id, SignedInViewer by, OwnImageService desk) => desk.Delete(by.Viewer, id) ? Results.NoContent() : NoImage())
            .WithSummary("Deletes an image and the answers about it.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
        return api;
    }

    private static async Task<IResult> AddAsync(
        string? runs, HttpContext context, SignedInViewer by, OwnImageService desk, OwnImageLimits limits, RunStore store, CurrentModel current)
    {
        // One byte more, so that the refusal is the lab's sentence and not the server's.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limits.Bytes + 1;
        if (context.Request.ContentLength > limits.Bytes)
            return TypedResults.Problem($"The file is larger than {limits.Megabytes} MB, which is the limit.", statusCode: StatusCodes.Status413PayloadTooLarge);
        if (context.Request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
            return TypedResults.Problem("Send the file itself as the body, not a form around it: curl --data-binary @chest.png.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        var asked = await AskedAsync(runs, by.Viewer, store, current, context.RequestAborted);
        var image = await desk.AddAsync(by.Viewer, context.Request.Body, asked, context.RequestAborted);
        return Results.Created($"/api/images/{image.Id:N}", await JsonAsync(image, asked, by.Viewer, desk, context.RequestAborted));
    }

    private static async Task<IResult> GetAsync(Guid id, string? runs, SignedInViewer by, OwnImageService desk, RunStore store, CurrentModel current, CancellationToken cancellationToken) =>
        desk.Find(by.Viewer, id) is { } image
            ? Results.Ok(await JsonAsync(image, await AskedAsync(runs, by.Viewer, store, current, cancellationToken), by.Viewer, desk, cancellationToken))
            : NoImage();

    private static IResult Picture(Guid id, HttpContext context, SignedInViewer by, OwnImageService desk, OwnImageStore images)
    {
        if (desk.Find(by.Viewer, id) is null) return NoImage();
        NeverKeep(context);
        return Results.File(images.PicturePath(by.Viewer.MemberId!.Value, id), "image/png");
    }

    private static async Task<IResult> MapAsync(
        Guid id, int run, string? @class, double? opacity, double? highest, string? colours, string? layer,
        HttpContext context, SignedInViewer by, OwnImageService desk, OwnImageStore images, RunStore store)
    {
        if (desk.Find(by.Viewer, id) is null) return NoImage();
        if (CamQuery.TargetProblem(@class) is { } problem) return Api.BadRequest(problem);
        if (opacity is not (null or >= 0 and <= 1)) return Api.BadRequest("opacity must be from 0 to 1.");
        if (highest is not (null or > 0 and < float.MaxValue)) return Api.BadRequest("highest must be above 0.");
        if (ColourMap.Find(colours ?? ColourMap.Inferno.Name) is not { } map) return Api.BadRequest($"colours must be one of {string.Join(", ", ColourMap.All.Select(known => known.Name))}.");
        var asked = await store.GetListedAsync(run, by.Viewer, context.RequestAborted);
        if (desk.FindAnswer(by.Viewer, id, asked) is not { } answer) return Api.NotFound($"Run {run} has not been asked about this image: GET /api/images/{id:N}?runs={run}.");

        var cam = answer.MapOf(MapTargets.Parse(@class) ?? MapTarget.Difference);
        var most = (float?)highest ?? (map.IsTwoSided ? cam.Max(Math.Abs) : cam.Max());
        var renderer = new MapRenderer(map, new(map.IsTwoSided ? -most : 0, most));
        // Our own, written by the child: its pixels need no distrust any more.
        await using var file = File.OpenRead(images.PicturePath(by.Viewer.MemberId!.Value, id));
        var png = layer == "map"
            ? renderer.Png(cam, answer.MapSize, Side)
            : renderer.PngOver(ImageCodec.DecodeGrey(file).Pixels, (float)(opacity ?? 0.5), cam, answer.MapSize, Side);
        NeverKeep(context);
        return Results.Bytes(png, "image/png");
    }

    private static async Task<OwnImageJson> JsonAsync(OwnImage image, IReadOnlyList<Run> asked, Viewer viewer, OwnImageService desk, CancellationToken cancellationToken)
    {
        List<OwnAnswerJson> answers = [];
        foreach (var run in asked)
        {
            if (await desk.AnswerAsync(viewer, image.Id, run, cancellationToken) is { } answer) answers.Add(OwnAnswerJson.Of(run.Id, answer));
        }
        return OwnImageJson.Of(image, answers);
    }

    private static async Task<IReadOnlyList<Run>> AskedAsync(string? runs, Viewer viewer, RunStore store, CurrentModel current, CancellationToken cancellationToken)
    {
        List<Run> asked = [];
        foreach (var id in RunIds.Parse(runs).Take(OwnImageUrlState.MostRuns)) asked.Add(await store.GetListedAsync(id, viewer, cancellationToken));
        if (asked.Count == 0 && await current.FindAsync(viewer, cancellationToken) is { } model) asked.Add(model);
        return asked;
    }

    /// <summary>What was deleted is to be gone from the browser, too, and the next student at this computer finds nothing.</summary>
    private static void NeverKeep(HttpContext context) => context.Response.Headers.CacheControl = "private, no-store";

    private static ProblemHttpResult NoImage() => Api.NotFound("You have no such image.");
}
