using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>
/// How long a run still takes, from what it has done itself: steps, validation figures, checkpoints and evaluation each have a pace of their own,
/// and the first two steps, in which libraries choose their algorithms, none. What is told follows the estimate smoothly.
/// </summary>
/// <param name="network">With its variations.</param>
/// <param name="images">Of the data set.</param>
internal sealed class TimeLeft(NetworkSpec network, Hyperparameters hyperparameters, SplitSizes images, TimeProvider clock)
{
    /// <summary>Laps that warm up: up to eight times as long as any later one.</summary>
    private const int WarmUp = 2;

    /// <summary>Laps after those that it takes to tell anything.</summary>
    private const int LeastPieces = 2;

    /// <summary>The first figure warms up as well; the share of its time that a later one takes.</summary>
    private const double FirstFigure = 0.75;

    /// <summary>Figures that say by how much a forward pass differs from its share of the work.</summary>
    private const int MostRatios = 9;

    /// <summary>The evaluation's pace begins as if so many seconds of it had gone as the training foretells.</summary>
    private const double TrustInTraining = 10;

    /// <summary>What is told goes towards a new estimate over this share of the time that the run has taken, within the bounds, in seconds.</summary>
    private const double SmoothedOver = 0.1, LeastSmoothing = 3, MostSmoothing = 15;

    /// <summary>No report differs by a larger share from what the one before let expect, or of a few seconds where only those are left.</summary>
    private const double MostChange = 0.2, FewSeconds = 5;

    private readonly WorkPace _steps = new();
    private readonly Queue<double> _ratios = new();
    private (double Seconds, int Count) _saving;
    private double _evaluationSeconds, _evaluationWork;
    private long? _at, _began;
    private int _laps, _step, _evaluated;
    private bool _evaluates;
    private (double Seconds, long At)? _told;

    /// <summary>Starts the clock, or starts it again after something that is not to be counted.</summary>
    /// <param name="step">The run has got so far.</param>
    public void Start(int step)
    {
        _step = step;
        Lap();
    }

    /// <summary>The steps up to this one are done, and the device has ended them.</summary>
    public void Stepped(int step)
    {
        var seconds = Lap();
        var steps = step - _step;
        _step = step;
        if (++_laps > WarmUp) _steps.Add(steps * StepWork, seconds);
    }

    /// <summary>A validation figure was taken.</summary>
    public void Validated()
    {
        var seconds = Lap();
        if (_steps.SecondsEach() is not { } pace || FigureWork == 0) return;
        _ratios.Enqueue(seconds / FigureWork / pace * (_ratios.Count == 0 ? FirstFigure : 1));
        if (_ratios.Count > MostRatios) _ratios.Dequeue();
    }

    /// <summary>A checkpoint was saved.</summary>
    public void Saved() => _saving = (_saving.Seconds + Lap(), _saving.Count + 1);

    /// <summary>So many images have passed the network since the last step; the first call starts the clock again.</summary>
    public void Evaluated(int done)
    {
        var seconds = Lap();
        if (_evaluates && done > _evaluated) (_evaluationSeconds, _evaluationWork) = (_evaluationSeconds + seconds, _evaluationWork + (double)(done - _evaluated) * network.MultiplyAdds);
        (_evaluates, _evaluated) = (true, Math.Max(_evaluated, done));
    }

    /// <summary>To be asked when it is told: what is told next depends on it.</summary>
    /// <returns>Null while too little has been done to tell.</returns>
    public double? Seconds()
    {
        if (Estimate() is not { } estimate) return null;
        var now = clock.GetTimestamp();
        if (_told is not { } told)
        {
            _told = (estimate, now);
            return estimate;
        }
        var passed = clock.GetElapsedTime(told.At, now).TotalSeconds;
        var expected = Math.Max(0, told.Seconds - passed);
        var over = Math.Clamp(SmoothedOver * clock.GetElapsedTime(_began ?? now, now).TotalSeconds, LeastSmoothing, MostSmoothing);
        var next = expected + (estimate - expected) * (1 - Math.Exp(-passed / over));
        var most = MostChange * Math.Max(expected, FewSeconds);
        next = Math.Clamp(next, expected - most, expected + most);
        _told = (next, now);
        return next;
    }

    private double StepWork => (double)hyperparameters.BatchSize * network.TrainingMultiplyAdds;

    private double FigureWork => (double)Math.Min(images.Validation, RunWork.ValidationSample) * network.MultiplyAdds;

    private double? Estimate()
    {
        var work = (double)(RunWork.EvaluatedImages(images) - _evaluated) * network.MultiplyAdds;
        var training = _steps.Pieces >= LeastPieces ? _steps.SecondsEach() : null;
        var forward = training * Forward();
        if (_evaluates)
        {
            // What the training foretells fades as the evaluation goes on.
            var foretold = forward * RunWork.EvaluationCost / RunWork.ForwardCost is > 0 and { } pace ? (Seconds: TrustInTraining, Work: TrustInTraining / pace) : default;
            var known = foretold.Work + _evaluationWork;
            return known > 0 ? work * (foretold.Seconds + _evaluationSeconds) / known : null;
        }
        if (training is null) return null;
        var (steps, all) = (_step, hyperparameters.Steps);
        var figures = all / Math.Max(1, hyperparameters.ValidationEvery) - steps / Math.Max(1, hyperparameters.ValidationEvery);
        var checkpoints = all / Math.Max(1, hyperparameters.CheckpointEvery) - steps / Math.Max(1, hyperparameters.CheckpointEvery);
        return (all - steps) * StepWork * training + (figures * FigureWork + work * RunWork.EvaluationCost / RunWork.ForwardCost) * forward
            + (_saving.Count == 0 ? 0 : checkpoints * _saving.Seconds / _saving.Count);
    }

    /// <returns>How much longer a unit of forward work takes than one of training: what is usual, until figures tell.</returns>
    private double Forward()
    {
        double[] rising = [.. _ratios.Append(RunWork.ForwardCost).Order()];
        return (rising[(rising.Length - 1) / 2] + rising[rising.Length / 2]) / 2;
    }

    /// <returns>Seconds since the lap before.</returns>
    private double Lap()
    {
        var now = clock.GetTimestamp();
        var seconds = _at is { } before ? clock.GetElapsedTime(before, now).TotalSeconds : 0;
        (_at, _began) = (now, _began ?? now);
        return seconds;
    }
}
