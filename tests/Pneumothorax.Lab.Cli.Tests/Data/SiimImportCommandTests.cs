using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Tests.Importing;

namespace Pneumothorax.Lab.Cli.Tests.Data;

public sealed class SiimImportCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-siim-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task KilledInTheMiddle_TheSameCommandGoesOn_AndKeepsEveryMask()
    {
        if (!File.Exists("/usr/bin/dcmj2pnm")) Assert.Skip("DCMTK is absent.");
        var siim = SiimSample.Of(Path.Combine(_folder, "siim"), patients: 45);
        string[] command = ["data", "import", "siim", siim, "--name", "siim", "--negatives", "all"];

        using (var process = LabProcess.Start(_folder, command))
        {
            var journal = Path.Combine(_folder, "datasets", ".import-siim", "journal");
            while (!process.HasExited && (!File.Exists(journal) || new FileInfo(journal).Length < 150)) await Task.Delay(5, TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.NotEqual(0, process.ExitCode);
        }
        var again = await LabProcess.RunAsync(_folder, command);

        Assert.True(again.Code == 0, again.Errors);
        Assert.Contains("of an interrupted import.", again.Output, StringComparison.Ordinal);
        using var store = new DatasetStore(Path.Combine(_folder, "datasets"));
        var dataset = store.Open("siim");
        var masks = ((SplitName[])[SplitName.Train, SplitName.Test]).Sum(split => Enumerable.Range(0, dataset[split].Count).Count(dataset[split].HasMask));
        Assert.Equal((45, 15), (dataset[SplitName.Train].Count + dataset[SplitName.Test].Count, masks));
    }

    [Fact]
    public void WithoutDcmtk_TheImportSaysWhatToInstall()
    {
        using var process = LabProcess.Start(_folder, without: "PATH", ["data", "import", "siim", _folder, "--name", "siim"]);
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.Equal(1, process.ExitCode);
        Assert.Equal("lab: DICOM files are read by dcmdump, dcmj2pnm and dcml2pnm, which are not on this machine: install the package dcmtk.", errors.TrimEnd());
    }
}
