using Pneumothorax.Lab.Evaluation.Comparison;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Comparison;

public sealed class TrainingTimesTests : IDisposable
{
    private readonly RunFolder _folder = new(Directory.CreateTempSubdirectory("lab-times-").FullName);

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    private TrainingTimes Read()
    {
        var times = new TrainingTimes(_folder);
        times.Refresh();
        return times;
    }

    [Fact]
    public void OneStart_CountsFromItsBeginning()
    {
        EventFileSample.Write(_folder, 1_700_000_000, (0, 0), (1, 0.5), (200, 10.5), (300, 20));
        var times = Read();

        Assert.Equal(0.5, times.SecondsAt(1)!.Value, 3);
        Assert.Equal(10.5, times.SecondsAt(200)!.Value, 3);
        Assert.Equal(15.25, times.SecondsAt(250)!.Value, 3);
        Assert.Null(times.SecondsAt(301));
        Assert.Equal(250, times.StepAt(15.25), 3);
    }

    [Fact]
    public void TwoStarts_LeaveOutThePauseAndTheStepsThatWereLost()
    {
        EventFileSample.Write(_folder, 1_700_000_000, (0, 0), (100, 10), (150, 15));
        // An hour later it goes on from the checkpoint of step 100.
        EventFileSample.Write(_folder, 1_700_003_600, (100, 0), (150, 6), (200, 11));
        var times = Read();

        Assert.Equal(10, times.SecondsAt(100)!.Value, 3);
        Assert.Equal(16, times.SecondsAt(150)!.Value, 3);
        Assert.Equal(21, times.SecondsAt(200)!.Value, 3);
    }

    [Fact]
    public void GrowingFile_IsReadOn_AndHalfAnEventWaits()
    {
        var path = EventFileSample.Write(_folder, 1_700_000_000, (0, 0), (100, 10), (200, 20));
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..^9]);
        var times = Read();
        Assert.Equal(100, times.LastStep);

        File.WriteAllBytes(path, whole);
        times.Refresh();
        Assert.Equal(20, times.SecondsAt(200)!.Value, 3);
    }

    [Fact]
    public void ManySteps_AreReadBetweenTheKeptTimes()
    {
        EventFileSample.Write(_folder, 1_700_000_000, [(0, 0), .. Enumerable.Range(1, 100_000).Select(step => (step, step / 1000.0))]);
        var times = Read();

        Assert.Equal(50, times.SecondsAt(50_000)!.Value, 0.001);
        Assert.Equal(12.345, times.SecondsAt(12_345)!.Value, 0.001);
    }

    [Fact]
    public void NoEvents_NoTimes()
    {
        Assert.False(Read().IsKnown);
        Directory.CreateDirectory(_folder.TensorBoardPath);
        File.WriteAllBytes(Path.Combine(_folder.TensorBoardPath, "events.out.tfevents.1.0000.lab"), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
        Assert.False(Read().IsKnown);
        Assert.Null(Read().SecondsAt(1));
    }
}
