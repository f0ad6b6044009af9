using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Networks;

/// <summary>Images of a data set, as far as they cost a run time.</summary>
/// <param name="Train">For gradient steps.</param>
public readonly record struct SplitSizes(int Train, int Validation, int Test);

/// <summary>How much a run has to compute, in multiply-adds of training: its steps, its validation figures and the evaluation at its end. Time goes with it.</summary>
public static class RunWork
{
    /// <summary>Validation images that a run is watched with.</summary>
    public const int ValidationSample = 100;

    /// <summary>Training images whose features are measured at the end.</summary>
    public const int FeatureSample = 2000;

    /// <summary>Time that a forward pass takes for its work, against a gradient step: it has no larger backward pass to spread its reading and its small operations over. Measured.</summary>
    public const double ForwardCost = 1.15;

    /// <summary>The same in the evaluation, which also computes maps and takes results from the device. Measured.</summary>
    public const double EvaluationCost = 1.265;

    /// <summary>Of the steps up to this one, with their validation figures.</summary>
    /// <param name="network">With its variations.</param>
    /// <param name="validation">Images of the validation split.</param>
    public static double OfSteps(NetworkSpec network, Hyperparameters hyperparameters, int steps, int validation) =>
        (double)steps * hyperparameters.BatchSize * network.TrainingMultiplyAdds
        + (double)(steps / Math.Max(1, hyperparameters.ValidationEvery)) * Math.Min(validation, ValidationSample) * network.MultiplyAdds * ForwardCost;

    /// <summary>Of the evaluation: every test and validation image once, then the features of training and validation images.</summary>
    /// <param name="network">With its variations.</param>
    public static double OfEvaluation(NetworkSpec network, SplitSizes images) => (double)EvaluatedImages(images) * network.MultiplyAdds * EvaluationCost;

    /// <returns>Images that pass the network after the last step.</returns>
    public static int EvaluatedImages(SplitSizes images) => images.Test + images.Validation + FeatureImages(images);

    /// <returns>Those of them whose features are measured.</returns>
    public static int FeatureImages(SplitSizes images) => images.Validation > 0 ? Math.Min(images.Train, FeatureSample) + Math.Min(images.Validation, FeatureSample) : 0;

    /// <summary>Of a whole run.</summary>
    /// <param name="steps">Those that it does.</param>
    public static double Of(NetworkSpec network, Hyperparameters hyperparameters, int steps, SplitSizes images) =>
        OfSteps(network, hyperparameters, steps, images.Validation) + OfEvaluation(network, images);
}
