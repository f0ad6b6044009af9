using Pneumothorax.Lab.Datasets.Hdf5;
using Pneumothorax.Lab.Datasets.Importing;
using Pneumothorax.Lab.Datasets.Registration;
using Pneumothorax.Lab.Datasets.Tests.Importing;

namespace Pneumothorax.Lab.Datasets.Tests.Hdf5;

public sealed class Hdf5ExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Export_IsTheFormatOfTheExercise_ReadByH5pyAndByOurselves()
    {
        using var store = new DatasetStore(_folder["datasets"]);
        ImageImport.Run(store, NihImport.Plan(NihSample.Of(_folder["nih"], patients: 200), "nih", new(null)), TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);
        var dataset = store.Open("nih");

        var files = Hdf5Export.Write(dataset, _folder["h5"], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([Path.Combine(_folder["h5"], "nih_train.h5"), Path.Combine(_folder["h5"], "nih_test.h5")], files);
        var again = DatasetRegistration.Register(store, new() { Name = "again", TrainFile = files[0], TestFile = files[1] }, TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(dataset.Manifest.Hash, again.Hash);
        Assert.Equal(dataset[SplitName.Test].Attributes(3), store.Open("again")[SplitName.Test].Attributes(3));

        Python.SkipWithout("h5py");
        var (last, shapes) = (dataset[SplitName.Train].Count - 1, Python.Run("import h5py, sys; f = h5py.File(sys.argv[1]); print(f['image'].shape, f['image'].dtype, f['label'].shape, f['label'][:].sum(axis=0), f['image'][-1].sum())", files[0]));
        var sum = dataset[SplitName.Train].Pixels(last).ToArray().Sum(pixel => (long)pixel);
        Assert.Equal($"({last + 1}, 256, 256, 1) uint8 ({last + 1}, 2) [{last + 1 - dataset[SplitName.Train].Positives}  {dataset[SplitName.Train].Positives}] {sum}", shapes);
    }

    [Fact]
    public void Export_OverAFileThatIsThere_IsRefused_AndTheFileStays()
    {
        using var store = new DatasetStore(_folder["datasets"]);
        ImageImport.Run(store, NihImport.Plan(NihSample.Of(_folder["nih"], patients: 30), "nih", new(null)), TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);
        Directory.CreateDirectory(_folder["h5"]);
        var mine = Path.Combine(_folder["h5"], "nih_test.h5");
        File.WriteAllText(mine, "mine");

        var refused = Assert.Throws<IOException>(() => Hdf5Export.Write(store.Open("nih"), _folder["h5"], cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal($"{mine} already exists.", refused.Message);
        Assert.Equal(["nih_test.h5"], Directory.GetFiles(_folder["h5"]).Select(Path.GetFileName));
        Assert.Equal("mine", File.ReadAllText(mine));
    }
}
