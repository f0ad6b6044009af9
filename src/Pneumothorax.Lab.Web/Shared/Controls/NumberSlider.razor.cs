using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Web.Shared.Controls;

/// <summary>
/// One number, set in any way a hand prefers: dragged, typed, stepped by buttons, arrow keys or PageUp and PageDown.
/// Native inputs, since a screen reader and a thumb know them; js/shell.js thins out drag events.
/// </summary>
public sealed partial class NumberSlider
{
    private readonly string _id = $"dial-{Guid.NewGuid():N}";
    private int _place;
    private double _dragged = double.NaN;
    private string? _typed;
    private string? _problem;
    private double _refusedAt;

    /// <summary>What is set, in the glossary's word.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>A few quieter words after the label.</summary>
    [Parameter]
    public string? Hint { get; set; }

    [Parameter, EditorRequired]
    public double Value { get; set; }

    /// <summary>Called with values of the scale only, between <see cref="Min"/> and <see cref="Max"/>.</summary>
    [Parameter]
    public EventCallback<double> ValueChanged { get; set; }

    /// <summary>Called with a sentence when what stands in the box cannot be taken over, and with null once it no longer stands there.</summary>
    [Parameter]
    public EventCallback<string?> ProblemChanged { get; set; }

    [Parameter, EditorRequired]
    public double Min { get; set; }

    [Parameter, EditorRequired]
    public double Max { get; set; }

    /// <summary>Distance of neighbouring values. On a logarithmic scale 1 keeps to whole numbers, and the buttons go 1, 2, 5, 10.</summary>
    [Parameter]
    public double Step { get; set; } = 1;

    /// <summary>.NET number format, such as "0.00" or "0 %" (which shows 0.05 as "5 %" and reads it back).</summary>
    [Parameter]
    public string Format { get; set; } = "#,##0.######";

    /// <summary>Equal ways on the slider multiply by equal factors; <see cref="Min"/> must be above 0.</summary>
    [Parameter]
    public bool Logarithmic { get; set; }

    /// <summary>Writes both ends of the scale under the slider.</summary>
    [Parameter]
    public bool ShowEnds { get; set; }

    /// <summary>Words for the low end, such as "1 in 1,000".</summary>
    [Parameter]
    public string? MinText { get; set; }

    /// <summary>Words for the high end.</summary>
    [Parameter]
    public string? MaxText { get; set; }

    /// <summary>What the reader changed, such as "was 0.05"; shown in the accent colour with a dot.</summary>
    [Parameter]
    public string? Mark { get; set; }

    /// <summary>A sentence under the slider.</summary>
    [Parameter]
    public string? Note { get; set; }

    /// <summary>Arrows for going through things, in place of minus and plus.</summary>
    [Parameter]
    public bool Arrows { get; set; }

    /// <summary>Label, slider and box in one line, for the foot of a chart.</summary>
    [Parameter]
    public bool Inline { get; set; }

    /// <summary>What PageUp and PageDown add; ten steps unless given.</summary>
    [Parameter]
    public double? Page { get; set; }

    /// <summary>The only values, rising, where they are not evenly spaced: the slider has one place for each, and a typed number goes to the nearest.</summary>
    [Parameter]
    public IReadOnlyList<double>? Values { get; set; }

    /// <summary>What the buttons and the up and down keys do to a value, where that is not one <see cref="Step"/>; the flag means up.</summary>
    [Parameter]
    public Func<double, bool, double>? Next { get; set; }

    /// <summary>What PageUp and PageDown do to a value, where that is not to add <see cref="Page"/>; the flag means up.</summary>
    [Parameter]
    public Func<double, bool, double>? NextPage { get; set; }

    private NumberSliderScale Scale => new(Min, Math.Max(Max, Min + (Logarithmic ? Min : Step)), Step, Logarithmic, Values is { Count: > 0 } ? Values : null);

    private string Shown => _typed ?? Text(Value);

    private int Digits => Math.Clamp(Math.Max(Text(Value).Length, Text(Max).Length), 3, 9);

    private bool IsPercent => Format.Contains('%', StringComparison.Ordinal);

    private bool IsWhole => Step >= 1;

    protected override async Task OnParametersSetAsync()
    {
        // Rounding a dragged place to a value and back could move the thumb under the finger: keep the place of our own value.
        if (Value != _dragged) _place = Scale.PlaceOf(Value);
        if (_problem is null) _typed = null;
        // Set from elsewhere meanwhile: what was typed before that is no longer asked for.
        else if (Value != _refusedAt) await ForgetProblemAsync();
    }

    private string Text(double value) => value.ToString(Format, CultureInfo.InvariantCulture);

    /// <returns>Without the zeros that keep the box steady: the scale ends at 1, not at 1.00.</returns>
    private string EndText(double value) => IsPercent ? Text(value) : value.ToString("#,##0.######", CultureInfo.InvariantCulture);

    private Task DragAsync(int place)
    {
        _place = place;
        _dragged = Scale.ValueAt(place);
        return SetAsync(_dragged);
    }

    private Task StepAsync(bool up) => SetAsync(Next is null ? Scale.Next(Value, up) : Next(Value, up));

    private Task KeyAsync(KeyboardEventArgs key) => key.Key switch
    {
        "ArrowUp" => StepAsync(true),
        "ArrowDown" => StepAsync(false),
        _ => PageAsync(key),
    };

    private Task PageAsync(KeyboardEventArgs key) => key.Key switch
    {
        "PageUp" => SetAsync(Leap(true)),
        "PageDown" => SetAsync(Leap(false)),
        _ => Task.CompletedTask,
    };

    private double Leap(bool up)
    {
        if (NextPage is not null) return NextPage(Value, up);
        if (Values is { Count: > 0 }) return Scale.ValueAt(Scale.PlaceOf(Value) + (int)(Page ?? 10) * (up ? 1 : -1));
        var page = Page ?? 10 * Step;
        return Logarithmic ? Scale.Round(up ? Value * 10 : Value / 10) : Scale.Round(Value + (up ? page : -page));
    }

    private async Task TypeAsync(ChangeEventArgs change)
    {
        var typed = change.Value as string ?? "";
        // A typed logarithmic value is taken exactly: who types 0.0123 means it.
        double Taken(double wanted) => Logarithmic ? wanted : Scale.Round(wanted);
        var reading = IsPercent ? NumberText.ReadShare(typed, Min, Max) : IsWhole ? NumberText.ReadWhole(typed) : NumberText.Read(typed);
        if (reading.Value is not { } number)
        {
            await RefuseAsync(typed, reading.Problem is { } problem ? $"{Label}: {problem}" : $"{Label} is a {(IsWhole ? "whole " : "")}number from {Text(Min)} to {Text(Max)}.");
        }
        else if (number < Min || number > Max)
        {
            await RefuseAsync(typed, $"{Label} must be from {Text(Min)} to {Text(Max)}.");
        }
        else if (Values is null && Math.Abs(Taken(number) - number) > 0.5 * Math.Abs(number))
        {
            await RefuseAsync(typed, $"{Label} goes in steps of {Plain(Step)}, so {Plain(number)} would become {Plain(Taken(number))}.");
        }
        else
        {
            await SetAsync(Taken(number));
        }
    }

    private string Plain(double value) => IsPercent ? $"{NumberText.Plain(100 * value)} %" : NumberText.Plain(value);

    private Task RefuseAsync(string typed, string problem)
    {
        (_typed, _problem, _refusedAt) = (typed, problem, Value);
        return ProblemChanged.InvokeAsync(problem);
    }

    private async Task SetAsync(double value)
    {
        await ForgetProblemAsync();
        if (value != Value) await ValueChanged.InvokeAsync(value);
    }

    private Task ForgetProblemAsync()
    {
        var hadProblem = _problem is not null;
        (_typed, _problem) = (null, null);
        return hadProblem ? ProblemChanged.InvokeAsync(null) : Task.CompletedTask;
    }
}
