using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Web.Guide.Questions;
using Pneumothorax.Lab.Web.Parts;

namespace Pneumothorax.Lab.Web.Dataset;

/// <summary>The INDEX cell of the exercise as an instrument: go through the images of a split, see each with its label in words.</summary>
/// <remarks>The address always names the image on screen, so a copied link reopens it; pictures come over HTTP, not through the circuit.</remarks>
public sealed partial class ImageViewer(IJSRuntime js)
{
    private const string Keys = "ArrowLeft ArrowRight PageUp PageDown Home End";
    private static readonly ChoiceOption<LabelFilter>[] s_filters = [new(LabelFilter.All, "All"), new(LabelFilter.Has, "HAS"), new(LabelFilter.Not, "Does not")];

    private readonly ChoiceOption<LabelFilter>[] _filters = s_filters;
    private Data.Dataset _set = default!;
    private ChoiceOption<SplitName>[] _splits = [];
    private (Data.Dataset, SplitName, int, LabelFilter)? _asked;
    private SplitName _split;
    private LabelFilter _filter;
    private int _index;
    private ImageSelection _selection = new([]);
    private GreyValues _grey = GreyValues.Of([]);
    private IReadOnlyList<(string Label, string Value)> _facts = [];
    private IReadOnlyList<Thumbs.Item> _thumbs = [];
    private bool _guessing;
    private bool? _guess;
    private int _guesses;
    private int _right;

    /// <summary>The open data set.</summary>
    [Parameter, EditorRequired]
    public Data.Dataset Set { get; set; } = default!;

    /// <summary>The split shown first; the train split where the set lacks it.</summary>
    [Parameter]
    public SplitName Split { get; set; }

    /// <summary>The image shown first; the nearest there is.</summary>
    [Parameter]
    public int Index { get; set; }

    /// <summary>The filter set first.</summary>
    [Parameter]
    public LabelFilter Label { get; set; }

    private ImageSplit Images => _set[_split];

    private bool Has => Images.HasPneumothorax(_index);

    private string Word => Has ? "HAS" : "DOES NOT have";

    private bool Hidden => _guessing && _guess is null;

    private string SplitTitle => Title(_split);

    private string Hint => _filter switch
    {
        LabelFilter.Has => $"{_selection.Indices.Count} of {Images.Count:#,##0} have it",
        LabelFilter.Not => $"{_selection.Indices.Count} of {Images.Count:#,##0} do not",
        _ => $"of {Images.Count:#,##0} {SplitTitle.ToLowerInvariant()} images",
    };

    protected override void OnParametersSet()
    {
        var asked = (Set, Split, Index, Label);
        if (_asked == asked) return;        // the page drew itself again; the reader may be elsewhere by now
        _asked = asked;
        _set = Set;
        _splits = [.. SplitNames.All.Where(Set.Has).Select(split => new ChoiceOption<SplitName>(split, Title(split)))];
        _split = Set.Has(Split) ? Split : SplitName.Train;
        _filter = Label;
        _selection = ImageSelection.Of(Images, _filter);
        Look(_selection.Settle(Math.Clamp(Index, 0, Images.Count - 1), Index < Images.Count ? Index : Images.Count - 1));
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
        _index = index;
        _guess = null;
        _grey = GreyValues.Of(Images.Pixels(index));
        _facts = ImageFacts.Of(Images.Attributes(index), Images.IsHeldOut(index));
        // Six neighbours: shown small, they are also what the reader is likely to open next, and so already loaded.
        _thumbs = [.. _selection.Around(index, 6).Select(near => new Thumbs.Item(near, Address(near)))];
    }

    private Task ShowAsync(int index)
    {
        if (index != _index) Look(index);
        return WriteAddressAsync();
    }

    private Task ChooseSplitAsync(SplitName split)
    {
        _split = split;
        _selection = ImageSelection.Of(Images, _filter);
        Look(_selection.Settle(Math.Min(_index, Images.Count - 1), 0));
        return WriteAddressAsync();
    }

    private Task ChooseFilterAsync(LabelFilter filter)
    {
        // Whoever filters by label has the answer before the question.
        if (filter != LabelFilter.All) _guessing = false;
        _filter = filter;
        _selection = ImageSelection.Of(Images, _filter);
        Look(_selection.Settle(_index, _index));
        return WriteAddressAsync();
    }

    private Task KeyAsync(KeyboardEventArgs key)
    {
        int? to = key.Key switch
        {
            "ArrowLeft" => _selection.Move(_index, -1),
            "ArrowRight" => _selection.Move(_index, 1),
            "PageUp" => _selection.Move(_index, 10),
            "PageDown" => _selection.Move(_index, -10),
            "Home" => _selection.Move(_index, -Images.Count),
            "End" => _selection.Move(_index, Images.Count),
            _ => null,
        };
        return to is { } index ? ShowAsync(index) : Task.CompletedTask;
    }

    private async Task ToggleGuessingAsync(ChangeEventArgs change)
    {
        _guessing = change.Value is true;
        (_guess, _guesses, _right) = (null, 0, 0);
        if (_guessing && _filter != LabelFilter.All) { await ChooseFilterAsync(LabelFilter.All); _guessing = true; }
    }

    private void Guess(bool has)
    {
        _guess = has;
        _guesses++;
        if (has == Has) _right++;
    }

    private async Task WriteAddressAsync()
    {
        try
        {
            await js.InvokeVoidAsync("lab.address", new { split = _split.Word(), index = _index, label = _filter == LabelFilter.All ? null : _filter.Word() });
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // The page is gone, and its address with it.
        }
    }
}
