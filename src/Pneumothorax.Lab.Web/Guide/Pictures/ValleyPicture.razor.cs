using System.Globalization;
using System.Text;
using Microsoft.JSInterop;
using Pneumothorax.Lab.Classroom.Guide.Figures;

namespace Pneumothorax.Lab.Web.Guide.Pictures;

/// <summary>Plain steps, momentum and Nesterov's variant side by side, with the learning rate and the momentum as dials.</summary>
public sealed partial class ValleyPicture(IJSRuntime js, TimeProvider clock) : IDisposable
{
    private const int Steps = 80;
    private const double ExerciseRate = 0.05;
    private const double ExerciseMomentum = 0.9;
    private const int Width = 720;
    private const int Height = 300;

    // What is in sight: a little more than the start.
    private const double ReachX = 10.5;
    private const double ReachY = 1.25;
    private const double s_scaleX = Width / 2.0 / ReachX;
    private const double s_scaleY = Height / 2.0 / ReachY;

    private static readonly double[] s_levels = [0.05, 0.4, 1.2, 2.5, 4.5, 7.5, 11];

    private readonly CancellationTokenSource _leave = new();
    private double _rate = ExerciseRate;
    private double _momentum = ExerciseMomentum;
    private int _step = 20;
    private bool _playing;
    private IReadOnlyList<Walk> _walks = [];

    private sealed record Walk(StepRule Rule, IReadOnlyList<ValleyPoint> Path);

    private string Alternative => $"The loss seen from above with three paths of {_step} steps at a learning rate of {_rate.ToString(CultureInfo.InvariantCulture)}. The table below lists their losses.";

    private string Verdict
    {
        get
        {
            var lost = _walks.Where(walk => _rate >= Valley.LargestRate(walk.Rule, _momentum)).Select(walk => Title(walk.Rule)).ToList();
            if (lost.Count == _walks.Count) return "All three climb out of the valley: every step ends higher on the other side. This is how a loss becomes infinite.";
            if (lost.Count > 0) return $"{string.Join(" and ", lost)} climb{(lost.Count == 1 ? "s" : "")} out of the valley at this rate; the others still go down.";
            var best = _walks.MinBy(walk => walk.Path[Steps].Loss)!;
            return $"All three go down. After {Steps} steps {Title(best.Rule)} is lowest, at {Loss(best.Path[Steps])}.";
        }
    }

    protected override void OnInitialized() => Calculate();

    public void Dispose()
    {
        _leave.Cancel();
        _leave.Dispose();
    }

    private void Calculate() =>
        _walks = [.. Enum.GetValues<StepRule>().Select(rule => new Walk(rule, Valley.Path(rule, _rate, _momentum, Steps)))];

    private void SetRate(double rate)
    {
        _rate = rate;
        Calculate();
    }

    private void SetMomentum(double momentum)
    {
        _momentum = momentum;
        Calculate();
    }

    private void SetStep(double step)
    {
        _playing = false;
        _step = (int)step;
    }

    private void Reset()
    {
        (_rate, _momentum, _step, _playing) = (ExerciseRate, ExerciseMomentum, 20, false);
        Calculate();
    }

    private async Task PlayAsync()
    {
        if (_playing)
        {
            _playing = false;
            return;
        }
        // Who asked for less motion gets the end at once; the step dial shows the way.
        if (await js.InvokeAsync<bool>("lab.prefersStill"))
        {
            _step = Steps;
            return;
        }
        if (_step == Steps) _step = 0;
        _playing = true;
        try
        {
            while (_playing && _step < Steps)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(110), clock, _leave.Token);
                if (!_playing) return;
                _step++;
                StateHasChanged();
            }
            _playing = false;
        }
        catch (OperationCanceledException)
        {
            // The reader has left.
        }
    }

    private static double X(double x) => Width / 2.0 + x * s_scaleX;

    private static double Y(double y) => Height / 2.0 - y * s_scaleY;

    private static bool InSight(ValleyPoint point) => Math.Abs(point.X) <= ReachX && Math.Abs(point.Y) <= ReachY;

    private string Line(Walk walk)
    {
        var line = new StringBuilder();
        foreach (var point in walk.Path.Take(_step + 1))
        {
            line.Append(line.Length == 0 ? 'M' : 'L').Append(Numbers.Place(X(Math.Clamp(point.X, -20, 20)))).Append(' ').Append(Numbers.Place(Y(Math.Clamp(point.Y, -4, 4))));
            if (!InSight(point)) break;      // it has left the picture
        }
        return line.ToString();
    }

    private static string Mark(StepRule rule, ValleyPoint point) => Shape(rule, X(point.X), Y(point.Y));

    private static string Shape(StepRule rule, double x, double y) => rule switch
    {
        StepRule.Plain => FormattableString.Invariant($"M{x - 6:0.##} {y:0.##}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z"),
        StepRule.Momentum => FormattableString.Invariant($"M{x - 5.5:0.##} {y - 5.5:0.##}h11v11h-11z"),
        _ => FormattableString.Invariant($"M{x:0.##} {y - 7:0.##}l7 12h-14z"),
    };

    private static string Title(StepRule rule) => rule switch
    {
        StepRule.Plain => "Plain steps",
        StepRule.Momentum => "Momentum",
        _ => "Nesterov",
    };

    private static string Loss(ValleyPoint point) => point.Loss switch
    {
        >= 1e6 or double.NaN => "over a million",
        >= 100 => point.Loss.ToString("#,##0", CultureInfo.InvariantCulture),
        >= 0.001 => point.Loss.ToString("0.000", CultureInfo.InvariantCulture),
        _ => "under 0.001",
    };
}
