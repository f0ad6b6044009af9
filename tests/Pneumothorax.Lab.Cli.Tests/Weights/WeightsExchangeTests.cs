using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Pneumothorax.Lab.Cli.Tests.Training;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Datasets.Tests;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Tests.Weights;

/// <summary>Weights go to PyTorch and numpy and come back; Python runs the network that <c>content/pytorch</c> rebuilds.</summary>
public sealed class WeightsExchangeTests(LabTraining lab)
{
    private static readonly string s_module = typeof(WeightsExchangeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(item => item.Key == "PyTorchModule").Value!;

    // Prints the probability of pneumothorax of a raw grey film by PyTorch.
    private const string PredictInPython =
        """
        import sys; sys.dont_write_bytecode = True; sys.path.insert(0, sys.argv[1])
        import numpy as np, lab_network
        network = lab_network.load(*sys.argv[3:])
        pixels = np.fromfile(sys.argv[2], "u1").reshape(1, 256, 256)
        logits = network(lab_network.prepare(pixels, network.size)).detach().numpy()[0]
        print(*logits)
        """;

    public static TheoryData<string, Hyperparameters> Networks => new()
    {
        { "lab", new() { BatchSize = 1, LearningRate = 0.001, Steps = 1 } },
        { "lite", new() { BatchSize = 2, Optimizer = Optimizer.Adam, LearningRate = 0.01, Steps = 6, Normalization = Normalization.Batch } },
        { "lite", new() { BatchSize = 2, LearningRate = 0.01, Steps = 2, Normalization = Normalization.Group, Skip = Skip.None, InputSize = 64 } },
        { "residual", new() { BatchSize = 2, LearningRate = 0.01, Steps = 2, InputSize = 128, Width = 16 } },
    };

    [Theory]
    [MemberData(nameof(Networks), DisableDiscoveryEnumeration = true)]
    public void Export_InPyTorch_GivesTheLogitsOfTheLab(string network, Hyperparameters hyperparameters)
    {
        Python.SkipWithout("torch", "numpy", "h5py");
        var folder = Trained(network, hyperparameters);
        var file = folder.Path + ".safetensors";

        Succeed("export", "--run", folder.Path, "--format", "safetensors", "--output", file);

        // The first test image, of which the lab's own logits stand in evaluation.h5.
        var ours = Numbers(Python.Run("import h5py, sys; print(*h5py.File(sys.argv[1])['logit'][0])", folder.EvaluationPath));
        var theirs = Numbers(Python.Run(PredictInPython, s_module, FirstTestImage(folder), file));
        Assert.Equal(2, theirs.Length);
        for (var i = 0; i < 2; i++) Assert.Equal(ours[i], theirs[i], 1e-4 * Math.Max(1, Math.Abs(ours[i])));
    }

    [Fact]
    public void ExportThenImport_EitherFormat_KeepsEveryBitAndPredictsTheSame()
    {
        var folder = Trained("lite", new() { BatchSize = 2, LearningRate = 0.01, Steps = 2, Normalization = Normalization.Batch });
        var (tensors, arrays) = (folder.Path + ".safetensors", folder.Path + ".npz");
        var (first, second) = (new RunFolder(lab.NewPath()), new RunFolder(lab.NewPath()));

        Succeed("export", "--run", folder.Path, "--format", "safetensors", "--output", tensors);
        Succeed("export", "--run", folder.Path, "--format", "npz", "--output", arrays);
        Succeed("import", "safetensors", tensors, "--name", "Back again", "--output", first.Path);
        Succeed("import", "npz", arrays, "--network", "lite", "--normalization", "batch", "--dataset", "phantoms", "--output", second.Path);

        Assert.Equal(File.ReadAllBytes(folder.WeightsPath(2)), File.ReadAllBytes(first.WeightsPath(2)));
        Assert.Equal(File.ReadAllBytes(folder.WeightsPath(2)), File.ReadAllBytes(second.WeightsPath(0)));
        Assert.Equal("Back again", first.ReadSpec().Name);
        Assert.Equal(folder.ReadSpec().Hyperparameters, first.ReadSpec().Hyperparameters);

        Succeed("evaluate", "--run", second.Path);
        Assert.Equal(
            Pneumothorax.Lab.Evaluation.EvaluationFile.Read(folder.EvaluationPath).Logits,
            Pneumothorax.Lab.Evaluation.EvaluationFile.Read(second.EvaluationPath).Logits);
    }

    [Fact]
    public void Import_WeightsThatPythonChanged_PredictsWhatPyTorchDoes()
    {
        Python.SkipWithout("torch", "numpy");
        var folder = lab.Whole;
        var (file, arrays, tensors) = (lab.NewPath(), lab.NewPath() + ".npz", lab.NewPath() + ".safetensors");
        Succeed("export", "--run", folder.Path, "--format", "safetensors", "--output", file);

        Python.Run(
            """
            import sys; sys.dont_write_bytecode = True; sys.path.insert(0, sys.argv[1])
            import numpy as np, lab_network
            arrays, metadata = lab_network.read_safetensors(sys.argv[2])
            arrays["classifier.weight"] *= np.float32(3); arrays["classifier.bias"] += np.float32([0.5, -0.25])
            np.savez_compressed(sys.argv[3], **arrays)
            lab_network.write_safetensors(sys.argv[4], arrays, metadata)
            """,
            s_module, file, arrays, tensors);
        var pixels = FirstTestImage(folder);
        var logits = Numbers(Python.Run(PredictInPython, s_module, pixels, tensors));
        var film = folder.Path + ".png";
        File.WriteAllBytes(film, ImageCodec.GreyPng(File.ReadAllBytes(pixels), 256, 256));

        string[][] imports = [["npz", arrays, "--network", folder.SpecPath], ["safetensors", tensors]];
        foreach (var import in imports)
        {
            var path = lab.NewPath();
            Succeed(["import", .. import, "--output", path]);
            var said = Regex.Match(Succeed("predict", "--run", path, "--image", film), @"(?<!no )pneumothorax +([\d.]+)").Groups[1].Value;
            Assert.Equal(1 / (1 + Math.Exp(logits[0] - logits[1])), double.Parse(said, CultureInfo.InvariantCulture), 1e-4);
        }
    }

    [Fact]
    public void Export_Npz_IsReadByNumpy()
    {
        Python.SkipWithout("numpy");
        var folder = lab.Whole;
        var file = lab.NewPath() + ".npz";

        Succeed("export", "--run", folder.Path, "--format", "npz", "--output", file);

        Assert.Equal(
            "float32 (16, 1, 5, 5) (2,) True",
            Python.Run(
                """
                import numpy as np, sys
                z = np.load(sys.argv[1]); w = z["blocks.0.first.weight"]
                print(w.dtype, w.shape, z["classifier.bias"].shape, bool(abs(w).max() > 0.01))
                """,
                file));
    }

    [Fact]
    public void Import_AnotherNetworksWeights_NamesFileAndTensor()
    {
        var folder = lab.Whole;
        var file = lab.NewPath() + ".npz";
        Succeed("export", "--run", folder.Path, "--format", "npz", "--output", file);

        Assert.Equal($"lab: {file}: \"blocks.0.first.weight\" has the shape 16 x 1 x 5 x 5, and the network needs 64 x 1 x 5 x 5.\n", Refused("import", "npz", file, "--network", "lab", "--output", lab.NewPath()));
        Assert.StartsWith($"lab: {file} has no \"blocks.0.firstNorm.weight\" of shape 16 and 31 more", Refused("import", "npz", file, "--network", "lite", "--normalization", "batch", "--output", lab.NewPath()), StringComparison.Ordinal);
        Assert.StartsWith($"lab: {file} does not say which network it belongs to. Give --network lite|lab|strided|residual", Refused("import", "npz", file, "--output", lab.NewPath()), StringComparison.Ordinal);
        Assert.StartsWith($"lab: {folder.Path} already contains a run.", Refused("import", "npz", file, "--network", "lite", "--output", folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_ImportedRun_IsRefusedAndKeepsItsWeights()
    {
        var folder = lab.Whole;
        var (file, path) = (lab.NewPath() + ".safetensors", lab.NewPath());
        Succeed("export", "--run", folder.Path, "--format", "safetensors", "--output", file);
        Succeed("import", "safetensors", file, "--output", path);

        var (code, output, _) = LabTraining.Finish(lab.Start("train", "--run", path, "--resume"));

        Assert.Equal(1, code);
        Assert.Contains("imported from", Assert.IsType<TrainingFailed>(LabTraining.Events(output)[^1]).Message, StringComparison.Ordinal);
        Assert.Single(new RunFolder(path).CheckpointSteps());
    }

    private RunFolder Trained(string network, Hyperparameters hyperparameters)
    {
        var folder = lab.NewRun(hyperparameters);
        folder.WriteSpec(folder.ReadSpec() with { Network = network });
        var (code, _, errors) = LabTraining.Finish(lab.Start("train", "--run", folder.Path));
        Assert.True(code == 0, errors);
        return folder;
    }

    /// <returns>A file with the 256 x 256 bytes of the data set's first test image.</returns>
    private string FirstTestImage(RunFolder folder)
    {
        using var store = new DatasetStore(LabPaths.Resolve(lab.DataDirectory).Datasets);
        var path = folder.Path + ".pixels";
        File.WriteAllBytes(path, store.Open("phantoms")[SplitName.Test].Pixels(0).ToArray());
        return path;
    }

    private static double[] Numbers(string text) => [.. text.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];

    private string Succeed(params string[] arguments)
    {
        var (code, output, errors) = LabTraining.Finish(lab.Start(arguments));
        Assert.True(code == 0, errors);
        return output;
    }

    private string Refused(params string[] arguments)
    {
        var (code, _, errors) = LabTraining.Finish(lab.Start(arguments));
        Assert.Equal(1, code);
        return errors;
    }
}
