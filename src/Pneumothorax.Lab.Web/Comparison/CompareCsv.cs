using System.Globalization;
using System.Text;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Comparison;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Comparison;

/// <summary>The table of a comparison to take home: every setting, and every result with all its digits.</summary>
public static class CompareCsv
{
    private static readonly (string Name, Func<ComparedRun, object?> Value)[] s_results =
    [
        ("state", run => run.Run.State.ToString()),
        ("step", run => run.Run.Step),
        ("testImages", run => run.Evaluation?.File.Count),
        ("auroc", run => run.Evaluation?.Auroc.Value),
        ("aurocLow", run => run.Evaluation?.Auroc.Low),
        ("aurocHigh", run => run.Evaluation?.Auroc.High),
        ("averagePrecision", run => run.Evaluation?.AveragePrecision),
        ("accuracy", run => run.Evaluation?.Accuracy),
        ("brierScore", run => run.Evaluation?.BrierScore),
        ("expectedCalibrationError", run => run.Evaluation is { } evaluation ? Calibration.Compute(evaluation.File.Labels, evaluation.Scores).ExpectedError : null),
        ("lowestValidationLoss", run => run.Curves.Lowest(SeriesNames.ValidationLoss)?.Value),
        ("seconds", run => run.Took?.TotalSeconds),
        ("parameters", run => run.Parameters),
    ];

    public static string AddressOf(IEnumerable<int> ids) => $"/api/compare.csv?runs={RunIds.Join(ids)}";

    public static RouteGroupBuilder MapComparison(this RouteGroupBuilder api)
    {
        api.MapGet("/compare.csv", ReadAsync).WithTags("Runs")
            .WithSummary("Several runs, one per line, with every setting and the results. runs is a list of numbers such as 1,2,3; runs that you may not see are left out.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv");
        return api;
    }

    private static async Task<IResult> ReadAsync(
        string? runs, SignedInViewer by, RunStore store, DatasetStore datasets, Evaluations evaluations, CancellationToken cancellationToken)
    {
        var asked = RunIds.Parse(runs);
        var visible = (await store.FindAllAsync([.. asked], by.Viewer, cancellationToken)).ToDictionary(run => run.Id);
        var compared = asked.Where(visible.ContainsKey).Select((id, index) => ComparedRun.Read(index, visible[id], store, datasets, evaluations));
        return Results.Text(string.Concat(Lines([.. compared])), "text/csv", Encoding.UTF8);
    }

    /// <returns>Heading and one line a run, with their ends.</returns>
    public static IEnumerable<string> Lines(IReadOnlyList<ComparedRun> runs)
    {
        yield return Csv.Line(["run", "name", "dataset", "network", .. Ranges.All.Select(info => info.Name), .. s_results.Select(result => result.Name)]);
        foreach (var run in runs)
        {
            var h = run.Run.Hyperparameters;
            yield return Csv.Line(
            [
                Text(run.Run.Id), run.Run.Name, run.Run.Dataset, run.Run.Network,
                .. Ranges.All.Select(info => info.Word(h)),
                .. s_results.Select(result => Text(result.Value(run))),
            ]);
        }
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
