using Pneumothorax.Lab.Datasets.Phantoms;

namespace Pneumothorax.Lab.Datasets.Tests.Phantoms;

public sealed class PhantomGeneratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Generate_SameSeed_SameBytes_OtherSeed_OtherBytes()
    {
        using var store = new DatasetStore(_folder["datasets"]);
        DatasetManifest first = Generate(store, "first", 3), second = Generate(store, "second", 3), other = Generate(store, "other", 4);

        Assert.Equal(Bytes("first"), Bytes("second"));
        Assert.NotEqual(Bytes("first"), Bytes("other"));
        Assert.Equal(first.Hash, second.Hash);
        Assert.Equal(PhantomGenerator.Hash(40, 3), first.Hash);
        Assert.NotEqual(first.Hash, other.Hash);
        Assert.True(first.Synthetic);
    }

    [Fact]
    public void Generate_Always_GivesBoxesAndAttributesThatFit()
    {
        using var store = new DatasetStore(_folder["datasets"]);
        var manifest = Generate(store, "phantoms", 1);

        var dataset = store.Open("phantoms");

        Assert.Equal(40, manifest[SplitName.Train]!.Images + manifest[SplitName.Test]!.Images);
        foreach (var split in (ImageSplit[])[dataset[SplitName.Train], dataset[SplitName.Test]])
        {
            Assert.InRange(split.Positives, 1, split.Count - 1);
            for (var i = 0; i < split.Count; i++)
            {
                var attributes = split.Attributes(i);
                Assert.Subset(attributes.Keys.ToHashSet(), new HashSet<string> { "patient", "view", "sex", "age", "drain" });
                Assert.Equal(split.HasPneumothorax(i), split.Box(i) is not null);
                Assert.Equal(split.HasPneumothorax(i), attributes.ContainsKey("side"));
                if (split.Box(i) is not { } box) continue;
                // The box leaves out where lung and wall are less than a pixel apart.
                var air = split.Mask(i)!;
                var within = air.Inside.ToArray().Index().Count(pixel => pixel.Item && pixel.Index % 256 >= box.X - 1 && pixel.Index % 256 <= box.Right && pixel.Index / 256 >= box.Y - 1 && pixel.Index / 256 <= box.Bottom);
                Assert.True(within >= 0.95 * air.Area, $"{within} of {air.Area} pixels are in {box}");
                Assert.True(air.Box.Width * air.Box.Height >= 0.5 * box.Width * box.Height, $"{air.Box} does not fill {box}");
                Assert.True(box is { X: >= 0, Y: >= 0, Right: <= 256, Bottom: <= 256, Width: > 4, Height: > 8 }, box.ToString());
                // The patient's left is on the picture's right.
                Assert.Equal(attributes["side"] == "left", box.X + box.Width / 2 > 128);
            }
        }
        var trainPatients = Patients(dataset[SplitName.Train]);
        Assert.Empty(trainPatients.Intersect(Patients(dataset[SplitName.Test])));
        Assert.Empty(Patients(dataset[SplitName.Validation]).Intersect(dataset[SplitName.Train].TrainingRows.Select(i => dataset[SplitName.Train].Attributes(i)["patient"])));
    }

    [Fact]
    public void Generate_Cancelled_LeavesNothing()
    {
        using var store = new DatasetStore(_folder["datasets"]);
        using var cancel = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => PhantomGenerator.Generate(store, "phantoms", 60, 1, new CancelAt(0.2, cancel), cancel.Token));

        Assert.Empty(store.List());
        Assert.Empty(Directory.EnumerateFileSystemEntries(store.Directory));
    }

    [Fact]
    public void Plan_ManyImages_DrainsGoWithPneumothorax()
    {
        var plan = PhantomPlan.Draw(1600, 1);
        var facts = plan.Select(planned => (planned.Sick, Drain: planned.Attributes(SeededRandom.For(1, planned.Index))["drain"] == "yes")).ToList();

        Assert.InRange(plan.Count(planned => planned.Sick) / 1600.0, 0.33, 0.42);
        Assert.InRange(facts.Where(fact => fact.Sick).Average(fact => fact.Drain ? 1 : 0), 0.48, 0.62);
        Assert.InRange(facts.Where(fact => !fact.Sick).Average(fact => fact.Drain ? 1 : 0), 0.03, 0.09);
    }

    private static DatasetManifest Generate(DatasetStore store, string name, int seed) =>
        PhantomGenerator.Generate(store, name, 40, seed, cancellationToken: TestContext.Current.CancellationToken);

    private static HashSet<string> Patients(ImageSplit split) => [.. Enumerable.Range(0, split.Count).Select(i => split.Attributes(i)["patient"])];

    private byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(_folder["datasets"], name, "train.pixels"));

    private sealed class CancelAt(double share, CancellationTokenSource cancel) : IProgress<double>
    {
        public void Report(double value)
        {
            if (value >= share) cancel.Cancel();
        }
    }
}
