using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Classroom.Guide.Figures;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Web.Guide.Pictures;

/// <summary>The map of a test image as a running sum, channel by channel, until it is the stored map.</summary>
public sealed partial class CamSumPicture
{
    private GuideModel? _model;
    private CamSum? _sum;
    private double[]? _values;
    private int _index;
    private MapTarget _target = MapTarget.Difference;
    private int _parts = 3;
    private double _mean;
    private float _highest;
    private float _top;
    private string _sumPicture = "";
    private IReadOnlyList<string> _maps = [];

    /// <summary>The test image shown first, or the nearest that is kept with its feature maps.</summary>
    [Parameter]
    public int Index { get; set; }

    private string Progress => _parts switch
    {
        0 => "Nothing added yet",
        1 => "1 channel",
        _ when _parts == _sum!.Parts => "All channels",
        _ => $"{_parts} channels",
    };

    private void Take(GuideModel model)
    {
        if (_model == model) return;
        _model = model;
        _values = [.. model.WithFeatures.Order().Select(index => (double)index)];
        if (_values.Length == 0)
        {
            _sum = null;
            return;
        }
        _index = (int)_values.MinBy(value => Math.Abs(value - (_sum is null ? Index : _index)));
        Build();
    }

    private void ShowImage(int index)
    {
        _index = index;
        Build();
    }

    private void ShowTarget(MapTarget target)
    {
        _target = target;
        Build();
    }

    private void Show(int parts)
    {
        _parts = parts;
        var map = _sum!.After(parts);
        (_mean, _highest) = (CamSum.MeanOf(map), map.Max());
        _sumPicture = Picture(map, -_top, _top, ColourMap.TwoSided);
    }

    private void Build()
    {
        var file = _model!.Evaluation.File;
        _sum = new(file, _index, _target);
        // One scale on the whole way, so that a step never changes the colour of what was there before.
        _top = Enumerable.Range(1, _sum.Parts).Max(parts => _sum.After(parts).Max(Math.Abs));
        var maps = _sum.Strongest.Select(term => _sum.Map(term.Channel)).ToList();
        var white = maps.Max(map => map.Max());
        _maps = [.. maps.Select(map => Picture(map, 0, white, ColourMap.Grey))];
        Show(Math.Min(_parts, _sum.Parts));
    }

    private string Picture(float[] map, float low, float high, ColourMap colours)
    {
        var side = _model!.Evaluation.File.MapSize;
        return "data:image/png;base64," + Convert.ToBase64String(new MapRenderer(colours, new(low, high)) { Interpolation = InterpolationMode.Nearest }.Png(map, side, side));
    }
}
