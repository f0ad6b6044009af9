using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Datasets.Importing;
using Pneumothorax.Lab.Datasets.Registration;

namespace Pneumothorax.Lab.Datasets.Tests.Importing;

public sealed class NihImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private DatasetStore Store => new(_folder["datasets"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WithoutLists_SplitsByPatient_AndKeepsWhatTheTableSays()
    {
        var nih = NihSample.Of(_folder["nih"], patients: 30);
        using var store = Store;

        var result = ImageImport.Run(store, NihImport.Plan(nih, "nih", new(NegativesAPositive: null)), TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);

        var dataset = store.Open("nih");
        var patients = ((SplitName[])[SplitName.Train, SplitName.Test]).Select(split => Attributes(dataset[split], AttributeNames.Patient).ToHashSet()).ToArray();
        Assert.Empty(patients[0].Intersect(patients[1]));
        Assert.Equal(30, patients[0].Count + patients[1].Count);
        Assert.Equal(60, dataset[SplitName.Train].Count + dataset[SplitName.Test].Count);
        Assert.Equal(2, dataset[SplitName.Test].Positives);        // a fifth of the ten patients who ever had one
        Assert.Equal(8, dataset[SplitName.Train].Positives);
        Assert.Equal(3, result.Manifest.Splits.Count);
        Assert.Empty(result.Problems);
        var positive = Enumerable.Range(0, 60).First(dataset[SplitName.Train].HasPneumothorax);
        var known = dataset[SplitName.Train].Attributes(positive);
        Assert.Equal(("60", "M", "AP", "0", "effusion"), (known["age"], known["sex"], known["view"], known["follow_up"], known["other_findings"]));
        Assert.Contains("by patient", result.Manifest.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Description_IsTheMakersOwn_AndCanBeWrittenAnew_WithoutChangingTheHash()
    {
        using var store = Store;
        var imported = ImageImport.Run(store, NihImport.Plan(NihSample.Of(_folder["nih"], patients: 9), "nih", new()), TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken).Manifest;
        var before = store.Open("nih");

        var described = store.Describe("nih", new("Our\u200B films", " NIH Clinical Center ", "", "Wang et al."));

        Assert.StartsWith("NIH ChestX-ray14, NIH Clinical Center. Free to use: name the NIH", imported.CreditLine, StringComparison.Ordinal);
        Assert.Equal("NIH Clinical Center. Cite Wang et al.", described.CreditLine);
        Assert.Equal((imported.Hash, imported.Splits.Count), (store.Find("nih")!.Hash, store.Find("nih")!.Splits.Count));
        Assert.Equal("Our films", store.Open("nih").Manifest.Title);
        Assert.Equal(before[SplitName.Train].Pixels(0).ToArray(), store.Open("nih")[SplitName.Train].Pixels(0).ToArray());
        Assert.Contains("one line", Assert.Throws<ArgumentException>(() => store.Describe("nih", new("Two\nlines", "x", null, null))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => store.Describe("nih", new("Films", " ", null, null)));
    }

    [Fact]
    public void Report_GroupsWhatWasAmiss()
    {
        var sample = new NihSample(_folder["nih"]);
        for (var patient = 1; patient <= 40; patient++) sample.Image(patient, 0, patient % 2 == 0 ? "Pneumothorax" : "No Finding");
        sample.Line(43, 0, "Mass").Line(44, 0, "Mass").Line(45, 0, "Mass").Picture(45, 0, seed: 1000);      // two without a file, one that is patient 1's picture
        File.WriteAllText(Path.Combine(_folder["nih"], "images_001", "images", NihSample.Name(3, 0)), "no picture");
        using var store = Store;
        ImageImport.Run(store, NihImport.Plan(sample.Done(), "nih", new(NegativesAPositive: null)), TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);

        var groups = ImportReport.Read(store.ImportReportOf("nih")!);

        Assert.Equal(
            [("Cannot be read", 1), ("The same picture twice; the first one is kept", 1), ("In the table, but the file is missing", 2)],
            groups.Select(group => (group.What, group.Count)));
        Assert.Equal(NihSample.Name(3, 0), groups[0].Images[0].Image);
        Assert.Null(store.ImportReportOf("../nih"));
    }

    [Fact]
    public void AlwaysByPatient_PassesTheListsOver()
    {
        var sample = new NihSample(_folder["nih"]);
        for (var patient = 1; patient <= 20; patient++) sample.Image(patient, 0, patient % 2 == 0 ? "Pneumothorax" : "No Finding");
        sample.List("test_list.txt", NihSample.Name(1, 0), NihSample.Name(2, 0)).List("train_val_list.txt", Enumerable.Range(3, 18).Select(patient => NihSample.Name(patient, 0)));

        var plan = NihImport.Plan(sample.Done(), "nih", new(NegativesAPositive: null, AlwaysByPatient: true));

        Assert.Equal((16, 4), (plan.Train.Count, plan.Test.Count));
        Assert.StartsWith("Split by patient.", plan.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_AreFollowed_AndAPatientInBothStaysInTheTestOnly()
    {
        var sample = new NihSample(_folder["nih"]);
        for (var patient = 1; patient <= 8; patient++) sample.Image(patient, 0, patient % 2 == 0 ? "Pneumothorax" : "No Finding").Image(patient, 1, "Mass");
        sample.Image(9, 0, "Hernia");
        string[] test = [NihSample.Name(1, 0), NihSample.Name(2, 0), NihSample.Name(1, 1)];
        sample.List("test_list.txt", test);
        // Patient 2's second image is listed for training, and patient 9 for nothing.
        sample.List("train_val_list.txt", Enumerable.Range(2, 7).SelectMany(patient => new[] { NihSample.Name(patient, 0), NihSample.Name(patient, 1) }).Except(test));

        var plan = NihImport.Plan(sample.Done(), "nih", new(NegativesAPositive: null));

        Assert.Equal(test.Order(), plan.Test.Select(item => item.Name).Order());
        Assert.Equal(12, plan.Train.Count);
        Assert.Equal(
            [(NihSample.Name(2, 1), "listed for training, but its patient 2 is in the test"), (NihSample.Name(9, 0), "in neither list of NIH's split")],
            plan.Problems.Select(problem => (problem.Image, problem.Why)));
    }

    [Fact]
    public void Choice_TakesEveryPositiveAndSoManyOthersInEachSplit_TheSameForTheSameSeed()
    {
        var nih = NihSample.Of(_folder["nih"], patients: 30);

        ImportPlan one = NihImport.Plan(nih, "nih", new(2, Seed: 5)), again = NihImport.Plan(nih, "nih", new(2, Seed: 5)), other = NihImport.Plan(nih, "nih", new(2, Seed: 6));

        Assert.Equal((8, 16), (one.Train.Count(item => item.HasPneumothorax), one.Train.Count(item => !item.HasPneumothorax)));
        Assert.Equal((2, 4), (one.Test.Count(item => item.HasPneumothorax), one.Test.Count(item => !item.HasPneumothorax)));
        Assert.Equal(one.Train.Select(item => item.Name), again.Train.Select(item => item.Name));
        Assert.NotEqual(one.Train.Select(item => item.Name), other.Train.Select(item => item.Name));
    }

    [Fact]
    public void WhatIsMissingUnreadableOrThereTwice_IsReported_AndTheRestIsImported()
    {
        var nih = new NihSample(NihSample.Of(_folder["nih"], patients: 30));
        for (var patient = 1; patient <= 30; patient++) nih.Line(patient, 0, patient % 3 == 0 ? "Pneumothorax" : "No Finding").Line(patient, 1, "Infiltration");
        nih.Line(31, 0, "Mass");                                                      // no picture
        nih.Line(32, 0, "Mass").Picture(32, 0, seed: 1001);                           // patient 1's second image once more
        nih.Line(1, 0, "No Finding");                                                 // a second line
        nih.Line(33, 0, "Mass", age: "414").Picture(33, 0);
        nih.Picture(34, 0).Picture(2, 0, "images_002/images");                        // not in the table; in two folders
        var torn = Path.Combine(nih.Path, "images_001/images", NihSample.Name(4, 0));
        File.WriteAllBytes(torn, File.ReadAllBytes(torn)[..^200]);
        using var store = Store;

        var result = ImageImport.Run(store, NihImport.Plan(nih.Done(), "nih", new(null)), TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(
            new Dictionary<string, string>
            {
                [NihSample.Name(31, 0)] = "in the table, but not in the folders of images",
                [NihSample.Name(32, 0)] = $"the same picture as {NihSample.Name(1, 1)}",
                [NihSample.Name(1, 0)] = "in the table twice, line 64; the first line is used",
                [NihSample.Name(33, 0)] = "imported without its age, which the table gives as 414",
                [NihSample.Name(34, 0)] = "in the folders of images, but not in the table",
                [NihSample.Name(2, 0)] = "there twice, in images_001/images and images_002/images; the first is used",
                [NihSample.Name(4, 0)] = "cannot be read: The picture is damaged or cut short.",
            }.OrderBy(problem => problem.Key),
            result.Problems.Select(problem => KeyValuePair.Create(problem.Image, problem.Why.Replace($"the same picture as {NihSample.Name(32, 0)}", $"the same picture as {NihSample.Name(1, 1)}", StringComparison.Ordinal)))
                .Select(problem => problem.Key == NihSample.Name(1, 1) ? KeyValuePair.Create(NihSample.Name(32, 0), problem.Value) : problem).OrderBy(problem => problem.Key));
        var report = File.ReadAllLines(result.ReportPath);
        Assert.Equal("image,problem", report[0]);
        Assert.Equal(7, report.Length - 1);
        var dataset = store.Open("nih");
        Assert.Equal(60 - 1 + 1, dataset[SplitName.Train].Count + dataset[SplitName.Test].Count);
        Assert.Contains("7 lines in import-report.csv", result.Manifest.Notes[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Boxes_LieWhereTheyDoInThePicture_AndPixelsAreThosePillowWouldGive()
    {
        var nih = NihSample.Of(_folder["nih"], patients: 30);
        File.WriteAllLines(Path.Combine(nih, "BBox_List_2017.csv"),
            ["Image Index,Finding Label,Bbox [x,y,w,h],,,", $"{NihSample.Name(3, 0)},Pneumothorax,100,200,40,20", $"{NihSample.Name(3, 0)},Pneumothorax,300,100,20,20,,,", $"{NihSample.Name(6, 0)},Mass,1,2,3,4"]);
        using var store = Store;

        ImageImport.Run(store, NihImport.Plan(nih, "nih", new(null)), TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);

        var dataset = store.Open("nih");
        var boxes = ((SplitName[])[SplitName.Train, SplitName.Test])
            .SelectMany(split => Enumerable.Range(0, dataset[split].Count).Select(index => (Box: dataset[split].Box(index), Patient: dataset[split].Attributes(index)["patient"], Split: split, Index: index))).ToList();
        var (box, patient, split, index) = Assert.Single(boxes, item => item.Box is not null);
        Assert.Equal("3", patient);
        Assert.Equal(new PixelBox(50, 50, 110, 60), box);       // one around both, at half the size
        Assert.Equal(ImageCodec.Resample(NihSample.Pixels(3000), NihSample.Side, NihSample.Side, 256, 256), dataset[split].Pixels(index).ToArray());
    }

    [Fact]
    public void Import_ThatWasStopped_GoesOnWhereItWas_AndEndsAsIfItHadNot()
    {
        var nih = NihSample.Of(_folder["nih"], patients: 60);
        var plan = NihImport.Plan(nih, "nih", new(null));
        using var whole = new DatasetStore(_folder["whole"]);
        var expected = ImageImport.Run(whole, plan, TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);
        using var store = Store;
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => ImageImport.Run(store, plan, TimeProvider.System, new StopAt(stop, 0.4), stop.Token));
        Assert.Null(store.Find("nih"));
        // A process that is killed may leave half a line, and pixels that no line counts.
        var work = Assert.Single(Directory.GetDirectories(store.Directory, ".import-*"));
        File.AppendAllText(Path.Combine(work, "journal"), "train cannot be re");
        using (var pixels = new FileStream(Path.Combine(work, "train.pixels"), FileMode.Append)) pixels.Write(new byte[1000]);
        var result = ImageImport.Run(store, plan, TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(result.Resumed, 1, 119);
        Assert.Equal(expected.Manifest.Hash, result.Manifest.Hash);
        Assert.Empty(Directory.GetDirectories(store.Directory, ".*"));
    }

    [Fact]
    public void Import_OfAnotherChoiceUnderTheSameName_BeginsAnew()
    {
        var nih = NihSample.Of(_folder["nih"], patients: 60);
        using var store = Store;
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => ImageImport.Run(store, NihImport.Plan(nih, "nih", new(null)), TimeProvider.System, new StopAt(stop, 0.4), stop.Token));

        var result = ImageImport.Run(store, NihImport.Plan(nih, "nih", new(1)), TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(0, result.Resumed);
        Assert.Equal(40, result.Manifest.Splits.Where(split => split.Split != SplitName.Validation).Sum(split => split.Images));
    }

    [Fact]
    public void WrongFolders_AreRefusedInOneLineThatNamesThem()
    {
        Directory.CreateDirectory(_folder["empty"]);
        Assert.StartsWith($"{_folder["empty"]} has no Data_Entry_2017*.csv", Refused(_folder["empty"]), StringComparison.Ordinal);
        Assert.Equal($"{_folder["nowhere"]} is not a folder.", Refused(_folder["nowhere"]));

        var noPictures = new NihSample(_folder["bare"]).Line(1, 0, "Mass").Done();
        Assert.StartsWith($"{noPictures} has no PNG", Refused(noPictures), StringComparison.Ordinal);

        var noColumn = new NihSample(_folder["other"]).Picture(1, 0);
        noColumn.List("Data_Entry_2017.csv", "Image,Label", "a,b");
        Assert.Equal($"{Path.Combine(noColumn.Path, "Data_Entry_2017.csv")} has no column \"Image Index\"; it has: Image, Label.", Refused(noColumn.Path));

        var oneKind = new NihSample(_folder["healthy"]).Image(1, 0, "No Finding").Image(2, 0, "Mass").Image(3, 0, "Mass").Image(4, 0, "Mass").Image(5, 0, "Mass").Done();
        Assert.Contains("both kinds are needed", Refused(oneKind), StringComparison.Ordinal);

        static string Refused(string folder) => Assert.Throws<InvalidDataException>(() => NihImport.Plan(folder, "nih", new())).Message;
    }

    [Fact]
    public void RealMiniature_IsImported_WithItsBoxesAndMissingImages()
    {
        using var store = Store;

        var result = ImageImport.Run(store, NihImport.Plan(SharedData.Path("nih-mini"), "nih", new()), TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(6, result.Problems.Count(problem => problem.Why == "in the table, but not in the folders of images"));
        var (train, test) = (result.Manifest[SplitName.Train]!, result.Manifest[SplitName.Test]!);
        Assert.Equal((24, 7), (train.Images + test.Images, train.Positives + test.Positives));
        var split = store.Open("nih")[SplitName.Train];
        Assert.All(Enumerable.Range(0, split.Count), index => Assert.Contains(AttributeNames.Age, split.Attributes(index).Keys));
    }

    private static IEnumerable<string> Attributes(ImageSplit split, string key) => Enumerable.Range(0, split.Count).Select(index => split.Attributes(index)[key]);

    private sealed class StopAt(CancellationTokenSource stop, double share) : IProgress<DataProgress>
    {
        public void Report(DataProgress value)
        {
            if (value.Done >= share) stop.Cancel();
        }
    }
}
