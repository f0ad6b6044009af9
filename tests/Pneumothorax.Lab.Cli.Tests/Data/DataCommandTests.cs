using Pneumothorax.Lab.Datasets;

namespace Pneumothorax.Lab.Cli.Tests.Data;

public sealed class DataCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-cli-").FullName;

    private string Datasets => Path.Combine(_folder, "datasets");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("check")]
    [InlineData("add")]
    [InlineData("list")]
    [InlineData("phantom")]
    public async Task Help_EveryVerb_DescribesItself(string verb)
    {
        var answer = await LabProcess.RunAsync(_folder, "data", verb, "--help");

        Assert.Equal(0, answer.Code);
        Assert.Contains("Description:", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Argument_WithAControlCharacter_IsRefusedInOneLine()
    {
        var answer = await LabProcess.RunAsync(_folder, "data", "phantom", "a\u001B[2J", "--images", "8");

        Assert.Equal((1, $"lab: Argument 3 contains a control character at position 2 (U+001B). Remove it and try again.{Environment.NewLine}"), (answer.Code, answer.Errors));
    }

    [Fact]
    public async Task Check_NotAnHdf5File_IsRefusedInOneLine()
    {
        var path = Path.Combine(_folder, "notes.h5");
        await File.WriteAllTextAsync(path, "not HDF5", TestContext.Current.CancellationToken);

        var answer = await LabProcess.RunAsync(_folder, "data", "check", path);

        Assert.Equal(1, answer.Code);
        Assert.Equal($"lab: {path} is not an HDF5 file.{Environment.NewLine}", answer.Errors);
    }

    [Fact]
    public async Task Check_HugeDeclaredShape_IsRefusedInLittleMemory()
    {
        var path = SharedFile("hdf5-odd/huge_declared_shape.h5");

        var answer = await LabProcess.RunAsync(_folder, "data", "check", path);

        Assert.Equal(1, answer.Code);
        Assert.StartsWith($"lab: {path}: \"image\" declares 131.1 GB", answer.Errors, StringComparison.Ordinal);
        Assert.Single(answer.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Add_RealXrays_AreListedAndOpen()
    {
        var added = await LabProcess.RunAsync(
            _folder, "data", "add", "xray", "--train", SharedFile("xray/pneumothorax_train.h5"), "--test", SharedFile("xray/pneumothorax_test.h5"));
        var listed = await LabProcess.RunAsync(_folder, "data", "list");

        Assert.True(added.Code == 0, added.Errors);
        Assert.Contains("xray  train 100 (10 positive)", listed.Output, StringComparison.Ordinal);
        using var store = new DatasetStore(Datasets);
        Assert.True(store.Open("xray")[SplitName.Train].HasPneumothorax(45));
    }

    [Fact]
    public async Task Phantom_Killed_LeavesNothingThatAnyoneSees_AndTheNextSweeps()
    {
        using (var process = LabProcess.Start(_folder, "data", "phantom", "big", "--images", "20000"))
        {
            while (!Directory.Exists(Datasets) || Directory.GetFiles(Datasets, "train.pixels", SearchOption.AllDirectories).Length == 0)
            {
                Assert.False(process.HasExited, "It ended before it could be killed.");
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var listed = await LabProcess.RunAsync(_folder, "data", "list");
        var drawn = await LabProcess.RunAsync(_folder, "data", "phantom", "big", "--images", "40", "--seed", "2");

        Assert.StartsWith("No data set is registered", listed.Output, StringComparison.Ordinal);
        Assert.True(drawn.Code == 0, drawn.Errors);
        Assert.Equal(["big"], Directory.GetFileSystemEntries(Datasets).Select(Path.GetFileName));
    }

    private static string SharedFile(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Pneumothorax.Lab.sln"))) root = root.Parent;
        var path = Path.GetFullPath(Path.Combine(root!.FullName, "..", "shared", "data", name));
        if (!File.Exists(path)) Assert.Skip($"../shared/data/{name} is absent.");
        return path;
    }
}
