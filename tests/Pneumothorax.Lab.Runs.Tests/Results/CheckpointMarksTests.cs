using FsCheck;
using FsCheck.Xunit;
using Pneumothorax.Lab.Runs.Results;

namespace Pneumothorax.Lab.Runs.Tests.Results;

public sealed class CheckpointMarksTests
{
    [Fact]
    public void Of_ARunHalfDone_MarksSavedAndComing()
    {
        var marks = CheckpointMarks.Of([100, 200], step: 250, steps: 500, every: 100);

        Assert.Equal([(100, true), (200, true), (300, false), (400, false)], marks.Select(mark => (mark.Step, mark.Saved)));
    }

    [Property]
    public bool Of_AnyRun_HasRoomBetweenItsMarks(PositiveInt steps, PositiveInt every, NonNegativeInt done)
    {
        var step = Math.Min(done.Get, steps.Get);
        var saved = Enumerable.Range(1, step / every.Get).Select(i => i * every.Get).ToList();

        var marks = CheckpointMarks.Of(saved, step, steps.Get, every.Get);

        return marks.Zip(marks.Skip(1)).All(pair => pair.Second.Share - pair.First.Share > 0.016)
            && marks.All(mark => mark.Share is > 0 and < 1);
    }

    [Fact]
    public void Of_AMillionSteps_StaysShort() => Assert.InRange(CheckpointMarks.Of([], 0, 1_000_000, 1).Count, 50, 60);
}
