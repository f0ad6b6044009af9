using Pneumothorax.Lab.Learning.Training;

namespace Pneumothorax.Lab.Learning.Tests.Training;

public sealed class WorkPaceTests
{
    [Fact]
    public void SecondsEach_StepsOfChangingLength_HardlyMoves()
    {
        var pace = new WorkPace();
        Assert.Null(pace.SecondsEach());
        List<double> told = [];
        for (var step = 1; step <= 200; step++)
        {
            // A second on the average; every tenth one has a busy neighbour.
            pace.Add(1, step % 10 == 0 ? 5.5 : 0.5);
            // After fifty seconds; before, there is little to average over.
            if (step > 50) told.Add(100 * pace.SecondsEach()!.Value);
        }

        Assert.All(told, seconds => Assert.InRange(seconds, 80, 125));
    }

    [Fact]
    public void SecondsEach_AHostThatBecomesBusy_FollowsWithinMinutes()
    {
        var pace = new WorkPace();
        for (var step = 0; step < 300; step++) pace.Add(1, 1);
        for (var step = 0; step < 120; step++) pace.Add(1, 2);

        Assert.InRange(100 * pace.SecondsEach()!.Value, 180, 200);
    }

    [Fact]
    public void SecondsEach_OneStepInWhichTheMachineStoodStill_IsHardlyFelt()
    {
        var pace = new WorkPace();
        for (var step = 0; step < 60; step++) pace.Add(1, step == 50 ? 60 : 1);

        Assert.InRange(pace.SecondsEach()!.Value, 1, 1.2);
    }
}
