using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Http.HttpResults;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Web.Explanation;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Recordings;

/// <summary>What a run recorded: the file itself, its maps as pictures, and the event files for TensorBoard.</summary>
internal static class RecordingApi
{
    private const int Side = DatasetManifest.Side;
    private const float Opacity = 0.6f;

    public static RouteGroupBuilder MapRecordings(this RouteGroupBuilder api)
    {
        var runs = api.MapGroup("/runs/{id:int}").WithTags("Recordings");
        runs.MapGet("/recordings.jsonl", FileAsync).WithSummary("Maps and distributions that a run recorded, one recorded step per line.")
            .Produces(StatusCodes.Status200OK, contentType: "application/jsonl").ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/maps/{step:int}/{index:int}.png", MapAsync)
            .WithSummary("A recorded map over its X-ray, 256 x 256; colours from 0 to top, in logit units. class=difference (default), 1 or 0; older recordings contain one of them only, and it is their default.")
            .Produces(StatusCodes.Status200OK, contentType: "image/png")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/tensorboard.zip", EventsAsync).WithSummary("The run's event files, for TensorBoard.")
            .Produces(StatusCodes.Status200OK, contentType: "application/zip").ProducesProblem(StatusCodes.Status404NotFound);
        return api;
    }

    private static async Task<IResult> FileAsync(int id, SignedInViewer by, RunStore store, CancellationToken cancellationToken)
    {
        var path = store.FolderOf(await store.GetAsync(id, by.Viewer, cancellationToken)).RecordingsPath;
        return File.Exists(path) ? Results.Stream(Shared(path), "application/jsonl", $"run-{id}-recordings.jsonl") : NothingRecorded(id);
    }

    private static async Task<IResult> MapAsync(
        int id, int step, int index, double? top, string? @class, SignedInViewer by, RunStore store, DatasetStore datasets, HttpContext context)
    {
        if (top is not null and not (> 0 and < 1e9)) return Api.BadRequest($"top is a number above 0, not {top.Value.ToString(CultureInfo.InvariantCulture)}.");
        if (CamQuery.TargetProblem(@class) is { } unknown) return Api.BadRequest(unknown);
        var run = await store.GetAsync(id, by.Viewer, context.RequestAborted);
        var recording = new RunRecording(store.FolderOf(run));
        await recording.RefreshAsync(context.RequestAborted);
        if (recording.Maps.Count == 0) return NothingRecorded(id);
        if (recording.Maps.FirstOrDefault(moment => moment.Step == step)?.Maps is not { } maps)
            return Api.NotFound($"Run {id} recorded no maps at step {step}, but at {string.Join(", ", recording.Maps.Select(moment => moment.Step))}.");
        if (maps.Images.FirstOrDefault(image => image.Index == index) is not { } image)
            return Api.NotFound($"Run {id} recorded the {maps.Split} images {string.Join(", ", maps.Images.Select(recorded => recorded.Index))}, not {index}.");
        var target = MapTargets.Parse(@class) ?? maps.Targets()[0];
        if (!maps.Targets().Contains(target))
            return Api.NotFound($"Run {id} recorded only class={maps.Target.Word()} at step {step}, so there is no class={target.Word()}.");
        var map = maps.MapOf(image, target);
        var (images, problem) = RecordedXRays.Find(datasets, store.FolderOf(run), run, maps.Split);
        if (images is null) return Api.NotFound(problem!);

        var scale = (float)(top ?? recording.Top(target));
        var identity = string.Create(CultureInfo.InvariantCulture, $"recorded-{id}-{run.Attempt}-{step}-{index}-{scale}-{images.Manifest.Hash}-{string.Join(' ', map)}");
        return Pictures.Serve(context, identity, () => new MapRenderer(ColourMap.Inferno, new(0, scale)).PngOver(images.Split.Pixels(index), Opacity, map, maps.Side, Side));
    }

    private static async Task<IResult> EventsAsync(int id, SignedInViewer by, RunStore store, CancellationToken cancellationToken)
    {
        var folder = store.FolderOf(await store.GetAsync(id, by.Viewer, cancellationToken));
        if (!Directory.Exists(folder.TensorBoardPath)) return Api.NotFound($"Run {id} has no event files.");

        // By way of a file: a zip archive writes its last bytes synchronously, which a response does not allow.
        var zip = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await Task.Run(() => Zip(folder, id, zip), cancellationToken);
            zip.Position = 0;
            return Results.Stream(zip, "application/zip", $"run-{id}-tensorboard.zip");
        }
        catch
        {
            await zip.DisposeAsync();
            throw;
        }
    }

    private static void Zip(RunFolder folder, int id, FileStream file)
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var path in Directory.EnumerateFiles(folder.TensorBoardPath).Order(StringComparer.Ordinal))
        {
            // The trainer may be appending: what is there now is what comes along.
            using var events = Shared(path);
            using var entry = zip.CreateEntry($"run-{id}/{Path.GetFileName(path)}", CompressionLevel.Fastest).Open();
            events.CopyTo(entry);
        }
    }

    private static FileStream Shared(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private static ProblemHttpResult NothingRecorded(int id) => Api.NotFound($"Run {id} has recorded nothing; recordImages and recordDistributions switch it on.");
}
