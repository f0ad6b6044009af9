using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Viewing;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Dataset;

/// <summary>The INDEX cell of the exercise as an instrument: go through the images of a split, see each with its label in words.</summary>
/// <remarks>The address always names the image on screen, so a copied link reopens it; pictures come over HTTP, not through the circuit.</remarks>
public sealed partial class ImageViewer(IJSRuntime js, ToldLabels told)
{
    private const string Keys = ImageSelection.Keys + " o O";
    private const string OffWhileGuessing = "Off while you guess: it would tell the label";
    private static readonly SegmentOption<LabelFilter>[] s_filters = [new(LabelFilter.All, "All"), new(LabelFilter.Has, "HAS"), new(LabelFilter.Not, "Does not")];
    private static readonly SegmentOption<LabelFilter>[] s_filtersWhileGuessing =
        [s_filters[0], .. s_filters[1..].Select(filter => filter with { Hint = OffWhileGuessing, Enabled = false })];

    private Datasets.Dataset _set = default!;
    private SegmentOption<SplitName>[] _splits = [];
    private (Datasets.Dataset, SplitName, int, LabelFilter, bool, bool, bool)? _asked;
    private SplitName _split;
    private LabelFilter _filter;
    private int _index;
    private ImageSelection _selection = new([]);
    private GreyValues _grey = GreyValues.Of([]);
    private IReadOnlyList<(string Label, string Value)> _facts = [];
    private IReadOnlyList<Thumbs.Item> _thumbs = [];
    private IReadOnlyList<BoxMarks.Mark> _marks = [];
    private bool _outlined;
    private bool _guessing;
    private Guesses _guesses = new();
    private string? _moved;
    private ElementReference _next;
    private bool _hasJustGuessed;

    /// <summary>The open data set.</summary>
    [Parameter, EditorRequired]
    public Datasets.Dataset Set { get; set; } = default!;

    /// <summary>The split shown first; the train split where the set lacks it.</summary>
    [Parameter]
    public SplitName Split { get; set; }

    /// <summary>The image shown first; the nearest there is.</summary>
    [Parameter]
    public int Index { get; set; }

    /// <summary>The filter set first.</summary>
    [Parameter]
    public LabelFilter Label { get; set; }

    /// <summary>Whether the outline of the finding is shown at first.</summary>
    [Parameter]
    public bool Outline { get; set; }

    /// <summary>Whether the reader guesses first, before anything tells the label.</summary>
    [Parameter]
    public bool GuessFirst { get; set; }

    /// <summary>While the reader guesses: the label of the image shown first was told already, so guessing goes on with the next one.</summary>
    [Parameter]
    public bool Told { get; set; }

    private ImageSplit Images => _set[_split];

    private bool Has => Images.HasPneumothorax(_index);

    private string Word => Has ? "HAS" : "DOES NOT have";

    private bool? Guess => _guessing ? _guesses.Of(_split, _index) : null;

    /// <summary>Until a guess is made, nothing on the page may depend on the label: no words, no outline, no facts, no address.</summary>
    private bool Hidden => _guessing && !told.Has(_set, _split, _index);

    /// <summary>Where guessing goes on; null where nothing is left to guess.</summary>
    private int? Next => told.NextUntold(_set, _split, _index + 1);

    private string OutlineWords => (Hidden, _marks.Count > 0, Has) switch
    {
        (true, _, _) => "Shown after your guess.",
        (_, true, _) => !Images.HasMask(_index) ? "Box around the pneumothorax" : "Outline of the pneumothorax",
        (_, _, true) => "The place in this image is not known.",
        _ => "No pneumothorax, so there is no outline.",
    };

    private string SplitTitle => Title(_split);

    private string Hint => _filter switch
    {
        LabelFilter.Has => $"{_selection.Indices.Count:#,##0} of {Images.Count:#,##0} have it",
        LabelFilter.Not => $"{_selection.Indices.Count:#,##0} of {Images.Count:#,##0} do not",
        _ => $"of {Images.Count:#,##0} {SplitTitle.ToLowerInvariant()} images",
    };

    protected override void OnParametersSet()
    {
        var asked = (Set, Split, Index, Label, Outline, GuessFirst, Told);
        if (_asked == asked) return;        // the page drew itself again; the reader may be elsewhere by now
        _asked = asked;
        if (!ReferenceEquals(_set, Set)) _guesses = new();
        _set = Set;
        _splits = [.. SplitNames.All.Where(Set.Has).Select(split => new SegmentOption<SplitName>(split, Title(split)))];
        _split = Set.Has(Split) ? Split : SplitName.Train;
        (_outlined, _guessing) = (Outline, GuessFirst);
        _filter = _guessing ? LabelFilter.All : Label;
        _selection = SelectionOf(_filter);
        var first = _selection.Settle(Math.Clamp(Index, 0, Images.Count - 1), Index < Images.Count ? Index : Images.Count - 1);
        if (Told) told.Add(_set, _split, first);
        Look(first);
    }

    private static string Title(SplitName split) => split switch
    {
        SplitName.Train => "Training",
        SplitName.Validation => "Validation",
        _ => "Test",
    };

    /// <summary>The page of the data set, wherever the viewer stands: a chapter has more than one thing to show. A pin does not tell what is still to be guessed.</summary>
    private PinnedView Seen => new(
        FormattableString.Invariant($"/data/{_set.Manifest.Name}?split={_split.Word()}&index={_index}") + (_filter == LabelFilter.All ? "" : $"&label={_filter.Word()}"),
        $"{SplitTitle} image {_index}{(Hidden ? "" : $", {Word} pneumothorax")}. {_set.Manifest.Title}{(_set.Manifest.Synthetic ? ", synthetic" : "")}",
        Address(_index));

    private string Address(int index) => string.Create(CultureInfo.InvariantCulture, $"/api/datasets/{_set.Manifest.Name}/{_split.Word()}/{index}.png");

    /// <summary>Takes in everything that the panel says about one image.</summary>
    private void Look(int index)
    {
        (_index, _moved) = (index, null);
        _grey = GreyValues.Of(Images.Pixels(index));
        // Six neighbours: shown small, they are also what the reader is likely to open next, and so already loaded.
        _thumbs = [.. _selection.Around(index, 6).Select(near => new Thumbs.Item(near, Address(near)))];
        Tell();
    }

    /// <summary>What depends on whether the label may be told.</summary>
    private void Tell()
    {
        if (!_guessing)
        {
            told.Add(_set, _split, _index);
            // A filter tells the labels of the neighbours that it shows, and of those between them that it leaves out.
            if (_filter != LabelFilter.All && _thumbs.Count > 0)
            {
                for (var near = _thumbs[0].Index; near <= _thumbs[^1].Index; near++) told.Add(_set, _split, near);
            }
        }
        _facts = ImageFacts.Of(Images.Attributes(_index), Images.IsHeldOut(_index), beforeGuess: Hidden);
        var mask = _outlined && !Hidden ? Images.Mask(_index) : null;
        _marks = _outlined && !Hidden ? BoxMarks.TruthOf(mask is null ? Images.Box(_index) : null, mask) : [];
    }

    private Task ShowAsync(int index)
    {
        if (index != _index) Look(index);
        return WriteAddressAsync();
    }

    private Task ChooseSplitAsync(SplitName split)
    {
        _split = split;
        _selection = SelectionOf(_filter);
        var index = _selection.Settle(Math.Min(_index, Images.Count - 1), 0);
        Look(_guessing ? told.NextUntold(_set, _split, index) ?? index : index);
        return WriteAddressAsync();
    }

    private Task ChooseFilterAsync(LabelFilter filter)
    {
        if (_guessing) return Task.CompletedTask;       // whoever filters by label has the answer before the question
        _filter = filter;
        _selection = SelectionOf(_filter);
        Look(_selection.Settle(_index, _index));
        return WriteAddressAsync();
    }

    private ImageSelection SelectionOf(LabelFilter filter) => ImageSelection.Of(Images.Count, index => filter.Lets(Images.HasPneumothorax(index)));

    private Task KeyAsync(KeyboardEventArgs key)
    {
        if (key.Key is "o" or "O") return OutlineAsync(!_outlined);
        return _selection.Move(_index, key.Key) is { } index ? ShowAsync(index) : Task.CompletedTask;
    }

    private Task ToggleGuessingAsync(ChangeEventArgs change)
    {
        (_guessing, _guesses) = (change.Value is true, new());
        if (_guessing) GoOnWhereNothingWasTold();
        Tell();
        return WriteAddressAsync();
    }

    private void GoOnWhereNothingWasTold()
    {
        // A filter has also told much about the images that are not on the page: go on far from here.
        var (read, isFiltered) = (_index, _filter != LabelFilter.All);
        (_filter, _selection) = (LabelFilter.All, SelectionOf(LabelFilter.All));
        if (told.NextUntold(_set, _split, isFiltered ? (_index + (Images.Count / 2)) % Images.Count : _index) is not { } next) return;
        Look(next);
        _moved = isFiltered
            ? FormattableString.Invariant($"The filter told the labels around image {read}, so here is image {next}.")
            : FormattableString.Invariant($"You saw the label of image {read}, so here is image {next}.");
    }

    /// <summary>The answer comes with the outline of what was to be found.</summary>
    private Task Say(bool has)
    {
        _guesses.Add(_split, _index, has, Has);
        told.Add(_set, _split, _index);
        (_hasJustGuessed, _moved) = (Next is not null, null);
        return OutlineAsync(true);
    }

    private Task OutlineAsync(bool outlined)
    {
        _outlined = outlined;
        Tell();
        return WriteAddressAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_hasJustGuessed) return;
        _hasJustGuessed = false;
        try
        {
            await _next.FocusAsync();       // the button that had the focus is gone
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // The page is gone, and its focus with it.
        }
    }

    private async Task WriteAddressAsync()
    {
        try
        {
            await js.InvokeVoidAsync("lab.address", new { split = _split.Word(), index = _index, label = _filter == LabelFilter.All ? null : _filter.Word(), outline = _outlined ? "on" : null, guess = (_guessing, Hidden) switch { (true, true) => "first", (true, false) => "next", _ => null } });
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // The page is gone, and its address with it.
        }
    }
}
