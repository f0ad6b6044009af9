using Pneumothorax.Lab.Datasets.Hdf5;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Datasets.Importing;
using Pneumothorax.Lab.Datasets.Registration;
using Pneumothorax.Lab.Datasets.Tests.Dicom;

namespace Pneumothorax.Lab.Datasets.Tests.Importing;

public sealed class SiimImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SiimImportTests() => DcmtkPrograms.SkipWithout();

    private DatasetStore Store => new(_folder["datasets"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("stage_2_train.csv")]
    [InlineData("train-rle.csv")]
    public void Import_OfEitherTable_KeepsMasksAndWhatTheHeadersSay_AndNothingThatNamesThePatient(string table)
    {
        var siim = SiimSample.Of(_folder["siim"], patients: 30, table);
        using var store = Store;

        var result = Import(store, siim, new(NegativesAPositive: null));

        Assert.Empty(result.Problems);
        var dataset = store.Open("siim");
        Assert.Equal((24, 8, 6, 2), (dataset[SplitName.Train].Count, dataset[SplitName.Train].Positives, dataset[SplitName.Test].Count, dataset[SplitName.Test].Positives));
        foreach (var split in (ImageSplit[])[dataset[SplitName.Train], dataset[SplitName.Test]])
        {
            for (var index = 0; index < split.Count; index++)
            {
                Assert.Equal(split.HasPneumothorax(index), split.HasMask(index));
                var known = split.Attributes(index);
                Assert.Equal(("PA", "51"), (known["view"], known["age"]));
                Assert.Matches("^siim-000[0-3][0-9]$", known["patient"]);
                if (split.Mask(index) is not { } mask) continue;
                // Both lines' pieces, at half the size of the pictures.
                Assert.Equal((20 * 40) + (10 * 10), mask.Area);
                Assert.Equal(new PixelBox(50, 50, 110, 90), mask.Box);
                Assert.Equal(mask.Box, split.Box(index));
                Assert.True(mask.Inside[(100 * 256) + 50]);
                Assert.False(mask.Inside[(100 * 256) + 70]);
            }
        }
        Assert.DoesNotContain(
            Directory.GetFiles(Path.Combine(store.Directory, "siim")), file => Path.GetExtension(file) != ".pixels" && (File.ReadAllText(file).Contains("hospital-", StringComparison.Ordinal) || File.ReadAllText(file).Contains("Doe", StringComparison.Ordinal)));
    }

    [Fact]
    public void Split_IsByPatient_AndPixelsAreThoseOfTheFile()
    {
        var sample = new SiimSample(_folder["siim"]);
        for (var patient = 1; patient <= 20; patient++) sample.Image(patient, 0, patient % 2 == 0 ? SiimSample.Mask(10, 10, 50, 50) : "-1").Image(patient, 1, "-1");
        using var store = Store;

        Import(store, sample.Done(), new(NegativesAPositive: null));

        var dataset = store.Open("siim");
        var patients = ((SplitName[])[SplitName.Train, SplitName.Test]).Select(split => dataset[split].AttributeOfAll(AttributeNames.Patient).ToHashSet()).ToArray();
        Assert.Empty(patients[0].Intersect(patients[1]));
        Assert.Equal(20, patients[0].Count + patients[1].Count);
        var expected = Pneumothorax.Lab.Datasets.Dicom.DicomReader.Read(sample.FileOf(2, 0), TestContext.Current.CancellationToken);
        var image = ImageCodec.Resample(expected.Pixels, expected.Width, expected.Height, 256, 256);
        Assert.Contains(true, ((SplitName[])[SplitName.Train, SplitName.Test]).SelectMany(split => Enumerable.Range(0, dataset[split].Count).Select(index => dataset[split].Pixels(index).SequenceEqual(image))));
    }

    [Fact]
    public void WhatIsOdd_IsReportedInALineEach_AndTheRestIsImported()
    {
        var siim = new SiimSample(_folder["siim"]);
        for (var patient = 1; patient <= 30; patient++) siim.Image(patient, 0, patient % 3 == 0 ? SiimSample.Mask(100, 200, 40, 80) : "-1");
        siim.Line(31, 0, "-1");                                                                    // no file
        SiimSample.Picture(32, 0).Write(siim.FileOf(32, 0));                                             // no line
        // One pixel as bright as sixteen bits can say, over a chest of ten of them.
        siim.Line(39, 0, "-1");
        new DicomSample([.. Enumerable.Range(0, 512 * 512).Select(i => i == 777 ? ushort.MaxValue : (ushort)(i % 1000))], 512, 512, bits: 16)
            .Text(0x0008_0018, "UI", SiimSample.Name(39, 0)).Patient("hospital-39").Write(siim.FileOf(39, 0));
        siim.Image(33, 0, "5 999999999").Image(34, 0, "-1").Image(35, 0, "-1").Image(36, 0, "-1").Image(37, 0, "-1").Image(38, 0, "-1");
        SiimSample.Picture(34, 0).Text(0x0008_0060, "CS", "CT").Write(siim.FileOf(34, 0));
        File.WriteAllText(siim.FileOf(35, 0), "not a picture");
        File.WriteAllBytes(siim.FileOf(36, 0), File.ReadAllBytes(siim.FileOf(36, 0))[..^2000]);
        File.Copy(siim.FileOf(1, 0), siim.FileOf(37, 0), overwrite: true);
        SiimSample.Picture(38, 0).Without(0x7FE0_0010).Write(siim.FileOf(38, 0));
        using var store = Store;

        var result = Import(store, siim.Done(), new(null));

        var problems = result.Problems.ToDictionary(problem => problem.Image, problem => problem.Why);
        // Of two equal pictures, the one that is read first counts.
        var (twin, other) = problems.ContainsKey(SiimSample.Name(37, 0)) ? (37, 1) : (1, 37);
        Assert.Equal(
            new Dictionary<string, string>
            {
                [SiimSample.Name(31, 0)] = "in the table, but not in the folders of images",
                [SiimSample.Name(32, 0)] = "in the folders of images, but not in the table",
                [SiimSample.Name(33, 0)] = "imported without its mask, which reaches beyond its 512 x 512 pixels",
                [SiimSample.Name(34, 0)] = "imported, with a warning: modality CT, not an X-ray",
                [SiimSample.Name(35, 0)] = "is not a DICOM file: DICM does not follow its first 128 bytes",
                [SiimSample.Name(36, 0)] = "is cut short: it ends before its pixels do",
                [SiimSample.Name(twin, 0)] = $"the same picture as {SiimSample.Name(other, 0)}",
                [SiimSample.Name(38, 0)] = "cannot be read: The file has no pixels.",
                [SiimSample.Name(39, 0)] = "imported, with a warning: 1 pixel is far outside the other values and was left out of the range of grey values",
            }.OrderBy(problem => problem.Key), problems.OrderBy(problem => problem.Key));
        var dataset = store.Open("siim");
        Assert.Equal(33, dataset[SplitName.Train].Count + dataset[SplitName.Test].Count);
    }

    [Fact]
    public void FilesOfOtherNames_AndLinks_AreFoundByTheirHeaders_AndTableOfOtherFilesIsNamedAsTheCause()
    {
        var siim = SiimSample.Of(_folder["siim"], patients: 20);
        using (var plain = new DatasetStore(_folder["plain"])) Import(plain, siim, new(null));
        foreach (var (i, file) in Directory.GetFiles(siim, "*.dcm", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Index())
        {
            var elsewhere = Path.Combine(Directory.CreateDirectory(_folder["disk"]).FullName, $"{i}.bin");
            File.Move(file, elsewhere);
            File.CreateSymbolicLink(Path.Combine(Path.GetDirectoryName(file)!, $"image-{i}.dcm"), elsewhere);
        }
        using var store = Store;

        var result = Import(store, siim, new(null));

        Assert.Empty(result.Problems);
        Assert.Contains("20 files were found by the SOPInstanceUID in the header, because the file name differs from it.", result.Manifest.Notes);
        using var before = new DatasetStore(_folder["plain"]);
        Assert.Equal(before.Open("siim").Manifest.Hash, result.Manifest.Hash);

        File.WriteAllLines(Path.Combine(siim, "stage_2_train.csv"), ["ImageId,EncodedPixels", "ID_0011fe81e,-1", "ID_003206608,1 5"]);
        Assert.Equal(
            $"{siim}: none of the 2 images in stage_2_train.csv has a DICOM file: the table names them as \"ID_0011fe81e\", the files are named as \"image-0.dcm\", "
            + "and the SOPInstanceUID in their headers is not in the table either. Use the table that belongs to these files.",
            Assert.Throws<InvalidDataException>(() => Plan(siim, new())).Message);
    }

    [Fact]
    public void Import_ThatWasStopped_GoesOnWhereItWas_AndEndsAsIfItHadNot()
    {
        var siim = SiimSample.Of(_folder["siim"], patients: 40);
        using var whole = new DatasetStore(_folder["whole"]);
        var expected = Import(whole, siim, new(null));
        using var store = Store;
        using var stop = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => ImageImport.Run(store, Plan(siim, new(null)), TimeProvider.System, new StopAt(stop, 0.5), stop.Token));
        Assert.Null(store.Find("siim"));
        var result = Import(store, siim, new(null));

        Assert.InRange(result.Resumed, 1, 39);
        Assert.Equal(expected.Manifest.Hash, result.Manifest.Hash);
    }

    [Fact]
    public void Masks_AreInTheExportedFiles_AsH5pyReadsThem()
    {
        Python.SkipWithout("h5py");
        using var store = Store;
        Import(store, SiimSample.Of(_folder["siim"], patients: 30), new(null));

        Hdf5Export.Write(store.Open("siim"), _folder["h5"], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("(24, 256, 256, 1) uint8 [0, 1] True", Python.Run(
            """
            import h5py, sys
            with h5py.File(sys.argv[1]) as f:
                mask, label = f['mask'][:], f['label'][:]
            print(mask.shape, mask.dtype, sorted(set(mask.ravel().tolist())), bool(((mask.sum(axis=(1, 2, 3)) == 900) == (label[:, 1] == 1)).all()))
            """, Path.Combine(_folder["h5"], "siim_train.h5")));
        Assert.Equal(24, FileCheck.Read(Path.Combine(_folder["h5"], "siim_train.h5"), cancellationToken: TestContext.Current.CancellationToken).Images);
    }

    [Fact]
    public void WrongFolders_AreRefusedInOneLineThatNamesThem()
    {
        Directory.CreateDirectory(_folder["empty"]);
        Assert.StartsWith($"{_folder["empty"]} has no table with the columns ImageId and EncodedPixels", Refused(_folder["empty"]), StringComparison.Ordinal);
        Assert.Equal($"{_folder["nowhere"]} is not a folder.", Refused(_folder["nowhere"]));

        var bare = new SiimSample(_folder["bare"]).Line(1, 0, "-1").Done();
        Assert.StartsWith($"{bare} has no DICOM file", Refused(bare), StringComparison.Ordinal);

        var two = new SiimSample(_folder["two"]).Image(1, 0, "-1");
        two.Done("train-rle.csv");
        Assert.Equal($"{two.Done()} has 2 tables, stage_2_train.csv and train-rle.csv; keep one.", Refused(two.Path));

        var torn = new SiimSample(_folder["torn"]).Image(1, 0, "-1").Line(2, 0, "").Done();
        Assert.Equal($"{Path.Combine(torn, "stage_2_train.csv")}, line 3: EncodedPixels is empty.", Refused(torn));

        Assert.Contains("both kinds are needed", Refused(new SiimSample(_folder["healthy"]).Image(1, 0, "-1").Image(2, 0, "-1").Done()), StringComparison.Ordinal);

        static string Refused(string folder) => Assert.Throws<InvalidDataException>(() => Plan(folder, new())).Message;
    }

    [Fact]
    public void Planning_TellsHowManyHeadersAreRead_OfHowMany()
    {
        var siim = SiimSample.Of(_folder["siim"], patients: 120);
        var told = new List<DataProgress>();

        SiimImport.Plan(siim, "siim", new(NegativesAPositive: null), progress: new Noting(told), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([120, 120], told.Select(value => value.Total));       // a process reads a hundred
        Assert.All(told, value => Assert.Equal((double)value.Images!.Value / 120, value.Done));
        Assert.Equal(("Reading the headers", 120), (told[^1].Stage, told[^1].Images));
    }

    private sealed class Noting(List<DataProgress> told) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => told.Add(value);
    }

    private static ImportPlan Plan(string folder, ImportChoice choice) => SiimImport.Plan(folder, "siim", choice, cancellationToken: TestContext.Current.CancellationToken);

    private static ImportResult Import(DatasetStore store, string folder, ImportChoice choice) =>
        ImageImport.Run(store, Plan(folder, choice), TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);

    private sealed class StopAt(CancellationTokenSource stop, double share) : IProgress<DataProgress>
    {
        public void Report(DataProgress value)
        {
            if (value.Done >= share) stop.Cancel();
        }
    }
}
