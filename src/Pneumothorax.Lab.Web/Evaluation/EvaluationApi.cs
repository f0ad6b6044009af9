using System.Globalization;
using System.Text;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Evaluation;

internal static class EvaluationApi
{
    public static RouteGroupBuilder MapEvaluations(this RouteGroupBuilder api)
    {
        var runs = api.MapGroup("/runs/{id:int}").WithTags("Evaluation");
        runs.MapGet("/evaluation", EvaluationAsync).WithSummary("AUROC with its 95 % interval, accuracy, average precision, Brier score, expected calibration error, ROC curve on the test split.")
            .Produces<EvaluationJson>().ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/evaluation.h5", FileAsync).WithSummary("Labels, logits, probabilities and class activation maps of all test images (HDF5).")
            .Produces(StatusCodes.Status200OK, contentType: "application/x-hdf5").ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/roc.csv", RocAsync).WithSummary("The full ROC curve: threshold, false_positive_rate, true_positive_rate, one line per distinct score.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv").ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/precision-recall.csv", PrecisionRecallAsync).WithSummary("The full precision-recall curve: threshold, recall, precision, one line per distinct score.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv").ProducesProblem(StatusCodes.Status404NotFound);
        return api;
    }

    public static string NotYet(Run run) => $"Run {run.Id} has not been evaluated yet; it is {run.State.ToString().ToLowerInvariant()}.";

    private static async Task<IResult> EvaluationAsync(
        int id, SignedInViewer by, RunStore store, Evaluations evaluations, CancellationToken cancellationToken)
    {
        var run = await store.GetAsync(id, by.Viewer, cancellationToken);
        return evaluations.Find(run) is { } evaluation ? TypedResults.Ok(EvaluationJson.Of(run, evaluation)) : Api.NotFound(NotYet(run));
    }

    private static async Task<IResult> FileAsync(int id, SignedInViewer by, RunStore store, CancellationToken cancellationToken)
    {
        var run = await store.GetAsync(id, by.Viewer, cancellationToken);
        var folder = store.FolderOf(run);
        return folder.HasEvaluation
            ? Results.File(folder.EvaluationPath, "application/x-hdf5", $"run-{id}-evaluation.h5")
            : Api.NotFound(NotYet(run));
    }

    private static Task<IResult> RocAsync(int id, SignedInViewer by, RunStore store, Evaluations evaluations, CancellationToken cancellationToken) => CsvAsync(
        id, "roc", "threshold,false_positive_rate,true_positive_rate", by, store, evaluations,
        evaluation => evaluation.Ranked.HasBothClasses ? evaluation.Roc.Select(point => (point.Threshold, point.FalsePositiveRate, point.TruePositiveRate)) : [], cancellationToken);

    private static Task<IResult> PrecisionRecallAsync(int id, SignedInViewer by, RunStore store, Evaluations evaluations, CancellationToken cancellationToken) => CsvAsync(
        id, "precision-recall", "threshold,recall,precision", by, store, evaluations,
        evaluation => PrecisionRecallCurve.Of(evaluation.Ranked).Select(point => (point.Threshold, point.Recall, point.Precision)), cancellationToken);

    /// <summary>Every digit of every point; the head alone where there is no such curve.</summary>
    private static async Task<IResult> CsvAsync(
        int id, string name, string head, SignedInViewer by, RunStore store, Evaluations evaluations,
        Func<RunEvaluation, IEnumerable<(double, double, double)>> pointsOf, CancellationToken cancellationToken)
    {
        var run = await store.GetAsync(id, by.Viewer, cancellationToken);
        if (evaluations.Find(run) is not { } evaluation) return Api.NotFound(NotYet(run));

        return Results.Stream(
            async stream =>
            {
                await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
                await writer.WriteLineAsync(head);
                foreach (var (threshold, x, y) in pointsOf(evaluation))
                {
                    await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{threshold:R},{x:R},{y:R}"));
                }
            },
            "text/csv", $"run-{id}-{name}.csv");
    }
}
