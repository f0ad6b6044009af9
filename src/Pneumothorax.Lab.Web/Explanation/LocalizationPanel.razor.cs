using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Evaluation.Localization;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Shared.Pages;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Explanation;

/// <summary>The box that a map predicts beside the true one, for the image shown and for all that the run found.</summary>
public sealed partial class LocalizationPanel : IDisposable
{
    private (RunEvaluation Evaluation, double Threshold, int Level, MapTarget Target)? _asked;
    private CancellationTokenSource? _leave;
    private ImageSplit? _looked;
    private bool _anyBox;
    private SetLocalization? _set;

    [Parameter, EditorRequired]
    public RunEvaluation Evaluation { get; set; } = default!;

    /// <summary>Null when the data set is gone.</summary>
    [Parameter]
    public ImageSplit? Test { get; set; }

    [Parameter, EditorRequired]
    public int Index { get; set; }

    /// <summary>Whether the image's label says HAS.</summary>
    [Parameter, EditorRequired]
    public bool Has { get; set; }

    [Parameter, EditorRequired]
    public CamReading Reading { get; set; } = default!;

    /// <summary>Null where there is no evidence.</summary>
    [Parameter]
    public PredictedRegion? Predicted { get; set; }

    /// <summary>Which pixels show the pneumothorax, where that is known.</summary>
    [Parameter]
    public ImageMask? Mask { get; set; }

    /// <summary>Found means called HAS from here on.</summary>
    [Parameter, EditorRequired]
    public double Threshold { get; set; }

    [Parameter, EditorRequired]
    public ExplanationUrlState Address { get; set; } = default!;

    [Parameter]
    public EventCallback<ExplanationUrlState> AddressChanged { get; set; }

    [Parameter]
    public bool TrueBox { get; set; }

    [Parameter]
    public EventCallback<bool> TrueBoxChanged { get; set; }

    [Parameter]
    public bool PredictedBox { get; set; }

    [Parameter]
    public EventCallback<bool> PredictedBoxChanged { get; set; }

    /// <summary>Also where one looks at what speaks against a pneumothorax: that map points at no place of one.</summary>
    private MapTarget ScoredTarget => Address.Target == MapTarget.Pneumothorax ? MapTarget.Pneumothorax : MapTarget.Difference;

    private PixelBox? Truth => Test?.Box(Index);

    /// <summary>Why this image has no scores, in a sentence; null where it has.</summary>
    private string? Why => (Truth, Has) switch
    {
        (_, false) => "This image does not have a pneumothorax, so there is no true box, and the map cannot score a hit.",
        (null, _) => "No true box is known for this image.",
        _ when Address.Target == MapTarget.NoPneumothorax => "This map shows the evidence for DOES NOT have. It does not predict the place of a pneumothorax; choose the difference, or HAS.",
        _ => null,
    };

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(_looked, Test)) return;
        (_looked, _set, _asked) = (Test, null, null);
        _anyBox = Test is { } test && Enumerable.Range(0, test.Count).Any(index => test.Box(index) is not null);
    }

    // Not while prerendering, which nobody would wait for.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var wanted = (Evaluation, Threshold, Address.Level, Target: ScoredTarget);
        if (Test is not { } test || !_anyBox || _asked == wanted) return;

        _asked = wanted;
        _leave?.Cancel();
        _leave = new();
        var leave = _leave.Token;
        try
        {
            var set = await Task.Run(() => SetLocalization.Of(wanted.Evaluation, test, wanted.Threshold, wanted.Level, wanted.Target, leave), leave);
            if (_asked != wanted) return;
            _set = set;
            StateHasChanged();
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // The level has moved on, or the reader has.
        }
    }

    public void Dispose()
    {
        _leave?.Cancel();
        _leave?.Dispose();
    }

    /// <summary>With how many, where not every image with a box has an outline.</summary>
    private static string OutlineLabel(string words, LocalizationSummary masks, LocalizationSummary boxes) =>
        masks.Count == boxes.Count ? words : $"{words} ({masks.Count:#,##0} known)";

    private static string Share(double value) => FormattableString.Invariant($"{value:0.00}");

    private static string Interval(MeanInterval mean) => mean is { Low: { } low, High: { } high } ? $"{Share(low)} to {Share(high)}" : "";

    private static string Interval(double low, double high) => $"{Figures.Percent(low)} to {Figures.Percent(high)}";
}
