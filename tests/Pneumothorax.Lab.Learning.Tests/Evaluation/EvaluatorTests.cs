using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Evaluation;
using Pneumothorax.Lab.Learning.Training;

namespace Pneumothorax.Lab.Learning.Tests.Evaluation;

public sealed class EvaluatorTests(PhantomSet phantoms)
{
    private static readonly Hyperparameters s_short = new() { BatchSize = 5, LearningRate = 0.02, Steps = 12, ValidationEvery = 4, CheckpointEvery = 4 };

    [Fact]
    public void Run_ToItsEnd_WritesAnEvaluationOfTheBestCheckpoint()
    {
        var events = new List<TrainingEvent>();
        var folder = phantoms.NewFolder();

        Assert.True(TrainingExecutor.Run(phantoms.Job(folder, s_short, events.Add), CancellationToken.None));

        var evaluation = EvaluationFile.Read(folder.EvaluationPath);
        var completed = Assert.IsType<TrainingCompleted>(events[^1]);
        var best = folder.ReadMetrics().Where(point => point.Series == SeriesNames.ValidationAuroc).OrderBy(point => point.Value).ThenBy(point => point.Step).Last();
        Assert.Equal(best.Step, completed.CheckpointStep);
        Assert.Equal(best.Step, evaluation.Info.CheckpointStep);
        Assert.Equal(phantoms.Dataset.Manifest.Hash, evaluation.Info.DataHash);
        Assert.Equal(phantoms.Dataset[SplitName.Test].Count, evaluation.Count);
        Assert.Equal(phantoms.Dataset[SplitName.Validation].Count, evaluation.ValidationLabels.Length);
        Assert.Equal("0.107.0", folder.ReadSpec().Software["torchsharp"]);
        Assert.Equal(phantoms.Dataset.Manifest.Hash, folder.ReadSpec().DatasetHash);
    }

    [Fact]
    public void Evaluate_EveryImage_MeanOfItsMapPlusBiasIsItsLogit()
    {
        var evaluation = Evaluation();
        for (var i = 0; i < evaluation.Count; i++)
        {
            for (var c = 0; c < 2; c++)
                Assert.Equal(evaluation.Logits[2 * i + c], Mean(evaluation.CamOf(i, c)) + evaluation.ClassifierBias[c], 1e-4);
        }
    }

    [Fact]
    public void Evaluate_KeptFeatureMaps_GiveTheMapWhenWeighedByHand()
    {
        var evaluation = Evaluation();
        var area = evaluation.MapSize * evaluation.MapSize;
        foreach (var image in evaluation.FeatureIndex)
        {
            var features = evaluation.FeaturesOf(image);
            for (var place = 0; place < area; place++)
            {
                double sum = 0;
                for (var k = 0; k < evaluation.MapChannels; k++) sum += evaluation.ClassifierWeight[evaluation.MapChannels + k] * features[k * area + place];
                Assert.Equal(sum, evaluation.CamOf(image, 1)[place], 1e-4);
            }
        }
    }

    [Fact]
    public void Evaluate_Probabilities_AreTheSoftmaxOfTheLogits()
    {
        var evaluation = Evaluation();
        for (var i = 0; i < evaluation.Count; i++)
        {
            var expected = 1 / (1 + Math.Exp((double)evaluation.Logits[2 * i] - evaluation.Logits[2 * i + 1]));
            Assert.Equal(expected, evaluation.Probabilities[2 * i + 1], 1e-12);
            Assert.Equal(1, evaluation.Probabilities[2 * i] + evaluation.Probabilities[2 * i + 1], 1e-12);
        }
    }

    [Fact]
    public void Evaluate_CheckpointThatIsNotThere_ListsThoseThatAre()
    {
        var folder = Trained(out var job);

        var refusal = Assert.Throws<InvalidDataException>(() => Evaluator.Evaluate(job, checkpoint: 5, CancellationToken.None));

        Assert.Contains($"{folder.Path} has no checkpoint of step 5. It has: 4, 8, 12.", refusal.Message);
    }

    [Fact]
    public void Resume_OnOtherData_IsRefused()
    {
        var folder = phantoms.NewFolder();
        var events = new List<TrainingEvent>();
        var job = phantoms.Job(folder, s_short, events.Add, resume: true);

        Assert.False(TrainingExecutor.Run(job with { Spec = job.Spec with { DatasetHash = "another" } }, CancellationToken.None));

        Assert.Contains("has changed", Assert.IsType<TrainingFailed>(Assert.Single(events)).Message);
    }

    private EvaluationFile Evaluation()
    {
        Trained(out var job);
        return Evaluator.Evaluate(job, checkpoint: null, CancellationToken.None);
    }

    private RunFolder Trained(out TrainingContext job)
    {
        var folder = phantoms.NewFolder();
        job = phantoms.Job(folder, s_short);
        using var trainer = new Trainer(job);
        trainer.Train(CancellationToken.None);
        return folder;
    }

    private static double Mean(ReadOnlySpan<float> map)
    {
        var sum = 0.0;
        foreach (var value in map) sum += value;
        return sum / map.Length;
    }
}
