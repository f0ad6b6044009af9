using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.JSInterop;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Launch;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Launch;

/// <summary>The launch form. Its address names the starting point; a click starts the run and opens its page at once.</summary>
public sealed partial class LaunchPage(
    RunStore store, RunLauncher launcher, DatasetStore datasets, DatasetService desk, DatasetPreparation preparation, IDbContextFactory<LabDbContext> contexts,
    HostCalibration calibration, GpuSlots slots, QueueBoard board, ViewerAccessor viewers, NavigationManager navigation, IJSRuntime js, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(2);
    private static readonly IReadOnlyList<SegmentOption<string>> s_networks = [.. NetworkSpec.All.Select(network => new SegmentOption<string>(network.Name, network.Title))];

    private readonly CancellationTokenSource _leave = new();

    // What is seldom touched, by where it stands.
    private static readonly HyperparameterInfo[] s_loss = [Ranges.WeightDecay, Ranges.LabelSmoothing, Ranges.ClassWeighting];
    private static readonly HyperparameterInfo[] s_shape = [.. Ranges.All.Where(info => info.Group == HyperparameterGroup.Network)];
    private static readonly HyperparameterInfo[] s_variations = [.. Ranges.All.Where(info => info.Group == HyperparameterGroup.Augmentation)];
    private static readonly HyperparameterInfo[] s_checks = [Ranges.ValidationEvery, Ranges.CheckpointEvery, Ranges.EarlyStopping, Ranges.Precision];
    private static readonly Hyperparameters s_usual = new();

    private bool? _isSpeedKnown;
    private HostSpeed? _calibration;
    private bool _measuring;
    private Viewer? _viewer;
    private LaunchForm? _form;
    private IReadOnlyList<DatasetOffer> _offers = [];
    private QueueForecast? _forecast;
    private (string? Preset, int? From, string? Rate)? _startedFrom;
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
    public string? Rate { get; set; }

    private TimeProvider Clock => clock;

    private SpeedEstimate? Estimate => EstimateOf(_form!.Network, _form.Resolved);

    private string Every
    {
        get
        {
            var h = _form!.Hyperparameters;
            return $"validation every {DisplayText.Number(h.ValidationEvery)}, checkpoint every {DisplayText.Number(h.CheckpointEvery)} steps{(h.EarlyStopping > 0 ? $", stops after {h.EarlyStopping} validations without a gain" : "")}";
        }
    }

    /// <summary>On a CPU, TF32 is float32 under another name.</summary>
    private static string? NeedsGpu(string precision) => precision == EnumText.Of(Precision.TF32) ? "needs an NVIDIA GPU, which this lab does not have" : null;

    /// <summary>Of the hosts that train now; of this one as long as none has said how it is.</summary>
    private bool OnCpu => _forecast?.View.HostsUp.ToList() is { Count: > 0 } hosts ? hosts.TrueForAll(host => host.Devices.Count == 0) : slots.OnCpu;

    /// <summary>The GPU with the least memory among the hosts: the run has to fit wherever it comes to. Null where that is not known.</summary>
    private GpuReading? LeastGpu => _forecast?.View.HostsUp.SelectMany(host => host.Gpus).Where(gpu => gpu.MemoryTotal > 0).MinBy(gpu => gpu.MemoryTotal);

    private string OptimizerSays => _form!.Hyperparameters.Optimizer switch
    {
        Optimizer.Sgd => "Rate times gradient, without memory of earlier steps.",
        Optimizer.Momentum => "A share of the previous step is added, like a ball that keeps rolling.",
        Optimizer.Nesterov => "Momentum that looks ahead, as in the notebook.",
        Optimizer.Adam => "Every weight has its own step size. A usual rate is 0.001.",
        _ => "Adam with weight decay applied directly to the weights. A usual rate is 0.001.",
    };

    private const string RecordImagesSays = "Where the network looks: class activation maps of four validation images, at about twenty steps. Each costs less than a step of training.";
    private const string RecordDistributionsSays = "How the weights and gradients of each layer are distributed, at the same steps. Each costs less than a step of training.";

    private string NetworkSays
    {
        get
        {
            var network = _form!.Varied;
            var stem = network.Stem is { } first ? $"A stem of stride {(first.Pools ? 4 : 2)}, then {DisplayText.Leading(network.Blocks.Count).ToLowerInvariant()}" : DisplayText.Leading(network.Blocks.Count);
            var widths = $"{network.Blocks[0].Channels} to {network.Blocks[^1].Channels} channels wide";
            var normalized = network.Normalization == Normalization.None ? "" : $", with {EnumText.Of(network.Normalization)} normalization";
            return $"{stem} blocks at {network.InputSize} × {network.InputSize}, {widths}{normalized}. Its class activation map has {network.MapSize} × {network.MapSize} cells.";
        }
    }

    private string VariationsSay
    {
        get
        {
            List<string> on = [.. from info in s_variations where ((HyperparameterSwitch)info).Value(_form!.Hyperparameters) select info.Meaning];
            var says = on.Count == 0 ? "Off, as in the notebook." : $"{Capital(string.Join("; ", on))}.";
            return _form!.Hyperparameters.Flip ? $"{says} A flip moves the heart to the other side. Try it and see whether it matters." : says;
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_startedFrom == (PresetName, From, Rate)) return;
        _startedFrom = (PresetName, From, Rate);

        _viewer ??= await viewers.GetAsync();
        var source = From is { } id ? await store.FindAsync(id, _viewer, _leave.Token) : null;
        if (_isSpeedKnown is null)
        {
            _isSpeedKnown = (await contexts.SpeedsAsync(_ => null, _leave.Token)).Count > 0;
            _calibration = calibration.Known;
            _forecast = await board.ReadAsync(_leave.Token);
            _offers = await OffersAsync();
            _ = LookAgainAsync(_leave.Token);
        }
        var isFirst = _form is null;
        _form = FormFor(source);
        if (!isFirst)
        {
            // Chosen on the page: the starting point as it is, not as it was left.
            (_isRestored, _refused, _kept) = (false, null, LaunchDraft.Of(Start, _form));
            await KeepAsync(null);
        }
        _ = CalibrateAsync(_leave.Token);
    }

    /// <summary>Measures the host, where nothing else tells how fast it is.</summary>
    private async Task CalibrateAsync(CancellationToken leave)
    {
        if (_measuring || _calibration is not null || _isSpeedKnown == true || _form is not { Dataset: { } dataset, TrainingImages: not null }) return;
        _measuring = true;
        StateHasChanged();
        try
        {
            _calibration = await calibration.MeasureAsync(dataset).WaitAsync(leave);
            _forecast = await board.RefreshAsync(leave);
        }
        catch (OperationCanceledException)
        {
            return;         // left for another page; the measurement goes on for the next one
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
        _measuring = false;
        StateHasChanged();
    }

    private LaunchForm FormFor(Run? source, string? name = null)
    {
        var form = new LaunchForm { Hosts = HostsUp, Source = source, Dataset = _form?.Dataset ?? FirstOffer(), Name = name ?? _form?.Name ?? "" };
        if (Preset.All.FirstOrDefault(preset => preset.Name == PresetName) is { } preset) form.StartFrom(preset);
        else if (source is not null) form.StartFromSource(_offers.Select(offer => offer.Manifest.Name));
        if (NumberText.Read(Rate).Value is { } rate) form.Hyperparameters = form.Hyperparameters with { LearningRate = rate };
        form.TrainingImages = TrainingImagesOf(form.Dataset);
        return form;
    }

    private async Task<IReadOnlyList<DatasetOffer>> OffersAsync() => DatasetOffer.All(datasets, await desk.OfferedAsync(_viewer!, _leave.Token));

    /// <summary>Real images before drawn ones; at a lab's first start those that are being drawn, for which a run waits in the queue.</summary>
    private string? FirstOffer() => _offers.OrderBy(offer => offer.Manifest.Synthetic).FirstOrDefault()?.Manifest.Name
        ?? (preparation.IsDrawing(DatasetPreparation.Name) ? DatasetPreparation.Name : null);

    /// <summary>The queue moves, the phantoms may still be in the making, and an instructor may register a set meanwhile.</summary>
    private async Task LookAgainAsync(CancellationToken leave)
    {
        try
        {
            using var timer = new PeriodicTimer(s_lookAgain, clock);
            while (await timer.WaitForNextTickAsync(leave))
            {
                _forecast = await board.ReadAsync(leave);
                if (_form is not null) _form.Hosts = HostsUp;
                _offers = await OffersAsync();
                if (_form is { TrainingImages: null } && _offers.Count > 0 && FirstOffer() is { } first)
                {
                    SetDataset(first);
                    _ = CalibrateAsync(leave);
                }
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
            // Still starting: a second click comes before the page has gone.
            await KeepAsync(null);
            navigation.NavigateTo($"/runs/{run.Id}");
        }
        catch (Exception exception) when (exception is RequestRefusedException or RunNotFoundException)
        {
            (_starting, _refused) = (false, exception.Message);
        }
        catch
        {
            _starting = false;
            throw;
        }
    }

    private void GoTo(Preset? preset) => navigation.NavigateTo(
        navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["preset"] = preset?.Name, ["rate"] = null }), replace: true);

    private void Changed() => _refused = null;

    private void SetDataset(string name) => (_form!.Dataset, _form.TrainingImages) = (name, TrainingImagesOf(name));

    private void SetNetwork(string name) => _form!.Network = NetworkSpec.Find(name);

    private int? TrainingImagesOf(string? dataset) => _offers.FirstOrDefault(offer => offer.Manifest.Name == dataset)?.Train;

    private string TitleOf(string dataset) => datasets.Find(dataset)?.Title ?? dataset;

    private bool IsTouched(IEnumerable<HyperparameterInfo> infos) => infos.Any(info => info.Text(_form!.Hyperparameters) != info.Text(s_usual));

    /// <summary>"as usual", or the titles of those that are not.</summary>
    private string Now(IEnumerable<HyperparameterInfo> infos)
    {
        List<string> touched = [.. from info in infos where info.Text(_form!.Hyperparameters) != info.Text(s_usual) select $"{info.Title.ToLowerInvariant()} {info.Text(_form!.Hyperparameters)}"];
        return touched.Count == 0 ? $"defaults: {string.Join(", ", infos.Select(info => info.Title.ToLowerInvariant()))}" : string.Join(", ", touched);
    }

    private SpeedEstimate? EstimateOf(NetworkSpec network, Hyperparameters hyperparameters) => _forecast?.EstimateOf(network.Name, hyperparameters, _form?.Dataset);

    private IReadOnlyList<LabHost> HostsUp => _forecast is null ? [] : [.. _forecast.View.HostsUp];

    private string? TimeOf(Preset preset) =>
        EstimateOf(preset.Network, preset.Hyperparameters) is { } estimate ? DisplayText.About(estimate.Typical) : null;

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    public void Dispose()
    {
        _leave.Cancel();
        _leave.Dispose();
    }
}
