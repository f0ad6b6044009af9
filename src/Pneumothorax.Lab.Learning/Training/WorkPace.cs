namespace Pneumothorax.Lab.Learning.Training;

/// <summary>
/// How fast a run's work goes, smoothed: the newest minutes count most. A single slow step, a validation figure or another program's
/// busy second shall not make the time left jump.
/// </summary>
internal sealed class WorkPace(TimeProvider clock)
{
    /// <summary>The memory grows with what there is to remember, up to this.</summary>
    private const double LongestMemory = 120, ShortestMemory = 10;

    private double _work;
    private double _seconds;
    private double _total;
    private int _parts;
    private long? _at;

    /// <summary>Starts the clock, or starts it again after something that is not to be counted.</summary>
    public void Start() => _at = clock.GetTimestamp();

    /// <summary>So much was done since the last call.</summary>
    public void Add(double work)
    {
        var now = clock.GetTimestamp();
        var passed = _at is { } before ? clock.GetElapsedTime(before, now).TotalSeconds : 0;
        _at = now;
        if (passed <= 0 || work <= 0) return;

        // In the first step libraries choose their algorithms and memory is touched for the first time: it counts only as long as it is all there is.
        var kept = ++_parts <= 2 ? 0 : Math.Exp(-passed / Math.Clamp(_total / 2, ShortestMemory, LongestMemory));
        (_work, _seconds, _total) = (_work * kept + work, _seconds * kept + passed, _total + passed);
    }

    /// <returns>Null before anything was done.</returns>
    public double? SecondsFor(double work) => _work > 0 ? Math.Max(0, work) * _seconds / _work : null;
}
