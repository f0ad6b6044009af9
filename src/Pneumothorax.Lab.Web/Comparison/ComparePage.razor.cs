using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Web.Classroom;
using Pneumothorax.Lab.Web.Evaluation;
using Pneumothorax.Lab.Web.Guide.Questions;
using Pneumothorax.Lab.Web.Parts;
using Pneumothorax.Lab.Web.Training;

namespace Pneumothorax.Lab.Web.Comparison;

/// <summary>Two or more runs side by side, live while some of them go on. The address says which.</summary>
public sealed partial class ComparePage(
    RunStore store, RunFeed feed, DatasetStore datasets, Evaluations evaluations, ViewerAccessor viewers, NavigationManager navigation) : IAsyncDisposable
{
    private static readonly ChoiceOption<string>[] s_series = [new(SeriesNames.ValidationLoss, "Validation"), new(SeriesNames.TrainLoss, "Training")];
    private static readonly ChoiceOption<bool>[] s_axes = [new(false, "Step"), new(true, "Epoch")];

    private CancellationTokenSource? _leave;
    private Task _watching = Task.CompletedTask;
    private string? _watched;
    private bool _loaded;
    private Viewer? _viewer;
    private List<ComparedRun> _runs = [];
    private List<Run> _others = [];
    private List<int> _missing = [];
    private CurveView _view = new(Smoothing: 0.6);
    private string _series = SeriesNames.ValidationLoss;
    private Chart? _lossChart;
    private ChartSpec? _loss;
    private ChartSpec? _drawn;
    private ChartSpec? _roc;

    /// <summary>Their numbers, in the order of their letters: "3,1,2".</summary>
    [SupplyParameterFromQuery]
    public string? Runs { get; set; }

    /// <summary>The test image below the charts.</summary>
    [SupplyParameterFromQuery]
    public int? Index { get; set; }

    /// <summary>The run that the others' areas are tested against; the first one when it is not said.</summary>
    [SupplyParameterFromQuery]
    public int? Against { get; set; }

    private string Gone => _missing.Count == 1
        ? $"There is no run {_missing[0]} for you to see, so it is left out."
        : $"There are no runs {RunIds.Join(_missing)} for you to see, so they are left out.";

    /// <summary>"All on NIH ChestX-ray14, the same 400 test images, seed 1".</summary>
    private string Common
    {
        get
        {
            var first = _runs[0].Run;
            List<string> parts = [_runs.All(run => run.Run.Dataset == first.Dataset) ? $"All on {TitleOf(first.Dataset)}" : "On different images"];
            if (SharedImages is { } images) parts.Add($"the same {Words.Count(images.Count, "test image")}");
            if (_runs.All(run => run.Run.Hyperparameters.Seed == first.Hyperparameters.Seed)) parts.Add($"seed {first.Hyperparameters.Seed}");
            return string.Join(", ", parts);
        }
    }

    private PinnedView Seen
    {
        get
        {
            var image = SharedImages is { } shared ? Math.Clamp(Index ?? 0, 0, shared.Count - 1) : (int?)null;
            return new(
                $"/compare?runs={RunIds.Join([.. _runs.Select(run => run.Run.Id)])}" + (Against is { } id ? FormattableString.Invariant($"&against={id}") : "") + (image is { } at ? FormattableString.Invariant($"&index={at}") : ""),
                $"Runs {string.Join(" and ", _runs.Select(run => run.Run.Id))} compared{(image is null ? "" : $", test image {image}")}{(_runs.Any(run => run.Manifest?.Synthetic == true) ? ". Synthetic" : "")}",
                image is null ? null : FormattableString.Invariant($"/api/datasets/{SharedImages!.Manifest.Name}/test/{image}.png"));
        }
    }

    private string? RocWarning
    {
        get
        {
            var tested = _runs.Where(run => run.Evaluation is not null).ToList();
            if (tested.Select(run => run.TestImages).Distinct().Count() > 1)
            {
                return "These runs were tested on different images, so the curves cannot be compared: one set may simply be easier.";
            }
            var without = _runs.Where(run => run.Evaluation is null).Select(run => run.Letter).ToList();
            return tested.Count == 0 || without.Count == 0 ? null : $"Not evaluated: {string.Join(", ", without)}.";
        }
    }

    /// <summary>Null unless all evaluated runs were tested on the same images, and these are still registered.</summary>
    private CompareFilms.TestImages? SharedImages =>
        _runs.Where(run => run.Evaluation is not null).ToList() is [{ Manifest: { } manifest } first, ..] tested
        && tested.Select(run => run.TestImages).Distinct().Count() == 1 && first.TestImages?.Hash == manifest.Hash
            ? new(manifest, first.Evaluation!.File.Labels)
            : null;

    protected override async Task OnParametersSetAsync()
    {
        if (_watched == (Runs ?? "")) return;

        await StopAsync();
        _watched = Runs ?? "";
        _leave = new();
        _watching = WatchAsync(RunIds.Parse(Runs), _leave.Token);
    }

    private async Task WatchAsync(IReadOnlyList<int> ids, CancellationToken leave)
    {
        try
        {
            _viewer ??= await viewers.GetAsync();
            using var subscription = feed.SubscribeAll(_viewer);
            var visible = await store.ListAsync(_viewer, leave);
            List<ComparedRun> runs = [];
            foreach (var run in ids.Select(id => visible.FirstOrDefault(run => run.Id == id)).OfType<Run>())
            {
                runs.Add(await Task.Run(() => Read(runs.Count, run), leave));
            }
            _runs = runs;
            _missing = [.. ids.Except(visible.Select(run => run.Id))];
            _others = [.. visible.ExceptBy(ids, run => run.Id)];
            Draw();
            _loaded = true;
            StateHasChanged();
            await foreach (var update in subscription.ReadAllAsync(leave)) await TakeAsync(update, leave);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            // Left for another page, or for other runs.
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // The browser is gone; a reload starts over.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private ComparedRun Read(int index, Run run)
    {
        var curves = RunCurves.Read(store.FolderOf(run));
        return new(index, run, curves, EvaluationOf(run), datasets.Find(run.Dataset), StepsAnEpoch(run));
    }

    private RunEvaluation? EvaluationOf(Run run)
    {
        if (run.State != RunState.Completed) return null;
        try { return evaluations.Find(run); }
        catch (InvalidDataException) { return null; }         // its own page says what is wrong with it
    }

    private double? StepsAnEpoch(Run run)
    {
        try { return (double)datasets.Open(run.Dataset)[SplitName.Train].TrainingRows.Count / run.Hyperparameters.BatchSize; }
        catch (InvalidDataException) { return null; }
    }

    private async Task TakeAsync(RunUpdate update, CancellationToken leave)
    {
        var at = _runs.FindIndex(run => run.Run.Id == update.Run.Id);
        if (at < 0) return;
        if (update.IsDeleted)
        {
            Remove(update.Run.Id);
            return;
        }
        var run = _runs[at];
        if (update.FromStep is { } from) run.Curves.Cut(from);
        run.Curves.Add(update.Points);
        var ended = update.Run.State != run.Run.State;
        _runs[at] = run with { Run = update.Run, Evaluation = ended ? await Task.Run(() => EvaluationOf(update.Run), leave) : run.Evaluation };
        await RefreshAsync(ended);
    }

    private async Task RefreshAsync(bool ended)
    {
        if (_runs.Count < 2) return;
        var next = CompareCharts.Loss(_runs, _series, TitleOfSeries, _view);
        var appended = !ended && _lossChart is not null && ChartDeltas.Between(_drawn!, next) is { } deltas && await _lossChart.AppendAsync(deltas);
        if (appended) _drawn = next;
        else Draw();
        StateHasChanged();
    }

    private string TitleOfSeries => _series == SeriesNames.TrainLoss ? "Training loss" : "Validation loss";

    private void Draw()
    {
        if (_runs.Count < 2) return;
        _loss = _drawn = CompareCharts.Loss(_runs, _series, TitleOfSeries, _view);
        _roc = CompareCharts.Roc(_runs);
    }

    private void Show(CurveView view)
    {
        _view = view;
        Draw();
    }

    private void ShowSeries(string series)
    {
        _series = series;
        Draw();
    }

    private void Add(int id) => GoTo([.. _runs.Select(run => run.Run.Id), id]);

    private void Remove(int id) => GoTo([.. _runs.Select(run => run.Run.Id).Where(other => other != id)]);

    private void GoTo(IReadOnlyList<int> ids) =>
        navigation.NavigateTo(navigation.GetUriWithQueryParameter("runs", ids.Count == 0 ? null : RunIds.Join(ids)), replace: true);

    private void GoToImage(int index) => navigation.NavigateTo(navigation.GetUriWithQueryParameter("index", index), replace: true);

    private void TestAgainst(int id) => navigation.NavigateTo(navigation.GetUriWithQueryParameter("against", id), replace: true);

    private string TitleOf(string dataset) => datasets.Find(dataset)?.Title ?? dataset;

    private async Task StopAsync()
    {
        if (_leave is null) return;
        await _leave.CancelAsync();
        await _watching;
        _leave.Dispose();
        _leave = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
