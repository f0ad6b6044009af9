using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Runs.Launch;

/// <summary>Settings that are known to go wrong, in words. They block nothing: to see one go wrong is a lesson too.</summary>
public static class Cautions
{
    private const int SmallBatch = 8;
    private const int FewForBatchNormalization = 8;

    /// <param name="network">With its variations.</param>
    /// <param name="h">In steps.</param>
    /// <param name="onCpu">The host has no GPU.</param>
    /// <returns>A sentence or two each; empty for settings without a known trap.</returns>
    public static IReadOnlyList<string> Of(NetworkSpec network, Hyperparameters h, bool onCpu)
    {
        List<string> cautions = [];
        var adaptive = h.Optimizer is Optimizer.Adam or Optimizer.AdamW;
        var remembers = h.Optimizer is Optimizer.Momentum or Optimizer.Nesterov;
        // A momentum of m makes a steady gradient's steps 1 / (1 - m) times as long.
        var reach = h.LearningRate / (remembers ? Math.Max(1 - h.Momentum, 0.001) : 1);

        if (adaptive && h.LearningRate >= 0.01)
        {
            cautions.Add($"A rate of {Ranges.LearningRate.Text(h)} is very high for {Ranges.Optimizer.Text(h)}, whose steps are about as large as the rate: networks often go silent. Usual rates are 0.0003 to 0.003.");
        }
        else if (!adaptive && network.Normalization == Normalization.None && reach >= 0.4 && h.BatchSize < SmallBatch)
        {
            cautions.Add($"With batches of {h.BatchSize} and this rate the loss may diverge: a gradient from so few images is mostly chance. Larger batches, a lower rate or a warm-up help.");
        }
        else if (!adaptive && network.Normalization == Normalization.None && reach >= 1)
        {
            cautions.Add("This rate is high for a network without normalization: the loss may diverge or the network may go silent. A tenth of it is safer.");
        }
        else if (!adaptive && network.Normalization == Normalization.None && h.Steps < 2000)
        {
            cautions.Add("Without normalization, gradient descent tends to give every image the same answer for many hundreds of steps before it starts to learn. With normalization, or with Adam at a rate near 0.001, learning starts sooner.");
        }
        if (network.Normalization == Normalization.Batch && h.BatchSize < FewForBatchNormalization)
        {
            cautions.Add($"Batch normalization takes mean and deviation from only {DisplayText.Count(h.BatchSize, "image")}, which is noisy. Group normalization works with small batches too.");
        }
        if (h.WarmUpSteps >= h.Steps) cautions.Add("The warm-up is as long as the run, so the full rate is never reached.");
        if (h.Schedule == Schedule.Step && h.WarmUpSteps + (long)h.StepEvery >= h.Steps) cautions.Add("The run ends before the rate changes for the first time.");
        if (h.ValidationEvery > h.Steps) cautions.Add("The run ends before its first validation, so there will be a validation figure only at the end.");
        if (h.EarlyStopping > 0 && (long)h.EarlyStopping * h.ValidationEvery >= h.Steps) cautions.Add("The run ends before early stopping can take effect.");
        if (onCpu && h.Precision == Precision.BFloat16) cautions.Add("This host has no GPU: bfloat16 saves memory here, but many processors take longer with it.");
        if (onCpu && h.Precision == Precision.TF32) cautions.Add("This host has no GPU, so TF32 changes nothing.");
        return cautions;
    }
}
