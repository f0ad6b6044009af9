using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using Pneumothorax.Lab.Classroom.Guide.Figures;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Guide.Pictures;

/// <summary>One convolution and one pooling step at a place that the reader points at, on a training image, with every number.</summary>
public sealed partial class ConvolutionPicture(IJSRuntime js, GuideModels models, RunStore runs) : IAsyncDisposable
{
    private const int Own = -1;

    private IReadOnlyList<Kernel> _learned = [];
    private string _modelName = "the model";
    private int _ownSide = NetworkSpec.Lite.InputSize;
    private SegmentOption<int>[] _choices = Options(false);
    private int _chosen;
    private int _own;
    private Datasets.Dataset _set = default!;
    private (Datasets.Dataset? Set, int Index, Kernel? Kernel) _drawn;
    private int _index;
    private (int Row, int Column) _pinned = (-1, -1);
    private int _row;
    private int _column;
    private Kernel _kernel = Kernel.ByHand[0];
    private PreparedImage _image = new(1, [0]);
    private PreparedImage _map = new(1, [0]);
    private string _picture = "";
    private string _answers = "";
    private float _low;
    private float _high;
    private float _highest;
    private ConvolutionStep _step = default!;
    private IReadOnlyList<float> _square = [];
    private ElementReference _films;
    private IJSObjectReference? _module;
    private IJSObjectReference? _pointer;
    private DotNetObjectReference<ConvolutionPicture>? _self;

    /// <summary>Which data set; the class's when null.</summary>
    [Parameter]
    public string? Dataset { get; set; }

    /// <summary>The training image shown first.</summary>
    [Parameter]
    public int Index { get; set; }

    private int Digits => _kernel.Standardised ? 2 : 0;

    private int WeightDigits => _kernel.Weights.All(weight => weight == MathF.Round(weight)) ? 0 : 2;

    protected override async Task OnInitializedAsync()
    {
        _index = Index;
        try
        {
            if (await models.FindAsync() is not { } model) return;
            _learned = LearnedKernels.Of(runs.FolderOf(model.Run), model.Evaluation.File.Info.CheckpointStep);
            if (_learned.Count == 0) return;
            _ownSide = model.Network?.InputSize ?? NetworkSpec.Lite.InputSize;
            (_modelName, _choices) = (model.Name, Options(true));
        }
        catch (InvalidDataException)
        {
            // The kernels made by hand are enough; the other pictures say what is wrong with the model.
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // The data set may come later than the page.
        if (_pointer is not null || _films.Context is null) return;
        try
        {
            _self ??= DotNetObjectReference.Create(this);
            _module ??= await js.InvokeAsync<IJSObjectReference>("import", "./" + Assets["js/grid-pointer.js"]);
            _pointer ??= await _module.InvokeAsync<IJSObjectReference>("attach", _films, _self);
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // The page is gone; nobody points at it.
        }
    }

    /// <param name="row">-1 when the pointer has left: back to the pinned place.</param>
    [JSInvokable]
    public Task OnPointAsync(int row, int column, bool pin) => InvokeAsync(() =>
    {
        if (pin) _pinned = (row, column);
        (_row, _column) = row < 0 ? _pinned : (row, column);
        Calculate();
        StateHasChanged();
    });

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
        _self?.Dispose();
    }

    private static SegmentOption<int>[] Options(bool withOwn) =>
    [
        .. Kernel.ByHand.Select((kernel, place) => new SegmentOption<int>(place, kernel.Title)),
        .. withOwn ? [new SegmentOption<int>(Own, "The model’s own")] : Array.Empty<SegmentOption<int>>(),
    ];

    /// <summary>Draws what the present choice asks for, unless it is drawn.</summary>
    private void Take(Datasets.Dataset set)
    {
        _set = set;
        _kernel = _chosen == Own ? _learned[_own] : Kernel.ByHand[_chosen];
        var images = set[SplitName.Train];
        _index = Math.Clamp(_index, 0, images.Count - 1);
        if (_drawn == (set, _index, _kernel)) return;

        _drawn = (set, _index, _kernel);
        _image = PreparedImage.Of(images.Pixels(_index), _chosen == Own ? _ownSide : NetworkSpec.Lite.InputSize, _kernel.Standardised);
        _map = ConvolutionStep.Everywhere(_image, _kernel);
        (_low, _high) = _kernel.Standardised ? (_image.Values.Min(), _image.Values.Max()) : (0, 255);
        _highest = Math.Max(_map.Values.Max(), 1e-6f);
        _picture = Url(_kernel.Standardised ? _image.ToGrey() : [.. _image.Values.Select(value => (byte)MathF.Round(value))]);
        _answers = Url([.. _map.Values.Select(value => (byte)MathF.Round(255 * value / _highest))]);
        if (_pinned.Row < 0 || _pinned.Row >= _image.Side || _pinned.Column >= _image.Side) _pinned = (_image.Side * 2 / 5, _image.Side / 3);
        (_row, _column) = _pinned;
        Calculate();
    }

    private string Url(byte[] grey) => "data:image/png;base64," + Convert.ToBase64String(ImageCodec.GreyPng(grey, _image.Side, _image.Side));

    private void Calculate()
    {
        (_row, _column) = (Math.Clamp(_row, 0, _image.Side - 1), Math.Clamp(_column, 0, _image.Side - 1));
        _step = ConvolutionStep.Of(_image, _kernel, _row, _column);
        _square = ConvolutionStep.Square(_map, _row, _column);
    }

    private void Choose(int place) => _chosen = place;

    private void ChooseOwn(int place) => _own = Math.Clamp(place, 0, _learned.Count - 1);

    private void ShowImage(int index) => _index = index;

    private void Pin(int row, int column)
    {
        _pinned = (_row, _column) = (Math.Clamp(row, 0, _image.Side - 1), Math.Clamp(column, 0, _image.Side - 1));
        Calculate();
    }

    private void Key(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowLeft": Pin(_row, _column - 1); break;
            case "ArrowRight": Pin(_row, _column + 1); break;
            case "ArrowUp": Pin(_row - 1, _column); break;
            case "ArrowDown": Pin(_row + 1, _column); break;
        }
    }

    private string Text(float value) => Numbers.Text(value, _kernel.Standardised ? 2 : WeightDigits == 0 ? 0 : 1);
}
