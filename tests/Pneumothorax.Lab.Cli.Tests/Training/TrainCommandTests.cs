using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Tests.Training;

public sealed class TrainCommandTests(LabTraining lab)
{
    [Fact]
    public void Train_ForAPerson_RecordsARunThatEvaluateAndPredictCanUse()
    {
        var path = lab.NewPath();
        string[] train = ["train", "--dataset", "phantoms", "--network", "lite", "--steps", "2", "--batch-size", "2", "--learning-rate", "0.01", "--seed", "3", "--output", path];

        var trained = Run(train);
        var evaluated = Run("evaluate", "--run", path);
        var image = Path.Combine(Path.GetDirectoryName(path)!, "film.png");
        File.WriteAllBytes(image, Pneumothorax.Lab.Datasets.Imaging.ImageCodec.GreyPng(new byte[300 * 200], 300, 200));
        var predicted = Run("predict", "--run", path, "--image", image);
        var again = Run(train);

        Assert.Equal((0, ""), (trained.ExitCode, trained.Errors));
        Assert.Contains("Training 2/2", trained.Output);
        var spec = new RunFolder(path).ReadSpec();
        Assert.Equal(3, spec.Hyperparameters.Seed);
        Assert.NotNull(spec.DatasetHash);

        Assert.Equal(0, evaluated.ExitCode);
        Assert.Contains("AUROC", evaluated.Output);
        Assert.Contains("95 % interval", evaluated.Output);

        Assert.Equal(0, predicted.ExitCode);
        Assert.Contains("padded to a square with black, resampled from 300 x 200 to 256 x 256", predicted.Output);
        Assert.Contains("Teaching only, not for diagnosis.", predicted.Output);

        Assert.Equal(1, again.ExitCode);
        Assert.Contains("already contains a run", again.Errors);
    }

    [Fact]
    public void Train_LossThatBecomesInfinite_FailsWithOneLineOfAdvice()
    {
        var folder = lab.NewRun(LabTraining.Brief with { LearningRate = 10, Steps = 60 });

        var (code, output, _) = Run("train", "--run", folder.Path);

        var failed = Assert.IsType<TrainingFailed>(LabTraining.Events(output)[^1]);
        Assert.Equal(1, code);
        Assert.EndsWith("this run used 10. Try 1.", failed.Message);
        Assert.NotNull(failed.Step);
    }

    [Fact]
    public void Train_ValuesOutOfRange_NamesAllOfThemInOneLine()
    {
        var (code, _, errors) = Run("train", "--dataset", "phantoms", "--steps", "0", "--batch-size", "500", "--output", lab.NewPath());

        Assert.Equal(1, code);
        Assert.Equal("lab: Batch size must be from 1 to 128, not 500. Steps must be from 1 to 1000000, not 0.\n", errors);
    }

    [Fact]
    public void Train_ResumedWithOtherOptions_NamesTheDifference()
    {
        var (code, _, errors) = Run(
            "train", "--dataset", "phantoms", "--steps", "12", "--batch-size", "2", "--learning-rate", "0.02", "--validation-every", "4",
            "--checkpoint-every", "3", "--output", lab.Whole.Path, "--resume");

        Assert.Equal(1, code);
        Assert.Contains("was started with learning rate 0.01, not 0.02.", errors);
    }

    [Fact]
    public void Train_UnknownDataSet_TellsAgentAndPerson()
    {
        var folder = new RunFolder(lab.NewPath());
        folder.WriteSpec(new() { Name = "test", Dataset = "nowhere", Network = "lite" });

        var (code, output, errors) = Run("train", "--run", folder.Path);

        Assert.Equal(1, code);
        Assert.Contains("nowhere", Assert.IsType<TrainingFailed>(Assert.Single(LabTraining.Events(output))).Message);
        Assert.StartsWith("lab: There is no data set \"nowhere\"", errors);
    }

    [Fact]
    public void Predict_FileThatIsNoPicture_NamesIt()
    {
        var (code, _, errors) = Run("predict", "--run", lab.Whole.Path, "--image", lab.Whole.SpecPath);

        Assert.Equal(1, code);
        Assert.Contains(lab.Whole.SpecPath, errors);
    }

    private (int ExitCode, string Output, string Errors) Run(params string[] arguments) => LabTraining.Finish(lab.Start(arguments));
}
