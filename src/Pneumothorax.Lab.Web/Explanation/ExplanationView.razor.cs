using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Evaluation.Localization;
using Pneumothorax.Lab.Evaluation.OperatingPoints;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Pages;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Explanation;

/// <summary>One test image with its class activation map. It keeps no state of its own but the boxes: what is set goes out as a new address.</summary>
public sealed partial class ExplanationView(IJSRuntime js) : IAsyncDisposable
{
    private const int ThumbsShown = 6;

    /// <summary>Side of the pictures in the row of neighbours, for screens of twice the density.</summary>
    private const int ThumbSide = 128;

    private static readonly int[] s_ofTheLab = [37, 45, 29, 30];
    private static readonly SegmentOption<bool>[] s_scales = [new(false, "One for all images"), new(true, "This image alone")];

    private RunEvaluation? _read;
    private ExplanationUrlState? _shown;
    private ScoredImages _images = default!;
    private double _balanced;
    private double _threshold;
    private ImageSelection _selection = default!;
    private IReadOnlyList<double>? _values;
    private IReadOnlyList<SegmentOption<Outcome?>> _options = [];
    private int? _index;
    private CamReading? _reading;
    private PredictedRegion? _predicted;
    private ImageMask? _mask;
    private string _mapText = "";
    private int? _faintest;
    private bool _trueBox = true;
    private ImageSplit? _seen;
    private bool _predictedBox = true;
    private IReadOnlyList<SegmentOption<IExplanationMethod>> _methods = [];
    private ElementReference _figure;
    private IJSObjectReference? _module;
    private IJSObjectReference? _pointer;

    [Parameter, EditorRequired]
    public int RunId { get; set; }

    /// <summary>"run 18", or "the reference run".</summary>
    [Parameter]
    public string? RunName { get; set; }

    [Parameter, EditorRequired]
    public RunEvaluation Evaluation { get; set; } = default!;

    /// <summary>The data set's entry; null when it is gone.</summary>
    [Parameter]
    public DatasetManifest? Manifest { get; set; }

    /// <summary>The X-rays that were evaluated; null when they are gone or others have taken their name.</summary>
    [Parameter]
    public ImageSplit? Test { get; set; }

    /// <summary>Why there are no X-rays, in a sentence.</summary>
    [Parameter]
    public string? Problem { get; set; }

    /// <summary>They will come by themselves.</summary>
    [Parameter]
    public bool AreBeingDrawn { get; set; }

    [Parameter, EditorRequired]
    public ExplanationUrlState Address { get; set; } = default!;

    [Parameter]
    public EventCallback<ExplanationUrlState> AddressChanged { get; set; }

    private Outcome Outcome => _images.OutcomeOf(_index ?? 0, _threshold);

    private string OutcomeColour => Outcome.IsRight() ? "good" : Outcome == Outcome.Missed ? "bad" : "warn";

    private string EmptyTitle => Address.Show switch
    {
        _ when Address.KeptOnly => "None of the images with feature maps",
        Outcome.Found => "Nothing found",
        Outcome.Missed => "None missed",
        Outcome.FalseAlarm => "No false alarm",
        _ => "None rightly clear",
    };

    private string EvaluationLink => new EvaluationUrlState(Address.Threshold).Of(RunId);

    private string FigureLabel => $"Test image {_index}: X-ray, {MapTitle}, both together. Arrow keys go to the next image; with Shift they read the map cell by cell. D, 1 and 2 choose the map, B shows the boxes.";

    private string MapTitle => Address.Method == ExplanationMethods.Stored ? CamText.Title(Address.Target) : Address.Method.Title;

    private float Maximum => Evaluation.Maps.Maximum(Address.Method, Address.Target);

    private int? NearestKept => Evaluation.File.FeatureIndex is { Length: > 0 } kept && _index is { } index ? kept.MinBy(other => Math.Abs(other - index)) : null;

    private string MapAlternative(CamReading reading) => reading.HasEvidence
        ? $"{MapTitle} for {CamText.For(Address.Target)}: highest {CamText.Place(reading)} of {reading.Side}."
        : $"{MapTitle} for {CamText.For(Address.Target)}: no value above 0.";

    /// <summary>With the threshold written out: the balanced one may be another once the run has gone on.</summary>
    private PinnedView Seen(int index) => new(
        (Address with { Index = index, Threshold = _threshold }).Of(RunId),
        $"Test image {index}, {RunName ?? $"run {RunId}"}: {Outcome.Title().ToLowerInvariant()}, {FormattableString.Invariant($"{_images.Scores[index]:0.00}")} at threshold {Figures.Threshold(_threshold)}; "
        + $"{(Address.Method == ExplanationMethods.Stored ? "map" : Address.Method.Title)} for {CamText.For(Address.Target)}{(Manifest?.Synthetic == true ? ". Synthetic" : "")}",
        Test is null ? null : _reading is null ? XRay(index) : Address.Picture(RunId, index, mapOnly: false));

    /// <summary>Where the image's highest value lies on the colour bar, in percent.</summary>
    private double MarkPlace(CamReading reading)
    {
        var end = ScaleEnd(reading);
        var share = end > 0 ? reading.Highest / end : 0;
        return Math.Round(100 * Math.Clamp(Address.Colours.IsTwoSided ? (share + 1) / 2 : share, 0, 1), 2);
    }

    /// <summary>Where the colours end; two-sided ones begin at its negative.</summary>
    private double ScaleEnd(CamReading reading) => !Address.OwnScale ? Maximum
        : Address.Colours.IsTwoSided ? Math.Max(Math.Abs(reading.Highest), Math.Abs(reading.Lowest))
        : Math.Max(0, reading.Highest);

    private IReadOnlyList<Thumbs.Item> Neighbours =>
        [.. _selection.Around(_index ?? 0, ThumbsShown).Select(index => new Thumbs.Item(index, XRay(index, ThumbSide), $"Test image {index}"))];

    /// <summary>Pictures that the next key or click will want.</summary>
    private string Ahead => Test is null || _index is not { } index
        ? ""
        : string.Join(' ', new[] { 1, -1, 2 }.Select(places => _selection.Move(index, places)).Where(other => other != index).Distinct()
            .SelectMany(other => Evaluation.Maps.Has(Address.Method, other)
                ? new[] { XRay(other), Address.Picture(RunId, other, mapOnly: true), Address.Picture(RunId, other, mapOnly: false) }
                : [XRay(other)]));

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_read, Evaluation))
        {
            (_read, _shown) = (Evaluation, null);
            _images = ScoredImages.Test(Evaluation);
            _balanced = ThresholdPreset.OpeningOf(Evaluation);
            _methods = [.. ExplanationMethods.All.Select(method => OptionOf(method, Evaluation.File.FeatureIndex.Length > 0 || method == ExplanationMethods.Stored))];
        }
        // Images that are still being drawn come later, under the same address.
        if (_shown == Address && ReferenceEquals(_seen, Test)) return;
        _seen = Test;

        if (_shown is null || (_shown.Threshold, _shown.Show, _shown.KeptOnly) != (Address.Threshold, Address.Show, Address.KeptOnly)) Select();
        if (_shown?.Target != Address.Target) _faintest = Evaluation.Peaks(Address.Target).Faintest();
        _index = _selection.Nearest(Address.Index);
        if (_index is { } index)
        {
            Read(index);
        }
        _shown = Address;
    }

    private static SegmentOption<IExplanationMethod> OptionOf(IExplanationMethod method, bool can) => new(
        method, method.Title.Replace("-CAM", "", StringComparison.Ordinal), can ? method.Title : $"{method.Title} needs feature maps, and this evaluation contains none.", can);

    private void Read(int index)
    {
        (_reading, _predicted, _mapText) = (null, null, "");
        _mask = Test is { } test && index < test.Count ? test.Mask(index) : null;
        if (!Evaluation.Maps.Has(Address.Method, index)) return;

        var map = Evaluation.Maps.Of(Address.Method, index, Address.Target);
        _reading = CamReading.Of(map, Evaluation.File, index, Address.Target);
        if (Address.Target != MapTarget.NoPneumothorax) _predicted = SetLocalization.Predict(map, _reading.Side, Address.Level);     // what speaks against it guesses at no place
        // The values row by row for the read-out under the pointer, which must not wait for the server.
        _mapText = string.Join(' ', map.Select(value => value.ToString("G4", CultureInfo.InvariantCulture)));
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            if (_pointer is not null || _index is null) return;
            _module ??= await js.InvokeAsync<IJSObjectReference>("import", "./" + Assets["js/explanation.js"]);
            _pointer = await _module.InvokeAsync<IJSObjectReference>("attach", _figure);
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // The page is gone; nobody points at it.
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_pointer is not null)
            {
                await _pointer.InvokeVoidAsync("dispose");
                await _pointer.DisposeAsync();
            }
            if (_module is not null) await _module.DisposeAsync();
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // The page is gone, and its listeners with it.
        }
    }

    private void Select()
    {
        _threshold = Address.Threshold ?? _balanced;
        _selection = _images.Select(Address.Show, _threshold, KeptIf(Address.KeptOnly));
        _values = Address.Show is null && !Address.KeptOnly ? null : [.. _selection.Indices.Select(index => (double)index)];
        var cells = _images.At(_threshold);
        _options =
        [
            new(null, $"All {_images.Count}"),
            new(Outcome.Found, $"Found {cells.TruePositives}"),
            new(Outcome.Missed, $"Missed {cells.FalseNegatives}"),
            new(Outcome.FalseAlarm, $"False alarm {cells.FalsePositives}"),
            new(Outcome.RightlyClear, $"Clear {cells.TrueNegatives}"),
        ];
    }

    private Task ChangeAsync(ExplanationUrlState address) => AddressChanged.InvokeAsync(address);

    private Task GoAsync(double index) => ChangeAsync(Address with { Index = (int)index });

    private Task GoAsync(int index) => ChangeAsync(Address with { Index = index });

    private Task PickAsync(int index) => ChangeAsync(Address with { Index = index, Show = null, KeptOnly = false });

    private int[]? KeptIf(bool only) => only ? Evaluation.File.FeatureIndex : null;

    /// <summary>The address names the image that is then shown, so that going back to all images stays there.</summary>
    private Task ShowAsync(Outcome? outcome, bool keptOnly)
    {
        var index = _index ?? Address.Index;
        return ChangeAsync(Address with { Show = outcome, KeptOnly = keptOnly, Index = _images.Select(outcome, _threshold, KeptIf(keptOnly)).Nearest(index) ?? index });
    }

    private Task KeyAsync(KeyboardEventArgs key)
    {
        if (key.CtrlKey || key.AltKey || key.MetaKey || _index is not { } index) return Task.CompletedTask;
        if (key.ShiftKey && key.Key.StartsWith("Arrow", StringComparison.Ordinal)) return Task.CompletedTask;        // explanation.js reads the map with them
        if (key.Key is "b" or "B") _trueBox = _predictedBox = !(_trueBox || _predictedBox);
        return key.Key switch
        {
            "d" or "D" => ChangeAsync(Address with { Target = MapTarget.Difference }),
            "1" => ChangeAsync(Address with { Target = MapTarget.Pneumothorax }),
            "2" => ChangeAsync(Address with { Target = MapTarget.NoPneumothorax }),
            _ => _selection.Move(index, key.Key) is { } to ? GoAsync(to) : Task.CompletedTask,
        };
    }

    private string XRay(int index, int? side = null) =>
        FormattableString.Invariant($"/api/datasets/{Manifest?.Name}/test/{index}.png") + (side is { } size ? FormattableString.Invariant($"?size={size}") : "");

    private List<BoxMarks.Mark> Marks(PixelBox? truth)
    {
        List<BoxMarks.Mark> marks = [];
        if (_trueBox) marks.AddRange(BoxMarks.TruthOf(truth, _mask, "true box"));
        if (_predictedBox && _predicted is { } predicted) marks.Add(new(predicted.Box, "predicted-box", "predicted"));
        return marks;
    }
}
