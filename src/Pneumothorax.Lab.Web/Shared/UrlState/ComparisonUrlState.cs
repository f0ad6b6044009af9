using System.Globalization;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs.Comparison;

namespace Pneumothorax.Lab.Web.Shared.UrlState;

/// <summary>What the x axis of the curves counts.</summary>
public enum CurveAxis { Step, Epoch, Time }

/// <summary>How the reader wants the curves.</summary>
/// <param name="Series">See <see cref="SeriesNames"/>.</param>
/// <param name="Smoothing">0 to 0.99; 0 draws the raw line only.</param>
public sealed record CurveChoice(
    string Series = SeriesNames.ValidationLoss, double Smoothing = CurveChoice.UsualSmoothing, bool LogValue = false, bool LogX = false, CurveAxis Axis = CurveAxis.Step)
{
    public const double UsualSmoothing = 0.6;

    /// <summary>All that can be drawn, in the order of the list.</summary>
    public static IReadOnlyList<(string Series, string Title)> All { get; } =
    [
        (SeriesNames.ValidationLoss, "Validation loss"),
        (SeriesNames.TrainLoss, "Training loss"),
        (SeriesNames.ValidationAuroc, "Validation AUROC"),
        (SeriesNames.ValidationAccuracy, "Validation accuracy"),
        (SeriesNames.TrainAccuracy, "Training accuracy"),
    ];

    public bool IsLoss => Series is SeriesNames.ValidationLoss or SeriesNames.TrainLoss;
}

/// <summary>What the comparison shows, as its address says it. What is not in the address has its default.</summary>
public sealed record ComparisonUrlState
{
    public const string Path = "/compare";

    /// <summary>Numbers of the runs, in the order of their letters: <c>3,1,2</c>.</summary>
    public string Runs { get; init; } = "";

    /// <summary>Key of the column that sorts the table, after "-" from the highest down; empty for the order of the letters.</summary>
    public string Sort { get; init; } = "";

    public CurveChoice Curves { get; init; } = new();

    /// <summary>Number of the run that the others are tested against; null for the first one.</summary>
    public int? Against { get; init; }

    /// <summary>Every run answers at a probability of one half, rather than at its own threshold.</summary>
    public bool AtHalf { get; init; }

    /// <summary>Which test images are gone through; see <see cref="Disagreements.Images"/>.</summary>
    public string Show { get; init; } = "";

    /// <summary>Which output the maps explain.</summary>
    public MapTarget Target { get; init; } = MapTarget.Difference;

    /// <summary>Each run's maps have their own scale, rather than one for all runs.</summary>
    public bool OwnScale { get; init; }

    /// <summary>The test image; null for the one on which the runs are furthest apart.</summary>
    public int? Index { get; init; }

    /// <summary>Only the runs that these brushes let pass; see <see cref="RunBrushes"/>.</summary>
    public string Keep { get; init; } = "";

    /// <summary>Words and figures that mean nothing count as not given.</summary>
    /// <param name="find">Value of a query parameter, or null.</param>
    public static ComparisonUrlState Parse(Func<string, string?> find) => new()
    {
        Runs = RunIds.Join(RunIds.Parse(find("runs"))),
        Sort = find("sort") ?? "",
        Curves = new(
            CurveChoice.All.FirstOrDefault(one => one.Series == find("series")).Series ?? SeriesNames.ValidationLoss,
            NumberText.Number(find("smooth")) is { } smoothing ? Math.Clamp(smoothing, 0, 0.99) : CurveChoice.UsualSmoothing,
            LogValue: find("log") is "y" or "xy", LogX: find("log") is "x" or "xy",
            find("x") switch { "epoch" => CurveAxis.Epoch, "time" => CurveAxis.Time, _ => CurveAxis.Step }),
        Against = Whole(find("against")),
        AtHalf = find("at") == "half",
        Show = find("show") ?? "",
        Target = MapTargets.Parse(find("class")) ?? MapTarget.Difference,
        OwnScale = find("scale") == "own",
        Index = Whole(find("index")),
        Keep = RunBrushes.Parse(find("keep")).ToString(),
    };

    public override string ToString()
    {
        List<string> query = [];
        if (Runs != "") query.Add($"runs={Runs}");
        if (Keep != "") query.Add($"keep={Uri.EscapeDataString(Keep).Replace("%3A", ":", StringComparison.Ordinal)}");
        if (Sort != "") query.Add($"sort={Uri.EscapeDataString(Sort)}");
        if (Curves.Series != SeriesNames.ValidationLoss) query.Add($"series={Curves.Series}");
        if (Curves.Axis != CurveAxis.Step) query.Add($"x={(Curves.Axis == CurveAxis.Epoch ? "epoch" : "time")}");
        if (Curves.LogX || Curves.LogValue) query.Add($"log={(Curves.LogX ? "x" : "")}{(Curves.LogValue ? "y" : "")}");
        if (Curves.Smoothing != CurveChoice.UsualSmoothing) query.Add($"smooth={NumberText.RoundTrip(Curves.Smoothing)}");
        if (Against is { } against) query.Add(string.Create(CultureInfo.InvariantCulture, $"against={against}"));
        if (AtHalf) query.Add("at=half");
        if (Show != "") query.Add($"show={Uri.EscapeDataString(Show)}");
        if (Target != MapTarget.Difference) query.Add($"class={Target.Word()}");
        if (OwnScale) query.Add("scale=own");
        if (Index is { } index) query.Add(string.Create(CultureInfo.InvariantCulture, $"index={index}"));
        return $"{Path}{UrlQuery.Of(query)}";
    }

    private static int? Whole(string? text) => NumberText.Whole(text) is { } number and >= 0 ? number : null;
}
