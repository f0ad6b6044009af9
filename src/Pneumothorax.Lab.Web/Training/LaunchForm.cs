using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;

namespace Pneumothorax.Lab.Web.Training;

/// <summary>What the launch form holds: a starting point, and what was changed since.</summary>
public sealed class LaunchForm
{
    /// <summary>The preset it started from; null for a copy of <see cref="Source"/>.</summary>
    public Preset? Preset { get; private set; } = Preset.Quick;

    /// <summary>The run that can be copied; null where the address names none that the viewer sees.</summary>
    public Run? Source { get; init; }

    public string? Dataset { get; set; }

    public NetworkSpec Network { get; set; } = Preset.Quick.Network;

    public Hyperparameters Hyperparameters { get; set; } = Preset.Quick.Hyperparameters;

    public string Name { get; set; } = "";

    public bool IsCopy => Preset is null;

    /// <summary>Settings as they were at the starting point; a preset leaves the images open.</summary>
    public RunSettings Baseline => Preset is { } preset
        ? new(Dataset ?? "", preset.Network.Name, preset.Hyperparameters)
        : RunSettings.Of(Source!);

    public RunSettings Settings => new(Dataset ?? "", Network.Name, Hyperparameters);

    /// <summary>Takes over a preset's settings; the images and the name stay.</summary>
    public void StartFrom(Preset preset) =>
        (Preset, Network, Hyperparameters) = (preset, preset.Network, preset.Hyperparameters);

    /// <summary>Takes over the settings of <see cref="Source"/>.</summary>
    /// <param name="datasets">Names of the registered sets: a copied run's may be gone.</param>
    /// <exception cref="InvalidOperationException">There is no source.</exception>
    public void StartFromSource(IEnumerable<string> datasets)
    {
        var source = Source ?? throw new InvalidOperationException("No run to copy.");
        Preset = null;
        Hyperparameters = source.Hyperparameters;
        Network = NetworkSpec.All.FirstOrDefault(network => network.Name == source.Network) ?? NetworkSpec.Lite;
        if (datasets.Contains(source.Dataset)) Dataset = source.Dataset;
    }

    /// <returns>"was 0.05" where the value is not that of the starting point.</returns>
    public string? Mark(HyperparameterRange range)
    {
        var (was, now) = (range.Value(Baseline.Hyperparameters), range.Value(Hyperparameters));
        return was == now ? null : $"was {RunSettings.Text(range, was)}";
    }

    public string? NetworkMark => Baseline.Network == Network.Name ? null : $"was {RunSettings.NetworkTitle(Baseline.Network)}";

    /// <summary>"Two settings differ from run 17."</summary>
    public string Difference
    {
        get
        {
            var from = Preset is { } preset ? $"\"{preset.Title}\"" : $"run {Source!.Id}";
            return Baseline.ChangesTo(Settings).Count switch
            {
                0 => $"Nothing differs from {from}.",
                1 => $"One setting differs from {from}.",
                var count => $"{Words.Leading(count)} settings differ from {from}.",
            };
        }
    }

    /// <summary>Sentences that say why it cannot start; empty when it can.</summary>
    public IReadOnlyList<string> Problems =>
        [.. Dataset is null ? ["Choose the images first."] : Array.Empty<string>(), .. Hyperparameters.Problems()];

    /// <exception cref="InvalidOperationException">There are <see cref="Problems"/>.</exception>
    public RunRequest ToRequest() => Problems.Count == 0
        ? new(Name.Trim(), Dataset!, Network.Name, Hyperparameters, IsCopy ? Source!.Id : null)
        : throw new InvalidOperationException(string.Join(" ", Problems));
}
