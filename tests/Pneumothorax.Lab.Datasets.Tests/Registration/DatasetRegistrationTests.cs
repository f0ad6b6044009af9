using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Datasets.Registration;

namespace Pneumothorax.Lab.Datasets.Tests.Registration;

public sealed class DatasetRegistrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DatasetStore _store;

    public DatasetRegistrationTests() => _store = new(_folder["datasets"]);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(256)]
    [InlineData(512)]
    public void Register_FilesWithMasks_KeepsThem_AtTheSizeOfTheImages(int side)
    {
        // The third image has a pneumothorax that nobody has drawn.
        byte[] Mask(int image) => image % 2 == 1 && image != 3 ? Block(side, x: side / 4, y: side / 8, width: side / 2, height: side / 16) : new byte[side * side];
        string train = SampleFile.Write(_folder["train.h5"], 20, side, mask: Mask), test = SampleFile.Write(_folder["test.h5"], 6, side, mask: Mask, chunks: [1, (uint)side, (uint)side, 1]);

        var manifest = Register(new() { Name = "sample", TrainFile = train, TestFile = test, Resample = side != 256 });

        var dataset = _store.Open("sample");
        foreach (var split in (ImageSplit[])[dataset[SplitName.Train], dataset[SplitName.Test]])
        {
            for (var i = 0; i < split.Count; i++)
            {
                Assert.Equal(i % 2 == 1 && i != 3, split.HasMask(i));
                if (split.Mask(i) is not { } mask) continue;
                Assert.Equal(new PixelBox(64, 32, 128, 16), mask.Box);
                Assert.Equal(128 * 16, mask.Area);
                Assert.Equal(mask.Box, split.Box(i));
            }
        }
        Assert.Contains("train.h5: 9 images have a mask.", manifest.Notes);
        Assert.Equal(9, FileCheck.Read(train, cancellationToken: TestContext.Current.CancellationToken).Masks);
    }

    [Fact]
    public void Register_MaskOfAnImageWithoutPneumothorax_OrOfAnotherShape_IsRefused()
    {
        var test = SampleFile.Write(_folder["test.h5"], 6);
        var contrary = SampleFile.Write(_folder["contrary.h5"], 20, mask: image => Block(256, 1, 1, image == 4 ? 9 : 0, 9));
        var small = SampleFile.Write(_folder["small.h5"], 20, mask: _ => new byte[128 * 128]);

        Assert.Equal($"{contrary}: \"mask\" marks pixels of image 4, whose label says no pneumothorax.", Refused(contrary));
        Assert.Equal($"{small}: \"mask\" has the shape (20, 128, 128, 1), but that of the images is needed: (20, 256, 256, 1).", Refused(small));
        Assert.Empty(_store.List());

        string Refused(string train) => Assert.Throws<InvalidDataException>(() => Register(new() { Name = "sample", TrainFile = train, TestFile = test })).Message;
    }

    private static byte[] Block(int side, int x, int y, int width, int height) =>
        [.. Enumerable.Range(0, side * side).Select(at => (byte)(at % side >= x && at % side < x + width && at / side >= y && at / side < y + height ? 1 : 0))];

    [Fact]
    public void Register_TwoFiles_ServesEveryImageOfEverySplit()
    {
        var manifest = Register(Sample());

        Assert.Equal(
            [new(SplitName.Train, 20, 10, null), new(SplitName.Validation, 4, 2, null), new(SplitName.Test, 6, 3, null)], manifest.Splits);
        Assert.Equal(["sample"], _store.List().Select(listed => listed.Name));
        Assert.Equal("train.h5", manifest.Source);
        var dataset = _store.Open("sample");
        var (train, validation, test) = (dataset[SplitName.Train], dataset[SplitName.Validation], dataset[SplitName.Test]);
        for (var i = 0; i < 20; i++)
        {
            Assert.True(train.Pixels(i).SequenceEqual(SampleFile.Image(i)));
            Assert.Equal(i % 2 == 1, train.HasPneumothorax(i));
            Assert.Empty(train.Attributes(i));
            Assert.Null(train.Box(i));
        }
        Assert.True(test.Pixels(5).SequenceEqual(SampleFile.Image(5)));
        Assert.Equal(16, train.TrainingRows.Count);
        for (var i = 0; i < validation.Count; i++)
        {
            Assert.True(train.IsHeldOut(validation.FileRow(i)));
            Assert.DoesNotContain(validation.FileRow(i), train.TrainingRows);
            Assert.True(validation.Pixels(i).SequenceEqual(train.Pixels(validation.FileRow(i))));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => test.HasPneumothorax(6));
    }

    [Fact]
    public void Register_SameFilesAgain_GivesTheSameHash()
    {
        var first = Register(Sample());
        var second = Register(Sample() with { Name = "again" });
        var other = Register(Sample() with { Name = "other", TestFile = SampleFile.Write(_folder["test2.h5"], 6, labels: [1, 1, 0, 0, 0, 1]) });

        Assert.Equal(first.Hash, second.Hash);
        Assert.NotEqual(first.Hash, other.Hash);
    }

    [Fact]
    public void Register_WithValidationFile_HoldsNothingOut()
    {
        Register(Sample() with { ValidationFile = SampleFile.Write(_folder["validation.h5"], 4) });

        var dataset = _store.Open("sample");

        Assert.Equal(20, dataset[SplitName.Train].TrainingRows.Count);
        Assert.Equal(4, dataset[SplitName.Validation].Count);
    }

    [Fact]
    public void Register_BadTestFile_LeavesNothing()
    {
        File.WriteAllText(_folder["bad.h5"], "not HDF5");

        var refusal = Assert.Throws<InvalidDataException>(() => Register(Sample() with { TestFile = _folder["bad.h5"] }));

        Assert.Contains("bad.h5", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_store.List());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Directory));
    }

    [Fact]
    public void Register_CancelledHalfWay_LeavesNothing()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new Halfway(cancel);

        Assert.Throws<OperationCanceledException>(
            () => DatasetRegistration.Register(_store, Sample(), TimeProvider.System, progress, cancel.Token));

        Assert.True(progress.Reached);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Directory));
    }

    [Fact]
    public void Register_AfterAKilledOne_SweepsItsLeftovers()
    {
        var left = Directory.CreateDirectory(Path.Combine(_store.Directory, ".new-old-1")).FullName;
        File.WriteAllText(Path.Combine(left, "lock"), "");
        File.WriteAllText(Path.Combine(left, "train.pixels"), "half");

        Register(Sample());

        Assert.False(Directory.Exists(left));
        Assert.Equal(["sample"], Directory.EnumerateDirectories(_store.Directory).Select(Path.GetFileName));
    }

    [Fact]
    public void Register_WhileAnotherRuns_LeavesItAlone()
    {
        var running = Directory.CreateDirectory(Path.Combine(_store.Directory, ".new-other-1")).FullName;
        using (new FileStream(Path.Combine(running, "lock"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            Register(Sample());
        }

        Assert.True(Directory.Exists(running));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Big")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("this-name-is-longer-than-forty-characters-")]
    public void Register_NameAgainstTheRule_IsRefused(string name)
    {
        var refusal = Assert.Throws<ArgumentException>(() => Register(Sample() with { Name = name }));

        Assert.Contains(DatasetName.Rule, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_TakenName_SaysWhatToDo()
    {
        Register(Sample());

        var refusal = Assert.Throws<ArgumentException>(() => Register(Sample()));

        Assert.Contains("already registered", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_store.Directory, "sample"), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_SmallImages_AreRefusedNamingBothSizes_OrResampledWithANote()
    {
        var small = Sample() with { TrainFile = SampleFile.Write(_folder["small.h5"], 20, side: 64) };

        var refusal = Assert.Throws<InvalidDataException>(() => Register(small));
        var manifest = Register(small with { Resample = true });

        Assert.Contains("64 x 64", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("256 x 256", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("small.h5: resampled from 64 x 64 to 256 x 256.", manifest.Notes);
        Assert.True(_store.Open("sample")[SplitName.Train].Pixels(3).SequenceEqual(ImageCodec.Resample(SampleFile.Image(3, 64), 64, 64, 256, 256)));
    }

    [Fact]
    public void Register_LabelsCsvBesideTheTrainFile_GivesAttributesAndSplitsByPatient()
    {
        WriteCsv(patientOf: i => $"p{i / 4}");

        var manifest = Register(Sample());

        var train = _store.Open("sample")[SplitName.Train];
        Assert.Contains("Attributes from labels.csv beside the train file.", manifest.Notes);
        Assert.Equal("NIH ChestX-ray14", manifest.Source);
        Assert.Equal(new Dictionary<string, string> { ["patient"] = "p1", ["view"] = "AP", ["source"] = "nih" }, train.Attributes(5));
        Assert.Equal(5, manifest[SplitName.Train]!.Patients);
        var held = Enumerable.Range(0, 20).Where(train.IsHeldOut).Select(i => train.Attributes(i)["patient"]).ToHashSet();
        var seen = train.TrainingRows.Select(i => train.Attributes(i)["patient"]).ToHashSet();
        Assert.NotEmpty(held);
        Assert.Empty(held.Intersect(seen));
        Assert.DoesNotContain(manifest.Notes, note => note.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public void Register_PatientInTrainAndTest_Warns()
    {
        WriteCsv(patientOf: i => $"p{i / 4}", testPatientOf: i => $"p{i}");

        var manifest = Register(Sample());

        Assert.Contains(manifest.Notes, note => note.StartsWith("Warning: 5 patients are in both train and test", StringComparison.Ordinal));
    }

    [Fact]
    public void Register_AttributesForAnImageThatIsNotThere_NamesTheLine()
    {
        File.WriteAllText(_folder["mine.csv"], "file,index,age\ntrain.h5,0,50\ntrain.h5,20,51\n");

        var refusal = Assert.Throws<InvalidDataException>(() => Register(Sample() with { AttributesFile = _folder["mine.csv"] }));

        Assert.Contains("mine.csv, line 3: image 20", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_RealXrays_KeepsPatientsApart()
    {
        var folder = SharedData.Path("xray");

        var manifest = Register(new()
        {
            Name = "xray",
            TrainFile = Path.Combine(folder, "pneumothorax_train.h5"),
            TestFile = Path.Combine(folder, "pneumothorax_test.h5"),
        });

        Assert.Equal("NIH ChestX-ray14 and VQA-RAD", manifest.Source);
        Assert.Equal((100, 10), (manifest[SplitName.Train]!.Images, manifest[SplitName.Train]!.Positives));
        Assert.Equal((43, 6), (manifest[SplitName.Test]!.Images, manifest[SplitName.Test]!.Positives));
        Assert.InRange(manifest[SplitName.Validation]!.Images, 15, 25);
        Assert.InRange(manifest[SplitName.Validation]!.Positives, 1, 3);
        Assert.DoesNotContain(manifest.Notes, note => note.StartsWith("Warning", StringComparison.Ordinal));
        Assert.Equal("nih-468", _store.Open("xray")[SplitName.Train].Attributes(45)["patient"]);
    }

    private RegistrationRequest Sample() => new()
    {
        Name = "sample",
        TrainFile = File.Exists(_folder["train.h5"]) ? _folder["train.h5"] : SampleFile.Write(_folder["train.h5"], 20),
        TestFile = File.Exists(_folder["test.h5"]) ? _folder["test.h5"] : SampleFile.Write(_folder["test.h5"], 6),
    };

    private DatasetManifest Register(RegistrationRequest request) =>
        DatasetRegistration.Register(_store, request, TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);

    private void WriteCsv(Func<int, string> patientOf, Func<int, string>? testPatientOf = null)
    {
        var train = Enumerable.Range(0, 20).Select(i => $"train.h5,{i},{i % 2},nih,{patientOf(i)},AP");
        var test = Enumerable.Range(0, 6).Select(i => $"test.h5,{i},{i % 2},nih,{testPatientOf?.Invoke(i) ?? $"t{i}"},PA");
        File.WriteAllLines(_folder["labels.csv"], ["file,index,label,source,patient_id,projection", .. train, .. test]);
    }

    private sealed class Halfway(CancellationTokenSource cancel) : IProgress<DataProgress>
    {
        public bool Reached { get; private set; }

        public void Report(DataProgress value)
        {
            Reached = true;
            cancel.Cancel();
        }
    }
}
