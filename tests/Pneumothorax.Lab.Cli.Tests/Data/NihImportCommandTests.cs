using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Tests.Importing;

namespace Pneumothorax.Lab.Cli.Tests.Data;

public sealed class NihImportCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-nih-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task KilledInTheMiddle_TheSameCommandGoesOn_AndEndsAsIfNothingHadBeen()
    {
        var nih = NihSample.Of(Path.Combine(_folder, "nih"), patients: 200);
        string[] command = ["data", "import", "nih", nih, "--name", "nih", "--negatives", "all"];
        var undisturbed = Path.Combine(_folder, "undisturbed");
        var whole = await LabProcess.RunAsync(undisturbed, command);
        Assert.True(whole.Code == 0, whole.Errors);

        var killed = Path.Combine(_folder, "killed");
        using (var process = LabProcess.Start(killed, command))
        {
            var journal = Path.Combine(killed, "datasets", ".import-nih", "journal");
            while (!process.HasExited && (!File.Exists(journal) || Lines(journal) < 40)) await Task.Delay(5, TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.NotEqual(0, process.ExitCode);
        }
        var again = await LabProcess.RunAsync(killed, [.. command, "--hdf5", Path.Combine(_folder, "h5")]);

        Assert.True(again.Code == 0, again.Errors);
        Assert.Contains("of an interrupted import.", again.Output, StringComparison.Ordinal);
        Assert.Equal(HashIn(undisturbed), HashIn(killed));
        Assert.Equal(["labels.csv", "nih_test.h5", "nih_train.h5"], Directory.GetFiles(Path.Combine(_folder, "h5")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Supervised_EndsWhenNobodyListensAnyMore_AndKeepsWhatItRead()
    {
        var nih = NihSample.Of(Path.Combine(_folder, "nih"), patients: 400);
        string[] command = ["data", "import", "nih", nih, "--name", "nih", "--negatives", "all", "--licence", "For tests", "--supervised"];
        using var process = LabProcess.Start(_folder, command);
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("\"images\":", StringComparison.Ordinal)) { }

        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(0, process.ExitCode);
        Assert.True(Lines(Path.Combine(_folder, "datasets", ".import-nih", "journal")) > 1, "What was read is gone.");
        var whole = await LabProcess.RunAsync(_folder, [.. command.SkipLast(1)]);
        Assert.Contains("of an interrupted import.", whole.Output, StringComparison.Ordinal);
        Assert.Contains("licence: For tests", whole.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--negatives", "many", "lab: --negatives must be a number or all, not \"many\".")]
    [InlineData("--negatives", "-1", "lab: The number of images without a pneumothorax for each with one must be from 0 to 1000, not -1.")]
    public async Task Import_OfWrongWords_IsRefusedInOneLine(string option, string value, string line)
    {
        var nih = NihSample.Of(Path.Combine(_folder, "nih"), patients: 3);

        var answer = await LabProcess.RunAsync(_folder, "data", "import", "nih", nih, "--name", "nih", option, value);

        Assert.Equal(1, answer.Code);
        Assert.Equal(line, answer.Errors.TrimEnd());
    }

    private static int Lines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Count(letter => letter == '\n');
    }

    private static string HashIn(string dataDirectory)
    {
        using var store = new DatasetStore(Path.Combine(dataDirectory, "datasets"));
        return store.Find("nih")!.Hash;
    }
}
