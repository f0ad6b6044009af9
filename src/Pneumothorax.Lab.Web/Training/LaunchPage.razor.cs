using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Storage;
using Pneumothorax.Lab.Web.Classroom;
using Pneumothorax.Lab.Web.Dataset;
using Pneumothorax.Lab.Web.Parts;

namespace Pneumothorax.Lab.Web.Training;

/// <summary>The launch form. Its address names the starting point; a click starts the run and opens its page at once.</summary>
public sealed partial class LaunchPage(
    RunStore store, RunLauncher launcher, DatasetStore datasets, DatasetPreparation preparation, IDbContextFactory<LabDbContext> contexts,
    ViewerAccessor viewers, NavigationManager navigation, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(2);
    private static readonly IReadOnlyList<ChoiceOption<string>> s_networks = [.. NetworkSpec.All.Select(network => new ChoiceOption<string>(network.Name, network.Title))];

    private readonly CancellationTokenSource _leave = new();
    private readonly Dictionary<string, IReadOnlyList<double>> _speeds = [];
    private Viewer? _viewer;
    private LaunchForm? _form;
    private IReadOnlyList<DatasetOffer> _offers = [];
    private (int Waiting, int UnderWay) _line;
    private (string? Preset, int? From, double? Rate)? _startedFrom;
    private bool _starting;
    private string? _refused;

    /// <summary>"quick" or "notebook"; without it a copy of <see cref="From"/>, else "quick".</summary>
    [SupplyParameterFromQuery(Name = "preset")]
    public string? PresetName { get; set; }

    /// <summary>The run to copy.</summary>
    [SupplyParameterFromQuery]
    public int? From { get; set; }

    /// <summary>A learning rate to set from the start, as the note of a failed run proposes it.</summary>
    [SupplyParameterFromQuery]
    public double? Rate { get; set; }

    private TimeProvider Clock => clock;

    private SpeedEstimate? Estimate => EstimateOf(_form!.Network, _form.Hyperparameters);

    private string Passes
    {
        get
        {
            var train = _offers.FirstOrDefault(offer => offer.Manifest.Name == _form!.Dataset)?.Train;
            if (train is not > 0) return "One update of the weights each.";
            var passes = (double)_form!.Hyperparameters.Steps * _form.Hyperparameters.BatchSize / train.Value;
            return $"Every training image is shown about {passes.ToString(passes < 10 ? "0.#" : "#,##0", CultureInfo.InvariantCulture)} times.";
        }
    }

    private string Every => $"validation every {Words.Number(_form!.Hyperparameters.ValidationEvery)}, checkpoint every {Words.Number(_form.Hyperparameters.CheckpointEvery)} steps";

    private string NetworkSays
    {
        get
        {
            var network = _form!.Network;
            var widths = $"{network.Blocks[0].Channels} to {network.Blocks[^1].Channels} channels wide";
            return $"{Words.Leading(network.Blocks.Count)} blocks at {network.InputSize} × {network.InputSize}, {widths}: {Words.Number(network.Parameters)} parameters.";
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_startedFrom == (PresetName, From, Rate)) return;
        _startedFrom = (PresetName, From, Rate);

        _viewer ??= await viewers.GetAsync();
        var source = From is { } id ? await store.FindAsync(id, _viewer, _leave.Token) : null;
        if (_speeds.Count == 0)
        {
            foreach (var network in NetworkSpec.All) _speeds[network.Name] = await contexts.SpeedsAsync(network.Name, _leave.Token);
            _line = await contexts.LineAsync(_leave.Token);
            _offers = DatasetOffer.All(datasets);
            _ = LookAgainAsync(_leave.Token);
        }
        _form = FormFor(source);
    }

    private LaunchForm FormFor(Run? source)
    {
        var form = new LaunchForm { Source = source, Dataset = _form?.Dataset ?? FirstOffer(), Name = _form?.Name ?? "" };
        if (Preset.All.FirstOrDefault(preset => preset.Name == PresetName) is { } preset) form.StartFrom(preset);
        else if (source is not null) form.StartFromSource(_offers.Select(offer => offer.Manifest.Name));
        if (Rate is { } rate && double.IsFinite(rate)) form.Hyperparameters = form.Hyperparameters with { LearningRate = rate };
        return form;
    }

    /// <summary>Real images before drawn ones.</summary>
    private string? FirstOffer() => _offers.OrderBy(offer => offer.Manifest.Synthetic).FirstOrDefault()?.Manifest.Name;

    /// <summary>The line moves, the phantoms may still be in the making, and an instructor may register a set meanwhile.</summary>
    private async Task LookAgainAsync(CancellationToken leave)
    {
        try
        {
            using var timer = new PeriodicTimer(s_lookAgain, clock);
            while (await timer.WaitForNextTickAsync(leave))
            {
                var line = await contexts.LineAsync(leave);
                var offers = DatasetOffer.All(datasets);
                // While there are none, their progress is shown.
                if (line == _line && offers.Count > 0 && offers.Count == _offers.Count) continue;
                (_line, _offers) = (line, offers);
                if (_form is { Dataset: null } form) form.Dataset = FirstOffer();
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            // Left for another page.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private async Task StartAsync()
    {
        if (_starting || _form!.Problems.Count > 0) return;
        (_starting, _refused) = (true, null);
        try
        {
            var run = await launcher.LaunchAsync(_form.ToRequest(), _viewer!, _leave.Token);
            navigation.NavigateTo($"/runs/{run.Id}");
        }
        catch (Exception exception) when (exception is RunRefusedException or RunNotFoundException)
        {
            _refused = exception.Message;
        }
        finally
        {
            _starting = false;
        }
    }

    private void GoTo(Preset? preset) => navigation.NavigateTo(
        navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["preset"] = preset?.Name, ["rate"] = null }), replace: true);

    private void Set(Func<Hyperparameters, Hyperparameters> change)
    {
        _form!.Hyperparameters = change(_form.Hyperparameters);
        _refused = null;
    }

    private void SetNetwork(string name) => _form!.Network = NetworkSpec.Find(name);

    private SpeedEstimate? EstimateOf(NetworkSpec network, Hyperparameters hyperparameters) =>
        SpeedEstimate.Of(hyperparameters, _speeds[network.Name]);

    private string? TimeOf(Preset preset) => EstimateOf(preset.Network, preset.Hyperparameters) is { } estimate ? Words.About(estimate.Typical) : null;

    private static string Giga(long multiplyAdds) => (multiplyAdds / 1e9).ToString(multiplyAdds < 1e10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _leave.Cancel();
        _leave.Dispose();
    }
}
