using Pneumothorax.Lab.Evaluation.Tests;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Results;

namespace Pneumothorax.Lab.Runs.Tests.Results;

public sealed class EvaluationsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-evaluations-").FullName;
    private readonly Evaluations _evaluations;

    public EvaluationsTests() => _evaluations = new(new RunStore(null!, new LabPaths(_folder)));

    public void Dispose()
    {
        _evaluations.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Find_AsksForTheFileThatIsThere()
    {
        var folder = new RunFolder(Path.Combine(_folder, "runs", "1"));
        Directory.CreateDirectory(folder.Path);
        Assert.Null(_evaluations.Find(folder));

        SampleEvaluations.Of().File.Write(folder.EvaluationPath);
        var first = _evaluations.Find(folder);
        Assert.Same(first, _evaluations.Find(folder));
        Assert.Equal(4, first!.Positives);

        SampleEvaluations.Of(labels: "0000100110").File.Write(folder.EvaluationPath);
        Assert.Equal(3, _evaluations.Find(folder)!.Positives);

        File.Delete(folder.EvaluationPath);
        Assert.Null(_evaluations.Find(folder));
    }

    [Fact]
    public async Task Find_ByManyAtOnce_ReadsTheFileOnce()
    {
        var folder = new RunFolder(Path.Combine(_folder, "runs", "1"));
        Directory.CreateDirectory(folder.Path);
        SampleEvaluations.Of().File.Write(folder.EvaluationPath);

        var found = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => _evaluations.Find(folder))));

        Assert.Single(found.Distinct());
    }

    [Fact]
    public void Find_OfMoreThanAreKept_StillReadsEach()
    {
        var sample = SampleEvaluations.Of().File;
        var folders = Enumerable.Range(1, 300).Select(id => new RunFolder(Path.Combine(_folder, "runs", $"{id}"))).ToList();
        foreach (var folder in folders)
        {
            Directory.CreateDirectory(folder.Path);
            if (folder == folders[0]) sample.Write(folder.EvaluationPath);
            else File.Copy(folders[0].EvaluationPath, folder.EvaluationPath);
        }

        foreach (var folder in folders.Concat(folders)) Assert.Equal(1, _evaluations.Find(folder)!.File.CamOf(1, 1)[6]);
    }
}
