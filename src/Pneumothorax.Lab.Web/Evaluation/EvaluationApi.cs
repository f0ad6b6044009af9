using Pneumothorax.Lab.Experiments.Metrics;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Web.Classroom;
using Pneumothorax.Lab.Web.Hosting;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>How good a run's best checkpoint was on the test split.</summary>
/// <param name="Auroc">Null with one class only.</param>
/// <param name="AurocLow">Lower end of the 95 % interval (DeLong), clipped to 0..1.</param>
/// <param name="Roc">Every distinct probability of pneumothorax as a threshold.</param>
internal sealed record EvaluationJson(
    int Run, int CheckpointStep, string Dataset, string Network, string Split, int Images, int Positives,
    double? Auroc, double? AurocLow, double? AurocHigh, double? Accuracy, double? AveragePrecision, double? BrierScore,
    IReadOnlyList<RocPointJson> Roc)
{
    public static EvaluationJson Of(Run run, RunEvaluation evaluation) => new(
        run.Id, evaluation.File.Info.CheckpointStep, evaluation.File.Info.Dataset, evaluation.File.Info.Network, evaluation.File.Info.Split,
        evaluation.File.Count, evaluation.Positives,
        evaluation.Auroc.Value, evaluation.Auroc.Low, evaluation.Auroc.High,
        evaluation.Accuracy, evaluation.AveragePrecision, evaluation.BrierScore,
        [.. evaluation.Roc.Select(RocPointJson.Of)]);
}

/// <param name="Fpr">False-positive rate; null without negatives.</param>
/// <param name="Tpr">True-positive rate; null without positives.</param>
internal sealed record RocPointJson(double Threshold, double? Fpr, double? Tpr)
{
    public static RocPointJson Of(RocPoint point) =>
        new(point.Threshold, Number(point.FalsePositiveRate), Number(point.TruePositiveRate));

    private static double? Number(double value) => double.IsNaN(value) ? null : value;
}

internal static class EvaluationApi
{
    public static RouteGroupBuilder MapEvaluations(this RouteGroupBuilder api)
    {
        var runs = api.MapGroup("/runs/{id:int}").WithTags("Evaluation");
        runs.MapGet("/evaluation", EvaluationAsync).WithSummary("AUROC with its 95 % interval, accuracy, average precision, Brier score, ROC curve on the test split.")
            .Produces<EvaluationJson>().ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/evaluation.h5", FileAsync).WithSummary("Labels, logits, probabilities and class activation maps of all test images (HDF5).")
            .Produces(StatusCodes.Status200OK, contentType: "application/x-hdf5").ProducesProblem(StatusCodes.Status404NotFound);
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
}
