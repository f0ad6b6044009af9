using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Launch;

/// <summary>A starting point of the launch form.</summary>
/// <param name="Name">As in the address.</param>
public sealed record Preset(string Name, string Title, string Says, NetworkSpec Network, Hyperparameters Hyperparameters)
{
    public static Preset Quick { get; } = new(
        "quick", "Quick look", "Like the reference run: the Light network with batch normalization, Adam, 800 steps. On phantoms the loss begins to fall about half-way.",
        NetworkSpec.Lite,
        new Hyperparameters
        {
            BatchSize = 16,
            LearningRate = 0.002,
            Steps = 800,
            Optimizer = Optimizer.Adam,
            Schedule = Schedule.Cosine,
            WarmUpSteps = 20,
            Flip = true,
            Normalization = Normalization.Batch,
        });

    public static Preset Notebook { get; } = new(
        "notebook", "As in the notebook", "The Lab network: batch 15, rate 0.05, a million steps, never shuffled. This takes very long without a GPU.",
        NetworkSpec.Lab, new Hyperparameters { Steps = 1_000_000, Shuffle = false });

    public static IReadOnlyList<Preset> All { get; } = [Quick, Notebook];
}
