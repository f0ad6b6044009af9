using System.Globalization;
using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Experiments.Curves;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Evaluation;
using Pneumothorax.Lab.Web.Shared.Charts;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Takeaway;

/// <summary>All of one run on sheets of paper, as it was when the page was opened.</summary>
public sealed partial class ReportPage(
    RunStore store, Evaluations evaluations, DatasetStore datasets, DatasetPreparation preparation, ViewerAccessor viewers, NavigationManager navigation, TimeProvider clock) : IDisposable
{
    private static readonly CurveView s_view = new();

    private readonly CancellationTokenSource _leave = new();
    private (int Id, EvaluationUrlState At)? _asked;
    private EvaluationUrlState _address = new();
    private Run? _run;
    private Run? _source;
    private string? _by;
    private RunSpec? _spec;
    private DatasetManifest? _manifest;
    private RunCurves _curves = new();
    private ChartSpec _loss = default!;
    private ChartSpec _accuracy = default!;
    private ChartSpec _auroc = default!;
    private (RunEvaluation Evaluation, EvaluationModel Model, EvaluatedImages Images)? _evaluated;
    private string? _damage;
    private DateTimeOffset _read;

    [Parameter]
    public int Id { get; set; }

    [SupplyParameterFromQuery(Name = "threshold")]
    private string? AskedThreshold { get; set; }

    [SupplyParameterFromQuery(Name = "rule")]
    private string? AskedRule { get; set; }

    [SupplyParameterFromQuery(Name = "frozen")]
    private string? AskedFrozen { get; set; }

    private double Threshold => _address.ThresholdOf(_evaluated!.Value.Evaluation);

    private RunSettings Settings => _run!.Settings;

    private IReadOnlyList<SettingChange> Changes => _source!.Settings.ChangesTo(Settings, TitleOf);

    private string Facts => string.Join(", ", new[]
    {
        $"{RunSettings.NetworkTitle(_run!.Network)} network on {TitleOf(_run.Dataset)}",
        _run is { StartedAt: { } started, EndedAt: { } ended } ? $"took {DisplayText.Exact(ended - started)}" : null,
        _run is { IsReference: false, EndedAt: { } end } ? $"ended {DisplayText.When(end, _read)}" : null,
    }.OfType<string>());

    private string Progress
    {
        get
        {
            List<string> sentences = [$"Step {DisplayText.Number(_run!.Step)} of {DisplayText.Number(_run.Hyperparameters.Steps)}."];
            if (_curves.Highest(SeriesNames.ValidationAuroc) is var (step, auroc)) sentences.Add($"During training, measured on at most {RunWork.ValidationSample} validation images, the AUROC was highest at step {DisplayText.Number(step)}: {Figures.Figure(auroc)}.");
            if (_curves.Lowest(SeriesNames.ValidationLoss) is var (at, loss)) sentences.Add($"The validation loss was lowest at step {DisplayText.Number(at)}: {Figures.Figure(loss)}.");
            if (_run.BestStep is { } best) sentences.Add($"Of the saved checkpoints, the one from step {DisplayText.Number(best)} has the highest validation AUROC; it was the one tested.");
            if (_run.Message is { } message) sentences.Add(message);
            return string.Join(' ', sentences);
        }
    }

    /// <summary>As the command line takes it; what is as usual is left out.</summary>
    private IEnumerable<string> Command
    {
        get
        {
            var (run, usual) = (_run!, new Hyperparameters());
            return
            [
                "lab train", $"--dataset {run.Dataset}", $"--network {run.Network}",
                .. Ranges.All.Where(info => info != Ranges.Epochs && info.Word(run.Hyperparameters) != info.Word(usual)).Select(info => $"{info.Option} {info.Word(run.Hyperparameters)}"),
                $"--output run-{run.Id}",
            ];
        }
    }

    private IEnumerable<(string Name, string Value)> Provenance
    {
        get
        {
            yield return ("Seed", _run!.Hyperparameters.Seed.ToString(CultureInfo.InvariantCulture));
            foreach (var (name, version) in _spec?.Software ?? new Dictionary<string, string>()) yield return (name, version);
            if ((_evaluated?.Evaluation.File.Info.DataHash ?? _spec?.DatasetHash) is { } hash) yield return ("Hash of the images (SHA-256)", hash);
        }
    }

    // The router reuses this component between two runs.
    protected override async Task OnParametersSetAsync()
    {
        var address = EvaluationUrlState.Parse(AskedThreshold, prevalence: null, AskedRule, AskedFrozen);
        if (_asked == (Id, address)) return;
        var again = _asked?.Id == Id;
        (_asked, _address) = ((Id, address), address);
        if (again) return;

        _run = null;
        try
        {
            await ReadAsync(Id);
        }
        catch (OperationCanceledException) when (_leave.IsCancellationRequested)
        {
            // Left for another page.
        }
    }

    public void Dispose()
    {
        _leave.Cancel();
        _leave.Dispose();
    }

    private async Task ReadAsync(int id)
    {
        var viewer = await viewers.GetAsync();
        if (await store.FindAsync(id, viewer, _leave.Token) is not { } run)
        {
            navigation.NotFound();
            return;
        }
        var folder = store.FolderOf(run);
        var source = run.CopiedFromId is { } from ? await store.FindAsync(from, viewer, _leave.Token) : null;
        var (curves, spec, evaluated, damage) = await Task.Run(() => Read(run, folder), _leave.Token);
        if (id != Id) return;

        (_curves, _spec, _evaluated, _damage, _source) = (curves, spec, evaluated, damage, source);
        (_manifest, _read) = (datasets.Find(run.Dataset), clock.GetLocalNow());
        _by = run.Owner?.Name;
        var span = new CurveSpan(Math.Max(run.IsOver ? curves.LastStep : run.Hyperparameters.Steps, 1), null, run.IsOver);
        double? alwaysClear = _manifest?[SplitName.Validation] is { Images: > 0 } split ? 1 - (double)split.Positives / split.Images : null;
        var csv = $"/api/runs/{id}/metrics.csv";
        _loss = RunCharts.Loss(curves, span, s_view, "") with { Height = 260, CsvAddress = csv };
        _accuracy = RunCharts.Accuracy(curves, span, s_view, alwaysClear) with { Height = 160, CsvAddress = csv };
        _auroc = RunCharts.Auroc(curves, span, s_view, run.BestStep) with { Height = 160, CsvAddress = csv };
        _run = run;
    }

    private (RunCurves, RunSpec?, (RunEvaluation, EvaluationModel, EvaluatedImages)?, string? Damage) Read(Run run, RunFolder folder)
    {
        RunSpec? spec = null;
        try { spec = folder.ReadSpec(); }
        catch (InvalidDataException)
        {
            // A run that waits has none yet; the settings are known all the same.
        }
        try
        {
            return evaluations.Find(run) is { } evaluation
                ? (RunCurves.Read(folder), spec, (evaluation, new EvaluationModel(evaluation, run.Id), EvaluatedImages.Find(datasets, evaluation.File, preparation)), null)
                : (RunCurves.Read(folder), spec, null, null);
        }
        catch (InvalidDataException exception)
        {
            return (RunCurves.Read(folder), spec, null, $"The evaluation cannot be read: {exception.Message}");
        }
    }

    private bool IsSynthetic => _manifest?.Synthetic ?? preparation.IsDrawing(_run!.Dataset);

    private string TitleOf(string dataset) => datasets.Find(dataset)?.Title ?? dataset;
}
