using System.Globalization;
using System.Text;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Evaluation.OperatingPoints;
using Pneumothorax.Lab.Evaluation.Slices;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Web.Evaluation;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Failures;

/// <summary>All slices of a run's test images, the worst first.</summary>
/// <param name="Looks">How many are held against the rest.</param>
/// <param name="LeftOut">Columns of which no slices could be made.</param>
internal sealed record SlicesJson(int Run, string Dataset, double Threshold, int Looks, IReadOnlyList<SliceJson> Slices, IReadOnlyList<string> LeftOut);

/// <param name="Negatives">"own": ranked within the slice; "all": its positives against every negative of the test set.</param>
/// <param name="Auroc">Null with fewer than five images of either class.</param>
/// <param name="Difference">Area less that of the rest; null unless both exist.</param>
/// <param name="P">Of that difference, for this slice alone.</param>
/// <param name="Differs">Whether it holds for all slices together: p under 0.05 / looks.</param>
internal sealed record SliceJson(
    string Column, string Value, string Negatives, int Images, int Positives,
    double? Auroc, double? AurocLow, double? AurocHigh, double? RestAuroc,
    double? Difference, double? DifferenceLow, double? DifferenceHigh, double? P, bool Differs,
    double? Sensitivity, double? SensitivityLow, double? SensitivityHigh,
    double? Specificity, double? SpecificityLow, double? SpecificityHigh)
{
    public static SliceJson Of(SliceRow row, ConfusionMatrix cells, int looks)
    {
        WilsonInterval? found = WilsonInterval.Of(cells.TruePositives, cells.Positives), clear = WilsonInterval.Of(cells.TrueNegatives, cells.Negatives);
        var (area, difference) = (row.Area.Area, row.Area.Difference);
        return new(
            row.Slice.Key, row.Slice.Value, row.Slice.Negatives == SliceNegatives.All ? "all" : "own", row.Images, row.Positives,
            area.Value, area.Low, area.High, row.Area.Rest.Value,
            difference.Difference, difference.Low, difference.High, difference.P, row.Area.Differs(looks),
            cells.Sensitivity, found?.Low, found?.High, cells.Specificity, clear?.Low, clear?.High);
    }
}

internal static class SlicesApi
{
    private const string Header =
        "column,value,negatives,images,positives,auroc,auroc_low,auroc_high,rest_auroc,difference,difference_low,difference_high,p,differs,sensitivity,sensitivity_low,sensitivity_high,specificity,specificity_low,specificity_high\r\n";

    public static RouteGroupBuilder MapSlices(this RouteGroupBuilder api)
    {
        var runs = api.MapGroup("/runs/{id:int}").WithTags("Failures");
        runs.MapGet("/slices", JsonAsync).WithSummary("Every group of test images in the data set (view, sex, age, drain, ...), worst first: AUROC compared with the rest, sensitivity and specificity at a threshold.")
            .Produces<SlicesJson>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/slices.csv", CsvAsync).WithSummary("The same as a table.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        return api;
    }

    private static async Task<IResult> JsonAsync(
        int id, double? threshold, SignedInViewer by, RunStore store, Evaluations evaluations, DatasetStore datasets, DatasetPreparation preparation, CancellationToken cancellationToken)
    {
        var (found, problem) = await FindAsync(id, threshold, by, store, evaluations, datasets, preparation, cancellationToken);
        return found is null ? problem! : TypedResults.Ok(found);
    }

    private static async Task<IResult> CsvAsync(
        int id, double? threshold, SignedInViewer by, RunStore store, Evaluations evaluations, DatasetStore datasets, DatasetPreparation preparation, CancellationToken cancellationToken)
    {
        var (found, problem) = await FindAsync(id, threshold, by, store, evaluations, datasets, preparation, cancellationToken);
        if (found is null) return problem!;

        var text = new StringBuilder(Header);
        foreach (var slice in found.Slices) text.Append(Line(slice));
        return Results.File(Encoding.UTF8.GetBytes(text.ToString()), "text/csv", $"run-{id}-slices.csv");
    }

    private static async Task<(SlicesJson? Found, IResult? Problem)> FindAsync(
        int id, double? threshold, SignedInViewer by, RunStore store, Evaluations evaluations, DatasetStore datasets, DatasetPreparation preparation, CancellationToken cancellationToken)
    {
        if (threshold is { } given && !(given >= 0 && given <= 1)) return (null, Api.BadRequest(FormattableString.Invariant($"threshold must be from 0 to 1, not {given}.")));
        var run = await store.GetAsync(id, by.Viewer, cancellationToken);
        if (evaluations.Find(run) is not { } evaluation) return (null, Api.NotFound(EvaluationApi.NotYet(run)));
        var images = EvaluatedImages.Find(datasets, evaluation.File, preparation);
        if (images.Test is not { } test) return (null, Api.NotFound($"Slices need the data set's information about its images. {images.Problem}"));

        var (table, cut) = (SliceTable.Of(evaluation, test), threshold ?? ThresholdPreset.OpeningOf(evaluation));
        return (new(id, evaluation.File.Info.Dataset, cut, table.Looks,
            [.. table.Rows.Select(row => SliceJson.Of(row, row.At(evaluation.File.Labels, evaluation.Scores, cut), table.Looks))], table.LeftOut), null);
    }

    private static string Line(SliceJson slice)
    {
        // Words by the rules of CSV; numbers as they are, for a minus sign starts no formula here.
        var words = Csv.Line([slice.Column, slice.Value, slice.Negatives]).TrimEnd();
        double?[] before = [slice.Images, slice.Positives, slice.Auroc, slice.AurocLow, slice.AurocHigh, slice.RestAuroc, slice.Difference, slice.DifferenceLow, slice.DifferenceHigh, slice.P];
        double?[] after = [slice.Sensitivity, slice.SensitivityLow, slice.SensitivityHigh, slice.Specificity, slice.SpecificityLow, slice.SpecificityHigh];
        return $"{words},{Numbers(before)},{(slice.Differs ? "yes" : "no")},{Numbers(after)}\r\n";
    }

    private static string Numbers(double?[] numbers) => string.Join(',', numbers.Select(number => number?.ToString("R", CultureInfo.InvariantCulture) ?? ""));
}
