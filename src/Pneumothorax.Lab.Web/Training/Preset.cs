using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Web.Training;

/// <summary>A starting point of the launch form.</summary>
/// <param name="Name">As in the address.</param>
public sealed record Preset(string Name, string Title, string Says, NetworkSpec Network, Hyperparameters Hyperparameters)
{
    public static Preset Quick { get; } = new(
        "quick", "Quick look", "The light network on small images, 600 steps. Enough to watch a run from start to end.",
        NetworkSpec.Lite, new Hyperparameters { Steps = 600 });

    public static Preset Notebook { get; } = new(
        "notebook", "As in the notebook", "The lab's own network: batch 15, rate 0.05, a million steps. Very long without a GPU.",
        NetworkSpec.Lab, new Hyperparameters { Steps = 1_000_000 });

    public static IReadOnlyList<Preset> All { get; } = [Quick, Notebook];
}
