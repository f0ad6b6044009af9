using System.Diagnostics;
using Pneumothorax.Lab.Datasets.Importing;
using Pneumothorax.Lab.Datasets.Registration;
using Pneumothorax.Lab.Datasets.Tests.Importing;

namespace Pneumothorax.Lab.Datasets.Tests;

/// <summary>Without the check, each of these waits for somebody who writes into the pipe, and no signal ends that.</summary>
public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Check_Pipe_IsRefused_AlsoThroughALink()
    {
        var pipe = Pipe("images.h5");
        File.CreateSymbolicLink(_folder["link.h5"], pipe);

        Assert.Equal($"{pipe} is a pipe, not a file. Give the name of a file.", Assert.Throws<InvalidDataException>(() => FileCheck.Read(pipe, cancellationToken: TestContext.Current.CancellationToken)).Message);
        Assert.Equal($"{_folder["link.h5"]} is a pipe, not a file. Give the name of a file.", Assert.Throws<InvalidDataException>(() => FileCheck.Read(_folder["link.h5"], cancellationToken: TestContext.Current.CancellationToken)).Message);
    }

    [Theory]
    [InlineData("/dev/zero", "a device")]
    [InlineData("/dev", "a folder")]
    public void Check_NoFile_IsRefused(string path, string kind)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Linux's names.");

        Assert.Equal($"{path} is {kind}, not a file. Give the name of a file.", Assert.Throws<InvalidDataException>(() => FileCheck.Read(path, cancellationToken: TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void Open_FileThroughALink_IsRead()
    {
        File.WriteAllText(_folder["text"], "text");
        File.CreateSymbolicLink(_folder["link"], _folder["text"]);

        using var reader = RegularFile.OpenText(_folder["link"]);

        Assert.Equal("text", reader.ReadToEnd());
    }

    [Fact]
    public void Register_PipeAsTable_IsNotedOrRefused()
    {
        using var store = new DatasetStore(_folder["datasets"]);
        var (train, test) = (SampleFile.Write(_folder["a.h5"], images: 10), SampleFile.Write(_folder["b.h5"], images: 4));
        var pipe = Pipe("labels.csv");

        var manifest = DatasetRegistration.Register(store, new() { Name = "a", TrainFile = train, TestFile = test }, TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);
        var refusal = Assert.Throws<InvalidDataException>(() => DatasetRegistration.Register(
            store, new() { Name = "b", TrainFile = train, TestFile = test, AttributesFile = pipe }, TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains($"labels.csv beside the train file was not used: {pipe} is a pipe, not a file. Give the name of a file.", manifest.Notes);
        Assert.Equal($"{pipe} is a pipe, not a file. Give the name of a file.", refusal.Message);
    }

    [Fact]
    public void Import_PipeAsPicture_IsLeftOut()
    {
        using var store = new DatasetStore(_folder["datasets"]);
        var sample = NihSample.Of(_folder["nih"], patients: 40);
        var picture = Directory.EnumerateFiles(sample, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        File.Delete(picture);
        MakePipe(picture);

        var result = ImageImport.Run(store, NihImport.Plan(sample, "nih", new(null)), TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains(result.Problems, problem => problem.Why.Contains($"{picture} is a pipe", StringComparison.Ordinal));
    }

    private string Pipe(string name)
    {
        MakePipe(_folder[name]);
        return _folder[name];
    }

    private static void MakePipe(string path)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Linux's pipes.");
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
