using Bunit;
using Pneumothorax.Lab.Evaluation.Recording;
using Pneumothorax.Lab.Experiments.Recording;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Runs;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Tests.Training;
using TestContext = Xunit.TestContext;

namespace Pneumothorax.Lab.Web.Tests.Recordings;

public sealed class RunRecordingsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task RunWithoutRecording_SaysSoAndHowToSwitchItOn()
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync();
        await lab.EndAsync(run, RunState.Completed);

        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));

        page.WaitForAssertion(() => Assert.Contains("recorded neither maps nor distributions", page.Find(".recordings").TextContent), s_patience);
        Assert.Equal($"/runs/new?from={run.Id}", page.Find(".recordings a").GetAttribute("href"));
    }

    [Fact]
    public async Task RunThatRecords_ShowsItsMomentsAsTheyComeAndKeepsTheChosenOne()
    {
        await using var lab = await PageLab.OpenAsync("""
            echo '{"event":"started","fromStep":0,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'
            while [ ! -e go ]; do sleep 0.05; done
            cat more >> recordings.jsonl
            echo '{"event":"metrics","points":[{"step":2,"series":"train/loss","value":0.69}]}'
            while [ ! -e end ]; do sleep 0.05; done
            """);
        var run = await lab.LaunchAsync(hyperparameters: new() { Steps = 20, RecordImages = true, RecordDistributions = true });
        var folder = lab.Store.FolderOf(run);
        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));
        page.WaitForAssertion(() => Assert.Contains("Running", page.Find(".head").TextContent), s_patience);
        page.WaitForAssertion(() => Assert.Contains("The first maps appear here with the first step.", page.Markup), s_patience);

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "more"), Moment(0).Line() + Moment(1).Line() + Moment(2).Line()[..40], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "go"), "", TestContext.Current.CancellationToken);

        page.WaitForAssertion(() => Assert.Equal("1", page.Find(".recordings .dial-number").GetAttribute("value")), s_patience);
        Assert.Contains("says 0.10", page.Find(".recordings .film").TextContent);
        page.Find(".recordings .dial-number").Change("0");
        page.WaitForAssertion(() => Assert.Contains("says 0.00", page.Find(".recordings .film").TextContent), s_patience);
        Assert.Equal(2, page.FindAll(".recordings .four ~ details tbody tr").Count);
        Assert.Equal(["Dense layer", "Block 1, first convolution"], page.FindAll(".recordings select option").Select(option => option.TextContent));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "end"), "", TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Ridges_OfASpreadThatNarrows_RiseWhileTheirAreaStays()
    {
        var ridges = Ridges.Of([null, new(1000, 0, 1, [-2, -1, 0, 1, 2]), new(1000, 0, 0.5, [-1, -0.5f, 0, 0.5f, 1])])!;

        Assert.Equal("", ridges.Outlines[0]);
        var (wide, narrow) = (Peak(ridges, 1), Peak(ridges, 2));
        Assert.Equal(2, narrow / wide, 0.15);
        Assert.Equal(50, ridges.Zero!.Value, 0.001);
    }

    [Fact]
    public void Ridges_OfWeightsThatAreAllTheSame_AreOneSpike()
    {
        var ridges = Ridges.Of([new(9, 0, 0, [0, 0, 0])])!;

        Assert.Equal((-1, 1), (ridges.Low, ridges.High));
        Assert.True(Peak(ridges, 0) > 50);
        Assert.Null(Ridges.Of([null, null]));
    }

    private static double Peak(Ridges ridges, int row) => Ridges.Peak + Ridges.Row * row
        - ridges.Outlines[row].Split('L').Skip(1).Min(point => double.Parse(point.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));

    private static RecordedMoment Moment(int step) => new()
    {
        Step = step,
        Maps = new("validation", 2, [new(3, 0.1 * step, [0.5f, -1, 2, 0]), new(4, 0.5, [0, 0, 0, -1])]),
        Layers = [new("classifier", new(4, 0, 1, [-1, 0, 1]), null), new("blocks.0.first", new(4, 0, 1, [-1, 0, 1]), new(4, 0, 1, [-1, 0, 1]))],
    };
}
