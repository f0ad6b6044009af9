using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Pneumothorax.Lab.Experiments.Weights;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Json;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Runs;

internal static class RunApi
{
    public static RouteGroupBuilder MapRuns(this RouteGroupBuilder api)
    {
        var runs = api.MapGroup("/runs").WithTags("Runs");
        runs.MapGet("", ListAsync).WithSummary("Runs that you may see, newest first: a student's own and the reference run. A run that another member of your section shares can be read by its number. A waiting run also has its place in the queue, why it waits, and when it is expected to start.");
        runs.MapPost("", LaunchAsync).WithSummary("Launches a run. Settings that are left out have the defaults of the launch form. Repeating a request with the same Idempotency-Key does not launch a second run but returns the first.")
            .Accepts<RunBody>("application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        runs.MapGet("/{id:int}", FindAsync).WithSummary("One run: its settings, state and progress; its place in the queue while it waits; and every attempt with its host and how it ended.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapPost("/{id:int}/cancel", CancelAsync).WithSummary("Removes a run from the queue, or ends its process within five seconds. Its checkpoints are kept.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        runs.MapPost("/{id:int}/resume", ResumeAsync).WithSummary("Puts a run that is not complete back in the queue; it continues from its newest checkpoint.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        runs.MapPost("/{id:int}/evaluate", EvaluateAsync).WithSummary("Puts a run that is not complete back in the queue to be evaluated as it is: its best checkpoint is tested on the test images, and then the run is complete.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        runs.MapPost("/{id:int}/share", (int id, SignedInViewer by, RunLauncher launcher, RunJsonReader runs, CancellationToken cancellationToken) => ShareAsync(id, true, by, launcher, runs, cancellationToken))
            .WithSummary("Lets the members of your section read a run of yours by its number and at its address: figures, evaluation and maps, but not its log. They cannot change anything.")
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapDelete("/{id:int}/share", (int id, SignedInViewer by, RunLauncher launcher, RunJsonReader runs, CancellationToken cancellationToken) => ShareAsync(id, false, by, launcher, runs, cancellationToken))
            .WithSummary("Stops sharing: only you and the teaching staff can read the run.")
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapDelete("/{id:int}", DeleteAsync).WithSummary("Deletes a run that has ended, with all its files.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        runs.MapGet("/{id:int}/metrics.csv", MetricsAsync).WithSummary("All points of all curves: step, series, value.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv").ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/{id:int}/weights.safetensors", WeightsAsync).WithSummary("Weights of a checkpoint, the best one unless a step is given, for PyTorch and numpy (safetensors).")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").ProducesProblem(StatusCodes.Status404NotFound);
        return api;
    }

    private static async Task<Ok<List<RunJson>>> ListAsync(SignedInViewer by, RunJsonReader runs, CancellationToken cancellationToken) =>
        TypedResults.Ok(await runs.ListAsync(by.Viewer, cancellationToken));

    private static async Task<Created<RunJson>> LaunchAsync(
        JsonBody<RunBody> body, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, SignedInViewer by, RunLauncher launcher, RunJsonReader runs, CancellationToken cancellationToken)
    {
        var run = await launcher.LaunchAsync(body.Value.ToRequest() with { IdempotencyKey = idempotencyKey }, by.Viewer, cancellationToken);
        return TypedResults.Created($"/api/runs/{run.Id}", await runs.GetAsync(run.Id, by.Viewer, cancellationToken));
    }

    private static async Task<Ok<RunJson>> FindAsync(int id, SignedInViewer by, RunJsonReader runs, CancellationToken cancellationToken) =>
        TypedResults.Ok(await runs.GetAsync(id, by.Viewer, cancellationToken));

    private static async Task<Accepted<RunJson>> CancelAsync(
        int id, SignedInViewer by, RunLauncher launcher, RunJsonReader runs, CancellationToken cancellationToken)
    {
        await launcher.CancelAsync(id, by.Viewer, cancellationToken);
        return TypedResults.Accepted($"/api/runs/{id}", await runs.GetAsync(id, by.Viewer, cancellationToken));
    }

    private static async Task<Accepted<RunJson>> ResumeAsync(
        int id, SignedInViewer by, RunLauncher launcher, RunJsonReader runs, CancellationToken cancellationToken)
    {
        await launcher.ResumeAsync(id, by.Viewer, cancellationToken);
        return TypedResults.Accepted($"/api/runs/{id}", await runs.GetAsync(id, by.Viewer, cancellationToken));
    }

    private static async Task<Accepted<RunJson>> EvaluateAsync(
        int id, SignedInViewer by, RunLauncher launcher, RunJsonReader runs, CancellationToken cancellationToken)
    {
        await launcher.EvaluateAsync(id, by.Viewer, cancellationToken);
        return TypedResults.Accepted($"/api/runs/{id}", await runs.GetAsync(id, by.Viewer, cancellationToken));
    }

    private static async Task<Ok<RunJson>> ShareAsync(int id, bool share, SignedInViewer by, RunLauncher launcher, RunJsonReader runs, CancellationToken cancellationToken)
    {
        await launcher.ShareAsync(id, share, by.Viewer, cancellationToken);
        return TypedResults.Ok(await runs.GetAsync(id, by.Viewer, cancellationToken));
    }

    private static async Task<NoContent> DeleteAsync(int id, SignedInViewer by, RunLauncher launcher, CancellationToken cancellationToken)
    {
        await launcher.DeleteAsync(id, by.Viewer, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> MetricsAsync(int id, SignedInViewer by, RunStore store, CancellationToken cancellationToken)
    {
        var folder = store.FolderOf(await store.GetAsync(id, by.Viewer, cancellationToken));
        return Results.Stream(
            async stream =>
            {
                await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
                await writer.WriteLineAsync("step,series,value");
                foreach (var point in folder.ReadMetrics())
                {
                    await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{point.Step},{point.Series},{point.Value:R}"));
                }
            },
            "text/csv", $"run-{id}-metrics.csv");
    }

    private static async Task<IResult> WeightsAsync(int id, int? step, SignedInViewer by, RunStore store, CancellationToken cancellationToken)
    {
        var run = await store.GetAsync(id, by.Viewer, cancellationToken);
        var folder = store.FolderOf(run);
        var steps = folder.CheckpointSteps();
        if (steps.Count == 0) return Api.NotFound($"Run {id} has no checkpoint yet.");

        var chosen = step ?? (run.BestStep is { } best && steps.Contains(best) ? best : steps[^1]);
        if (!steps.Contains(chosen)) return Api.NotFound($"Run {id} has no checkpoint of step {chosen}. It has: {string.Join(", ", steps)}.");
        try
        {
            // Not disposed here: the answer is written after this returns.
            var weights = await Task.Run(() => ExportedWeights.Open(folder, chosen), cancellationToken);
            return Results.Stream(
                async stream =>
                {
                    using (weights) await weights.WriteSafeTensorsAsync(stream, cancellationToken);
                },
                "application/octet-stream", $"run-{id}-step-{chosen}.safetensors");
        }
        catch (InvalidDataException)
        {
            return Api.NotFound($"The checkpoint of step {chosen} is damaged or missing, so its weights cannot be downloaded.");
        }
    }
}
