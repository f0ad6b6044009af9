using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Phantoms;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Native;
using Pneumothorax.Lab.Learning.Tests;
using Pneumothorax.Lab.Learning.Training;
using static TorchSharp.torch;

[assembly: AssemblyFixture(typeof(PhantomSet))]

namespace Pneumothorax.Lab.Learning.Tests;

/// <summary>Sixty drawn X-rays, made once for all tests, and runs on them in folders of their own.</summary>
public sealed class PhantomSet : IDisposable
{
    /// <summary>The lab's shape, small enough that a step takes milliseconds.</summary>
    public static readonly NetworkSpec Tiny = new("tiny", "Tiny", 32, [new(4, 5), new(8, 5), new(8, 3), new(12, 3)]);

    private readonly string _folder = Directory.CreateTempSubdirectory("lab-learning-").FullName;
    private readonly DatasetStore _store;
    private int _runs;

    public PhantomSet()
    {
        // Tests run side by side already; more threads than cores would only wait for each other.
        set_num_threads(1);
        // Whether this processor's fast convolutions are right is found out, and they are switched off for the whole process, before any test
        // computes anything: between two runs that are compared it would make a difference.
        FastConvolutions.RequireRightFor(Tiny);
        _store = new(Path.Combine(_folder, "datasets"));
        PhantomGenerator.Generate(_store, "phantoms", images: 60, seed: 4);
        Dataset = _store.Open("phantoms");
    }

    public Dataset Dataset { get; }

    public RunFolder NewFolder()
    {
        var folder = new RunFolder(Path.Combine(_folder, $"run-{Interlocked.Increment(ref _runs)}"));
        Directory.CreateDirectory(folder.Path);
        return folder;
    }

    public TrainingContext Job(RunFolder folder, Hyperparameters hyperparameters, Action<TrainingEvent>? report = null, bool resume = false) => new()
    {
        Folder = folder,
        Spec = new() { Name = "test", Dataset = "phantoms", Network = Tiny.Name, Hyperparameters = hyperparameters },
        Network = Tiny,
        Dataset = Dataset,
        Device = CPU,
        Resume = resume,
        Report = report ?? (_ => { }),
    };

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
