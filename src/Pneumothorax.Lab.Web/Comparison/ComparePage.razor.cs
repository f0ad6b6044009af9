using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Comparison;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Comparison;

/// <summary>Two or more runs side by side, live while some of them go on. The address is the state: a copied link opens the same view.</summary>
public sealed partial class ComparePage(
    RunStore store, RunFeed feed, DatasetStore datasets, Evaluations evaluations, ViewerAccessor viewers, NavigationManager navigation,
    IJSRuntime js) : UrlStatePage<ComparisonUrlState>
{
    /// <summary>From so many runs on, lines over parallel axes say more than rows of a table.</summary>
    private const int Many = 6;

    private string? _watched;
    private bool _loaded;
    private (int Read, int Of)? _reading;
    private bool _choosing;
    private Viewer? _viewer;
    private List<ComparedRun> _runs = [];
    private IReadOnlyList<Run> _visible = [];
    private List<int> _missing = [];
    private CompareCurves? _curves;

    private IReadOnlyList<RunColumn> _settings = [];
    private IReadOnlyList<RunColumn> _results = [];
    private IReadOnlyList<ComparedSetting> _same = [];
    private IReadOnlyList<ParallelAxis> _axes = [];
    private IReadOnlyList<ComparedRun> _kept = [];
    private string _evaluated = "";
    private Disagreements? _images;

    private ElementReference _page;
    private IJSObjectReference? _module;
    private IJSObjectReference? _light;

    // Strings, so that a mistyped address opens the page all the same.
    [SupplyParameterFromQuery]
    public string? Runs { get; set; }

    [SupplyParameterFromQuery]
    public string? Keep { get; set; }

    [SupplyParameterFromQuery]
    public string? Sort { get; set; }

    [SupplyParameterFromQuery]
    public string? Series { get; set; }

    [SupplyParameterFromQuery]
    public string? X { get; set; }

    [SupplyParameterFromQuery]
    public string? Log { get; set; }

    [SupplyParameterFromQuery]
    public string? Smooth { get; set; }

    [SupplyParameterFromQuery]
    public string? Against { get; set; }

    [SupplyParameterFromQuery]
    public string? At { get; set; }

    [SupplyParameterFromQuery]
    public string? Show { get; set; }

    [SupplyParameterFromQuery]
    public string? Class { get; set; }

    [SupplyParameterFromQuery]
    public string? Scale { get; set; }

    [SupplyParameterFromQuery]
    public string? Index { get; set; }

    private IEnumerable<string> LeftOut => [.. _missing.Count > 0 ? [Gone] : Array.Empty<string>(), .. RunIds.LeftOut(Runs)];

    private string Gone => _missing.Count == 1
        ? $"Run {_missing[0]} was not found, so it is left out."
        : $"Runs {RunIds.Join(_missing)} were not found, so they are left out.";

    /// <summary>"All on NIH ChestX-ray14, the same 400 test images, seed 1".</summary>
    private string Common
    {
        get
        {
            var first = _runs[0].Run;
            List<string> parts = [_runs.All(run => run.Run.Dataset == first.Dataset) ? $"All on {TitleOf(first.Dataset)}" : "On different images"];
            if (_images is not null && _images.Runs.Count == _runs.Count) parts.Add($"the same {DisplayText.Count(_images.Count, "test image")}");
            if (_runs.All(run => run.Run.Hyperparameters.Seed == first.Hyperparameters.Seed)) parts.Add($"seed {first.Hyperparameters.Seed}");
            return string.Join(", ", parts);
        }
    }

    private PinnedView Seen
    {
        get
        {
            var image = _images is { } shared && State.Index is { } asked ? Math.Min(asked, shared.Count - 1) : (int?)null;
            return new(
                State.ToString(),
                $"Runs {string.Join(" and ", _runs.Select(run => run.Run.Id))} compared{(image is null ? "" : $", test image {image}")}{(_runs.Any(run => run.Manifest?.Synthetic == true) ? ". Synthetic" : "")}",
                image is null ? null : FormattableString.Invariant($"/api/datasets/{_images!.Manifest.Name}/test/{image}.png"));
        }
    }

    /// <summary>Which evaluated runs are not among those held together image by image, and why.</summary>
    private string? Elsewhere
    {
        get
        {
            var left = _kept.Where(run => run.Evaluation is not null && _images?.Has(run) != true).ToList();
            if (left.Count == 0 || _kept.Count(run => run.Evaluation is not null) < 2) return null;

            if (_images is null) return "No two of these runs were tested on the same images that are still here, so they cannot be compared image by image.";

            var names = string.Join(", ", left.Select(run => run.Letter));
            return left.Any(run => run.Manifest?.Hash != run.TestImages?.Hash)
                ? $"Not among the images below: {names}. Its data set has changed or is no longer here."
                : $"Not among the images below: {names}, tested on other images than the rest.";
        }
    }

    private IReadOnlyList<Run> ChosenFirst => [.. _runs.Select(run => run.Run), .. _visible.ExceptBy(_runs.Select(run => run.Run.Id), run => run.Id)];

    protected override async Task OnParametersSetAsync()
    {
        var inBar = ComparisonUrlState.Parse(name => name switch
        {
            "runs" => Runs,
            "keep" => Keep,
            "sort" => Sort,
            "series" => Series,
            "x" => X,
            "log" => Log,
            "smooth" => Smooth,
            "against" => Against,
            "at" => At,
            "show" => Show,
            "class" => Class,
            "scale" => Scale,
            _ => Index,
        });
        if (Read(inBar)) Draw();
        if (_watched == State.Runs) return;

        await FollowNoMoreAsync();
        _watched = State.Runs;
        Follow(leave => WatchAsync(RunIds.Parse(State.Runs), leave));
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        try
        {
            _module = await js.InvokeAsync<IJSObjectReference>("import", "./" + Assets["js/compare.js"]);
            _light = await _module.InvokeAsync<IJSObjectReference>("light", _page);
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // Nobody looks any more.
        }
    }

    private async Task WatchAsync(IReadOnlyList<int> ids, CancellationToken leave)
    {
        _viewer ??= await viewers.GetAsync();
        using var subscription = feed.SubscribeAll(_viewer);
        var listed = await store.ListAsync(_viewer, leave);
        // What others share is no row of the list, and can be compared by its number.
        IReadOnlyList<Run> visible = [.. (await store.FindAllAsync([.. ids], _viewer, leave)).Where(run => !run.IsListedFor(_viewer)), .. listed];
        List<ComparedRun> runs = [];
        var chosen = ids.Select(id => visible.FirstOrDefault(run => run.Id == id)).OfType<Run>().ToList();
        foreach (var run in chosen)
        {
            if (!_loaded && runs.Count % 10 == 9)
            {
                _reading = (runs.Count + 1, chosen.Count);
                StateHasChanged();
            }
            runs.Add(await Task.Run(() => ComparedRun.Read(runs.Count, run, store, datasets, evaluations), leave));
        }
        (_runs, _visible) = (runs, visible);
        _missing = [.. ids.Except(visible.Select(run => run.Id))];
        Draw();
        _loaded = true;
        StateHasChanged();
        await foreach (var update in subscription.ReadAllAsync(leave)) await TakeAsync(update, leave);
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
        _runs[at] = run with { Run = update.Run, Evaluation = ended ? await Task.Run(() => ComparedRun.EvaluationOf(update.Run, evaluations), leave) : run.Evaluation };
        Draw();
        StateHasChanged();
        if (_curves is not null) await _curves.RefreshAsync();
    }

    /// <summary>Works out what follows from runs and address; the images only when other runs, evaluations or thresholds ask for it.</summary>
    private void Draw()
    {
        if (_runs.Count < 2) return;

        var settings = ComparedSettings.Of([.. _runs.Select(run => run.Run.Settings)], TitleOf);
        _settings = RunColumns.Settings(_runs, settings);
        _results = RunColumns.Results(_runs);
        _same = [.. settings.Where(setting => !setting.Differs)];
        var auroc = _results.First(column => column.Key == RunColumns.Auroc);
        _axes = _runs.Count < Many ? [] : [.. _settings.Concat(auroc.Cells.Any(cell => !cell.IsNone) ? [auroc] : []).Select(column => new ParallelAxis(column))];

        var (brushes, columns) = (RunBrushes.Parse(_axes.Count > 1 ? State.Keep : ""), (RunColumn[])[.. _settings, .. _results]);
        _kept = [.. _runs.Where((_, at) => brushes.Pass(columns, at))];
        var evaluated = $"{State.AtHalf} {string.Join(' ', _kept.Select(run => $"{run.Letter}{run.Run.Id}:{run.Evaluation?.GetHashCode()}"))}";
        if (evaluated == _evaluated) return;

        _evaluated = evaluated;
        _images = Disagreements.Find(_kept, State.AtHalf);
    }

    private void Change(ComparisonUrlState address)
    {
        Write(address, address.ToString());
        Draw();
    }

    private void Remove(int id) => GoTo([.. _runs.Select(run => run.Run.Id).Where(other => other != id)]);

    private void GoTo(IReadOnlyList<int> ids)
    {
        _choosing = false;
        WriteNoMore();
        navigation.NavigateTo((State with { Runs = RunIds.Join(ids) }).ToString(), replace: true);
    }

    private string TitleOf(string dataset) => datasets.Find(dataset)?.Title ?? dataset;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        try
        {
            if (_light is not null)
            {
                await _light.InvokeVoidAsync("dispose");
                await _light.DisposeAsync();
            }
            if (_module is not null) await _module.DisposeAsync();
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // The page is gone, and this with it.
        }
    }
}
