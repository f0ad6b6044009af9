using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>Speed and time left, reported about twice a second.</summary>
/// <param name="total">Steps, or images while evaluating.</param>
/// <param name="imagesEach">Images in one of them.</param>
/// <param name="left">Goes on from one stage to the next.</param>
internal sealed class ProgressMeter(string stage, int total, int imagesEach, TimeLeft left, Action<TrainingEvent> report, TimeProvider clock)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(0.5);

    // Long enough that a validation figure every few steps does not make the speed jump.
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);

    private readonly Queue<(int Done, long Time)> _recent = new();
    private long _reported;

    /// <param name="done">Of the total. The first call starts the clock.</param>
    /// <param name="now">Report whatever the time since the last report.</param>
    public void At(int done, bool now = false)
    {
        var time = clock.GetTimestamp();
        if (_recent.Count > 0 && !now && clock.GetElapsedTime(_reported, time) < s_interval) return;

        _recent.Enqueue((done, time));
        while (_recent.Count > 2 && clock.GetElapsedTime(_recent.Peek().Time, time) > s_window) _recent.Dequeue();
        _reported = time;

        var (earlier, since) = _recent.Peek();
        var seconds = clock.GetElapsedTime(since, time).TotalSeconds;
        report(new ProgressReported(stage, done, total, seconds > 0 ? (done - earlier) * imagesEach / seconds : 0, left.Seconds()));
    }
}
