using System.Globalization;
using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Slices;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Evaluation;
using Pneumothorax.Lab.Web.Guide.Questions;
using Pneumothorax.Lab.Web.Parts;

namespace Pneumothorax.Lab.Web.Failures;

/// <summary>The mistakes of one run, its slices and the lesson on drains. It keeps no state of its own: what is set goes out as a new address.</summary>
public sealed partial class FailuresView
{
    private RunEvaluation? _read;
    private ScoredImages _images = default!;
    private double _balanced;
    private double _threshold;
    private SliceTable? _table;
    private Slice? _slice;
    private double[]? _others;
    private string? _note;
    private int _page = 1;
    private IReadOnlyList<ChoiceOption<FailureFilter>> _filters = [];
    private RankedFailures _ranked = default!;
    private (RunEvaluation, double, FailureSort, FailureFilter, Slice?, double[]?)? _rankedFor;
    private ElementReference _heading;
    private bool _isLeadingUp;

    [Parameter, EditorRequired]
    public int RunId { get; set; }

    /// <summary>"run 18", or "the reference run".</summary>
    [Parameter, EditorRequired]
    public string RunName { get; set; } = "";

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

    /// <summary>Other runs on the same test images.</summary>
    [Parameter]
    public IReadOnlyList<Run> Candidates { get; set; } = [];

    /// <summary>The other run of the address, once it is read.</summary>
    [Parameter]
    public EvaluatedRun? Other { get; set; }

    /// <summary>Why it cannot be read, in a sentence.</summary>
    [Parameter]
    public string? OtherProblem { get; set; }

    [Parameter, EditorRequired]
    public FailureAddress Address { get; set; } = default!;

    [Parameter]
    public EventCallback<FailureAddress> AddressChanged { get; set; }

    private string EvaluationLink => new EvaluationAddress(Address.Threshold).Of(RunId);

    private string Lead
    {
        get
        {
            var cells = _images.At(_threshold);
            var wrong = cells.FalseNegatives + cells.FalsePositives;
            return wrong == 0
                ? $"It calls all {Figures.Count(_images.Count, "test image", "test images")} correctly. Look at those where it was least certain."
                : $"{wrong:#,##0} of {Figures.Count(_images.Count, "test image", "test images")} are called wrongly: {cells.FalseNegatives:#,##0} missed, {Figures.Count(cells.FalsePositives, "false alarm", "false alarms")}.";
        }
    }

    private string Heading => (Address.Show switch
    {
        FailureFilter.Missed => Figures.Count(_ranked.Indices.Count, "missed image", "missed images"),
        FailureFilter.FalseAlarm => Figures.Count(_ranked.Indices.Count, "false alarm", "false alarms"),
        FailureFilter.Found => Figures.Count(_ranked.Indices.Count, "found image", "found images"),
        FailureFilter.RightlyClear => Figures.Count(_ranked.Indices.Count, "image rightly called clear", "images rightly called clear"),
        FailureFilter.All => Figures.Count(_ranked.Indices.Count, "image", "images"),
        _ => Figures.Count(_ranked.Indices.Count, "mistake", "mistakes"),
    }) + (_slice is null ? "" : $", {_slice.Column.ToLowerInvariant()}: {_slice.Value}");

    private string EmptyTitle => Address.Show switch
    {
        FailureFilter.Missed => "None missed",
        FailureFilter.FalseAlarm => "No false alarm",
        FailureFilter.Found => "None found",
        FailureFilter.RightlyClear => "None rightly called clear",
        _ => "No mistakes",
    };

    private string EmptyText => $"At threshold {Figures.Threshold(_threshold)} {(_slice is null ? "no test image" : $"no test image of this slice ({_slice.Title})")} is of this kind."
        + (Address.Show is FailureFilter.Found or FailureFilter.RightlyClear ? "" : " This does not prove that it never makes such mistakes: with n images and no mistake, the true rate may be up to about 3 in n.");

    /// <summary>With the threshold written out: the balanced one may be another once the run has gone on.</summary>
    private PinnedView Seen => new(
        (Address with { Threshold = _threshold }).Of(RunId),
        $"Where {RunName} fails: {Heading} at threshold {Figures.Threshold(_threshold)}{(Manifest?.Synthetic == true ? ". Synthetic" : "")}");

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_read, Evaluation))
        {
            _read = Evaluation;
            _images = ScoredImages.Test(Evaluation);
            _balanced = ThresholdPreset.OpeningOf(Evaluation);
            _table = Test is null ? null : SliceTable.Of(Evaluation, Test);
        }
        _threshold = Address.Threshold ?? _balanced;
        _slice = _table?.Find(Address.Slice);
        List<string> notes = [];
        if (Address.Slice is not null && _slice is null) notes.Add($"The data set has no slice “{Address.Slice}”, so all images are shown.");
        _others = OthersScores(notes);
        if (Address.Sort == FailureSort.Disagreement && _others is null) notes.Add("There is no other run to compare with, so the images are sorted by loss.");
        _note = notes.Count == 0 ? null : string.Join(' ', notes);
        Rank();
        _page = Math.Clamp(Address.Page, 1, _ranked.Pages);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_isLeadingUp) return;
        _isLeadingUp = false;
        try { await _heading.FocusAsync(); }        // a new page of images is read from its top
        catch (Exception exception) when (PageGone.Explains(exception)) { }       // the page is gone
    }

    private double[]? OthersScores(List<string> notes)
    {
        if (OtherProblem is not null) notes.Add(OtherProblem);
        if (Other is not { } other || other.Run.Id != Address.Other) return null;
        if (other.Evaluation.File.Info.DataHash == Evaluation.File.Info.DataHash && other.Evaluation.File.Labels.AsSpan().SequenceEqual(Evaluation.File.Labels)) return other.Evaluation.Scores;

        notes.Add($"{char.ToUpperInvariant(other.Name[0])}{other.Name[1..]} was tested on other images, so the two cannot be compared.");
        return null;
    }

    private void Rank()
    {
        var wanted = (Evaluation, _threshold, Address.Sort, Address.Show, _slice, _others);
        if (_rankedFor == wanted) return;

        _rankedFor = wanted;
        _ranked = RankedFailures.Of(Evaluation, _threshold, Address.Sort, Address.Show, _slice?.Inside, _others);
        // Of the slice, where one is looked at.
        var inside = Enumerable.Range(0, _images.Count).Where(i => _slice?.Inside[i] != false).CountBy(i => _images.OutcomeOf(i, _threshold)).ToDictionary();
        _filters =
        [
            Filter(FailureFilter.Wrong, "Wrong"), Filter(FailureFilter.Missed, "Missed"), Filter(FailureFilter.FalseAlarm, "False alarms"),
            Filter(FailureFilter.Found, "Found"), Filter(FailureFilter.RightlyClear, "Rightly clear"), Filter(FailureFilter.All, "All"),
        ];

        ChoiceOption<FailureFilter> Filter(FailureFilter filter, string title) => new(filter, $"{title} {inside.Where(kind => filter.Lets(kind.Key)).Sum(kind => kind.Value):#,##0}");
    }

    private string? OtherWords(int index) => _others is null || Other is null ? null : FormattableString.Invariant($"{Other.Name} says {_others[index]:0.00}");

    private string Api(string file) => $"/api/runs/{RunId}/{file}?threshold={UrlQuery.Text(_threshold)}";

    private Task ChangeAsync(FailureAddress address) => AddressChanged.InvokeAsync(address);

    private Task TurnAsync(int page)
    {
        _isLeadingUp = true;
        return ChangeAsync(Address with { Page = page });
    }

    private Task SortAsync(ChangeEventArgs change)
    {
        var sort = FailureWords.ParseSort(change.Value as string);
        // Whoever asks for disagreement wants to see one: the first that there is, until they choose.
        var other = sort == FailureSort.Disagreement ? Address.Other ?? Candidates.Select(run => (int?)run.Id).FirstOrDefault() : Address.Other;
        return ChangeAsync(Address with { Sort = sort, Other = other, Page = 1 });
    }

    private Task OtherAsync(ChangeEventArgs change) =>
        ChangeAsync(Address with { Other = int.TryParse(change.Value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null, Page = 1 });

    private FailureAddress SliceAddress(Slice? slice) => Address with { Slice = slice?.Word, Page = 1 };

    private Task ShowSliceAsync(string? word)
    {
        _isLeadingUp = word is not null && word.Length > 0;
        return ChangeAsync(SliceAddress(_table?.Find(word)));
    }
}
