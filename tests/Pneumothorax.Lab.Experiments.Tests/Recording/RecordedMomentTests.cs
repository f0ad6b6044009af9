using Pneumothorax.Lab.Experiments.Recording;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Tests.Recording;

public sealed class RecordedMomentTests : IDisposable
{
    private readonly RunFolder _folder = new(Directory.CreateTempSubdirectory("lab-recording-").FullName);

    [Fact]
    public void ReadRecordings_FileCutShortAnywhere_ReadsUpToTheCut()
    {
        var moments = Enumerable.Range(0, 4).Select(Moment).ToList();
        var whole = string.Concat(moments.Select(moment => moment.Line()));
        var first = moments[0].Line().Length;

        for (var length = first; length < whole.Length - 1; length += 7)
        {
            File.WriteAllText(_folder.RecordingsPath, whole[..length]);

            var read = _folder.ReadRecordings();

            Assert.Equal(Enumerable.Range(0, read.Count), read.Select(moment => moment.Step));
            Assert.InRange(length - read.Sum(moment => moment.Line().Length), -1, first + 2);
        }
    }

    [Fact]
    public void CutRecordings_AfterAStep_KeepsWhatIsBeforeAndDropsHalfALine()
    {
        File.WriteAllText(_folder.RecordingsPath, Moment(0).Line() + Moment(10).Line() + Moment(20).Line() + "{\"step\":30");

        _folder.CutRecordings(afterStep: 10);

        Assert.Equal(Moment(0).Line() + Moment(10).Line(), File.ReadAllText(_folder.RecordingsPath));
    }

    [Fact]
    public void Parse_MapsOfBefore_AreOfClassOne_AndNewOnesSayWhatTheyExplain()
    {
        const string before = "{\"step\":1,\"maps\":{\"split\":\"validation\",\"side\":1,\"images\":[{\"index\":0,\"probability\":0.5,\"map\":[1]}]}}";
        var moment = RecordedMoment.Parse(before)!;

        Assert.Equal(MapTarget.Pneumothorax, moment.Maps!.Target);
        var now = moment with { Maps = moment.Maps with { Target = MapTarget.Difference } };
        Assert.Equal(MapTarget.Difference, RecordedMoment.Parse(now.Line())!.Maps!.Target);
    }

    [Fact]
    public void Targets_OfMapsWithBothClasses_AreAllThree_ElseTheOneThatIsThere()
    {
        RecordedImage both = new(3, 0.25, Map: [0.5f, -1, 2, 0], HasMap: [1, 2, 3, -4]);
        RecordedMaps maps = new("validation", 2, [both], MapTarget.Difference);
        var read = RecordedMoment.Parse(new RecordedMoment { Step = 1, Maps = maps }.Line())!.Maps!;

        Assert.Equal(MapTargets.All, read.Targets());
        Assert.Equal(both.Map, read.MapOf(read.Images[0], MapTarget.Difference));
        Assert.Equal([1f, 2, 3, -4], read.MapOf(read.Images[0], MapTarget.Pneumothorax));
        Assert.Equal([0.5f, 3, 1, -4], read.MapOf(read.Images[0], MapTarget.NoPneumothorax));

        var before = maps with { Images = [both, both with { HasMap = null }] };
        Assert.Equal([MapTarget.Difference], before.Targets());
        Assert.Throws<ArgumentOutOfRangeException>(() => before.MapOf(both, MapTarget.NoPneumothorax));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"step\":-1}")]
    [InlineData("{\"step\":1,\"maps\":{\"split\":\"validation\",\"side\":2,\"images\":[{\"index\":0,\"probability\":0.5,\"map\":[1,2,3]}]}}")]
    [InlineData("{\"step\":1,\"maps\":{\"split\":\"validation\",\"side\":1,\"images\":[{\"index\":0,\"probability\":0.5,\"map\":[1],\"hasMap\":[1,2]}],\"target\":\"Difference\"}}")]
    [InlineData("{\"step\":1,\"layers\":[{\"name\":\"classifier\",\"weights\":{\"count\":1,\"mean\":0,\"deviation\":0,\"edges\":[]}}]}")]
    public void Parse_WhatIsNoMoment_IsLeftOut(string line) => Assert.Null(RecordedMoment.Parse(line));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    [InlineData(1_000_000)]
    public void RecordedSteps_OfAnyRun_AreFewAndEndWithItsLast(int steps)
    {
        var recorded = RecordedSteps.Of(steps);

        Assert.Equal((0, steps), (recorded[0], recorded[^1]));
        Assert.InRange(recorded.Count, 2, 26);
        Assert.Equal(recorded.Distinct().Order(), recorded);
    }

    [Fact]
    public void RecordedSteps_OfAQuickRun_AreRound() =>
        Assert.Equal([0, 1, 2, 5, 10, 20, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300], RecordedSteps.Of(300));

    [Fact]
    public void ShareUpTo_IsTheReverseOfValueAt()
    {
        var spread = new Spread(100, 0, 1, [-4, -1, 0, 0.5f, 8]);

        foreach (var share in new[] { 0, 0.1, 0.25, 0.6, 0.99, 1 }) Assert.Equal(share, spread.ShareUpTo(spread.ValueAt(share)), 6);
        Assert.Equal((0, 1), (spread.ShareUpTo(-5), spread.ShareUpTo(9)));
    }

    [Fact]
    public void ShareUpTo_AllValuesEqual_StepsFromNothingToAll()
    {
        var spread = new Spread(9, 0, 0, [0, 0, 0, 0]);

        Assert.Equal((0, 1), (spread.ShareUpTo(-0.001), spread.ShareUpTo(0)));
    }

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    private static RecordedMoment Moment(int step) => new()
    {
        Step = step,
        Maps = new("validation", 2, [new(3, 0.25, [0.5f, -1, 2, 0])]),
        Layers = [new("classifier", new(4, 0, 1, [-1, 0, 1]), null)],
    };
}
