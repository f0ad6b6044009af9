using Pneumothorax.Lab.Learning.Training;

namespace Pneumothorax.Lab.Learning.Tests.Training;

public sealed class WorkPaceTests
{
    private readonly SetClock _clock = new();

    [Fact]
    public void SecondsFor_StepsOfChangingLength_HardlyMoves()
    {
        var pace = new WorkPace(_clock);
        Assert.Null(pace.SecondsFor(1));
        pace.Start();
        List<double> told = [];
        for (var step = 1; step <= 200; step++)
        {
            // A second on the average; every tenth one has a validation figure or a busy neighbour.
            Do(pace, step % 10 == 0 ? 5.5 : 0.5);
            // After fifty seconds; before, there is little to average over.
            if (step > 50) told.Add(pace.SecondsFor(100)!.Value);
        }

        Assert.All(told, seconds => Assert.InRange(seconds, 80, 125));
    }

    [Fact]
    public void SecondsFor_AHostThatBecomesBusy_FollowsWithinMinutes()
    {
        var pace = new WorkPace(_clock);
        pace.Start();
        for (var step = 0; step < 300; step++) Do(pace, 1);
        for (var step = 0; step < 120; step++) Do(pace, 2);

        Assert.InRange(pace.SecondsFor(100)!.Value, 180, 200);
    }

    [Fact]
    public void SecondsFor_AFirstStepThatTakesLong_ForgetsItAfterTheNext()
    {
        var pace = new WorkPace(_clock);
        pace.Start();
        Do(pace, 30);
        Assert.Equal(300, pace.SecondsFor(10));
        Do(pace, 1);

        Assert.Equal(10, pace.SecondsFor(10));
    }

    private void Do(WorkPace pace, double seconds)
    {
        _clock.Pass(seconds);
        pace.Add(1);
    }

    private sealed class SetClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now;

        public void Pass(double seconds) => _now += (long)(1000 * seconds);
    }
}
