using Pneumothorax.Lab.Datasets.Phantoms;
using Pneumothorax.Lab.Datasets.Registration;
using Pneumothorax.Lab.Datasets.Surveys;

namespace Pneumothorax.Lab.Datasets.Tests.Surveys;

public sealed class DatasetSurveyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DatasetStore _store;
    private readonly ImageSplit _phantoms;

    public DatasetSurveyTests()
    {
        _store = new(_folder["datasets"]);
        PhantomGenerator.Generate(_store, "phantoms", images: 60, seed: 9);
        _phantoms = _store.Open("phantoms")[SplitName.Train];
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Of_PhantomsOfDifferentPatients_FindsNoCopies()
    {
        var survey = Survey(_store.Open("phantoms"));

        Assert.Empty(survey.Twins);
        Assert.All(survey.Odd, image => Assert.Null(image.Reason));
        Assert.Equal(60, survey.Images);        // the validation images, once
    }

    [Fact]
    public void Of_CopyInTheTestAndABlankImage_NamesBoth()
    {
        // In the test: a copy of train image 3, darker, noisier, and labelled otherwise. In the training file: image 11 is of one grey.
        var dataset = Register(
            train: index => index == 11 ? Grey(90) : Phantom(index),
            test: index => index == 4 ? Worn(Phantom(3)) : Phantom(20 + index),
            testLabel: index => index == 4 ? !_phantoms.HasPneumothorax(3) : index % 2 == 0);

        var survey = Survey(dataset);

        var twins = Assert.Single(survey.Twins);
        Assert.Equal((new ImagePlace(SplitName.Train, 3), new ImagePlace(SplitName.Test, 4)), (twins.One, twins.Other));
        Assert.True(twins.AcrossSplits && twins.LabelsDiffer);
        Assert.InRange(twins.Likeness, 0.985, 1);
        Assert.Equal((new ImagePlace(SplitName.Train, 11), "nearly one grey"), (survey.Odd[0].Place, survey.Odd[0].Reason));
    }

    [Fact]
    public void Of_TurnedImage_IsTheLeastLikeTheOthers()
    {
        var survey = Survey(Register(index => index == 7 ? [.. Phantom(7).Reverse()] : Phantom(index), index => Phantom(20 + index), index => index % 2 == 0));

        Assert.Equal(new(SplitName.Train, 7), survey.Odd[0].Place);
        Assert.Null(survey.Odd[0].Reason);
    }

    [Fact]
    public void Of_AnySet_MeansAreTheMeansOfTheClasses()
    {
        var dataset = Register(Phantom, index => Phantom(20 + index), index => index % 2 == 0);
        var test = dataset[SplitName.Test];

        var mean = Survey(dataset).Means.Single(mean => mean is { Split: SplitName.Test, HasPneumothorax: true });

        var sick = Enumerable.Range(0, test.Count).Where(test.HasPneumothorax).ToList();
        Assert.Equal(sick.Count, mean.Images);
        foreach (var pixel in (int[])[0, 20_000, 32_896, 65_535])
            Assert.Equal(sick.Average(index => test.Pixels(index)[pixel]), mean.Pixels[pixel], 0.51);
    }

    [Fact]
    public void Retire_OfferedToNobody_ButThere()
    {
        _store.Retire("phantoms", retired: true);
        Assert.Empty(_store.Offered());
        Assert.Equal(["phantoms"], _store.List().Select(set => set.Name));
        Assert.Equal(_phantoms.Count, _store.Open("phantoms")[SplitName.Train].Count);

        _store.Retire("phantoms", retired: false);
        Assert.Equal(["phantoms"], _store.Offered().Select(set => set.Name));
    }

    private static DatasetSurvey Survey(Dataset dataset) => DatasetSurvey.Of(dataset, cancellationToken: TestContext.Current.CancellationToken);

    private Dataset Register(Func<int, byte[]> train, Func<int, byte[]> test, Func<int, bool> testLabel)
    {
        DatasetRegistration.Register(_store, new()
        {
            Name = "sample",
            TrainFile = SampleFile.Write(_folder["train.h5"], 20, labels: [.. Enumerable.Range(0, 20).Select(index => (byte)(_phantoms.HasPneumothorax(index) ? 1 : 0))], image: train),
            TestFile = SampleFile.Write(_folder["test.h5"], 10, labels: [.. Enumerable.Range(0, 10).Select(index => (byte)(testLabel(index) ? 1 : 0))], image: test),
        }, TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);
        return _store.Open("sample");
    }

    private byte[] Phantom(int index) => _phantoms.Pixels(index).ToArray();

    private static byte[] Grey(byte value) => [.. Enumerable.Repeat(value, DatasetManifest.Side * DatasetManifest.Side)];

    private static byte[] Worn(byte[] pixels)
    {
        var random = new Random(5);
        return [.. pixels.Select(grey => (byte)Math.Clamp(0.8 * grey + random.Next(-6, 7), 0, 255))];
    }
}
