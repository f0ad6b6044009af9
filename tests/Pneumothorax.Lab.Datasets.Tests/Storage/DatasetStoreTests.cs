using Pneumothorax.Lab.Datasets.Registration;

namespace Pneumothorax.Lab.Datasets.Tests.Storage;

public sealed class DatasetStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DatasetStore _store;

    public DatasetStoreTests() => _store = new(_folder["datasets"]);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void List_DamagedFolders_AreLeftOut()
    {
        Register("good");
        Register("damaged");
        File.WriteAllText(Path.Combine(_store.Directory, "damaged", "dataset.json"), "{");
        Directory.CreateDirectory(Path.Combine(_store.Directory, "empty"));

        Assert.Equal(["good"], _store.List().Select(manifest => manifest.Name));
        Assert.Null(_store.Find("damaged"));
        Assert.Null(_store.Find("../good"));
    }

    [Fact]
    public void Find_AfterTheFileChanged_TellsWhatItHolds()
    {
        Register("sample");
        Assert.Equal("Ours", _store.Describe("sample", new("Ours", "Us", null, null)).Title);
        Assert.Equal("Ours", _store.Find("sample")?.Title);

        var file = Path.Combine(_store.Directory, "sample", "dataset.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"Ours\"", "\"Ours, written by hand\"", StringComparison.Ordinal));
        Assert.Equal("Ours, written by hand", _store.Find("sample")?.Title);

        File.Delete(file);
        Assert.Null(_store.Find("sample"));
        Assert.Empty(_store.List());
    }

    [Fact]
    public void Open_CutShortPixels_SaysWhichSetAndWhatToDo()
    {
        Register("sample");
        var pixels = Path.Combine(_store.Directory, "sample", "test.pixels");
        using (var stream = File.OpenWrite(pixels)) stream.SetLength(stream.Length - 1);

        var refusal = Assert.Throws<InvalidDataException>(() => _store.Open("sample"));

        Assert.Contains("\"sample\" is damaged", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("register it again", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_UnknownName_ListsThoseThereAre()
    {
        Register("sample");

        Assert.Contains("registered are: sample", Assert.Throws<InvalidDataException>(() => _store.Open("nothing")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RemovedAndRegisteredAnew_GivesTheNewOne()
    {
        Register("sample");
        var old = _store.Open("sample");
        Assert.Same(old, _store.Open("sample"));

        Directory.Delete(Path.Combine(_store.Directory, "sample"), recursive: true);
        Register("sample");

        Assert.NotSame(old, _store.Open("sample"));
        Assert.True(old[SplitName.Test].Pixels(1).SequenceEqual(SampleFile.Image(1)));      // a page may still be showing it
    }

    private void Register(string name) => DatasetRegistration.Register(
        _store,
        new() { Name = name, TrainFile = SampleFile.Write(_folder["train.h5"], 10), TestFile = SampleFile.Write(_folder["test.h5"], 4) },
        TimeProvider.System);
}
