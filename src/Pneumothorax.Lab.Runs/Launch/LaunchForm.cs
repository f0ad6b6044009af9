using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Launch;

/// <summary>What the launch form holds: a starting point, and what was changed since.</summary>
public sealed class LaunchForm
{
    /// <summary>What stands in boxes and could not be taken over, by the name of the setting.</summary>
    private readonly Dictionary<string, string> _unread = [];

    /// <summary>The preset it started from; null for a copy of <see cref="Source"/>.</summary>
    public Preset? Preset { get; private set; } = Preset.Quick;

    /// <summary>The run that can be copied; null where the address names none that the viewer sees.</summary>
    public Run? Source { get; init; }

    public string? Dataset { get; set; }

    /// <summary>Images that one epoch of <see cref="Dataset"/> shows; null where that is not known.</summary>
    public int? TrainingImages { get; set; }

    /// <summary>The network as it is named; <see cref="Varied"/> is the one that will be trained.</summary>
    public NetworkSpec Network { get; set; } = Preset.Quick.Network;

    /// <summary>As they are asked for: perhaps in epochs.</summary>
    public Hyperparameters Hyperparameters { get; set; } = Preset.Quick.Hyperparameters;

    public string Name { get; set; } = "";

    /// <summary>Names the request, so that a second click, or one after a lost connection, does not launch a second run.</summary>
    public string IdempotencyKey { get; set; } = NewKey();

    public static string NewKey() => Guid.NewGuid().ToString("N");

    public bool IsCopy => Preset is null;

    /// <param name="problem">Why what stands in its box cannot be taken over; null where nothing of the kind stands there.</param>
    public void SetUnread(string setting, string? problem)
    {
        if (problem is null) _unread.Remove(setting);
        else _unread[setting] = problem;
    }

    /// <summary>Epochs as steps, where the number of images is known and they are not too many.</summary>
    public Hyperparameters Resolved => EpochsProblem is null && TrainingImages is { } images ? Hyperparameters.Resolve(images) : Hyperparameters;

    /// <summary>The network with the variations that are asked for.</summary>
    public NetworkSpec Varied => Network.With(Hyperparameters);

    /// <summary>Settings as they were at the starting point; a preset leaves the images open.</summary>
    public RunSettings Baseline => Preset is { } preset
        ? new(Dataset ?? "", preset.Network.Name, preset.Hyperparameters)
        : Source!.Settings;

    public RunSettings Settings => Asked with { Hyperparameters = Resolved };

    /// <summary>Takes over a preset's settings; the images and the name stay.</summary>
    public void StartFrom(Preset preset) =>
        (Preset, Network, Hyperparameters) = (preset, preset.Network, preset.Hyperparameters);

    /// <summary>Takes over the settings of <see cref="Source"/>.</summary>
    /// <param name="datasets">Names of the registered sets: a copied run's may be gone.</param>
    /// <exception cref="InvalidOperationException">There is no source.</exception>
    public void StartFromSource(IEnumerable<string> datasets)
    {
        var source = Source ?? throw new InvalidOperationException("There is no run to copy.");
        Preset = null;
        Hyperparameters = source.Hyperparameters;
        Network = NetworkSpec.All.FirstOrDefault(network => network.Name == source.Network) ?? NetworkSpec.Lite;
        if (datasets.Contains(source.Dataset)) Dataset = source.Dataset;
    }

    /// <summary>Counts the same length in epochs from now on, or in steps.</summary>
    public void CountInEpochs(bool epochs)
    {
        if (epochs == Hyperparameters.Epochs is not null) return;

        var (h, images) = (Hyperparameters, TrainingImages ?? 1);
        Hyperparameters = epochs
            ? h with { Epochs = (int)Math.Clamp(Math.Round((double)h.Steps * h.BatchSize / images), Ranges.Epochs.Least, Ranges.Epochs.Most) }
            : Resolved with { Epochs = null };
    }

    /// <returns>"was 0.05" where the value is not that of the starting point.</returns>
    public string? Mark(HyperparameterInfo info)
    {
        var (was, now) = (info.Text(Baseline.Hyperparameters), info.Text(info == Ranges.Epochs ? Hyperparameters : Resolved));
        return was == now ? null : $"was {(info is HyperparameterRange ? was : char.ToLowerInvariant(was[0]) + was[1..])}";
    }

    public string? NetworkMark => Baseline.Network == Network.Name ? null : $"was {RunSettings.NetworkTitle(Baseline.Network)}";

    public string? DatasetMark(Func<string, string> title) => IsCopy && Baseline.Dataset != Dataset ? $"was {title(Baseline.Dataset)}" : null;

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
                var count => $"{DisplayText.Leading(count)} settings differ from {from}.",
            };
        }
    }

    /// <summary>Hosts that are up, for <see cref="MemoryProblem"/>.</summary>
    public IReadOnlyList<LabHost> Hosts { get; set; } = [];

    /// <summary>Why no host has the memory, and which batch size fits; null where one has.</summary>
    public string? MemoryProblem => Hyperparameters.Problems(Network).Count == 0 ? MemoryCapacity.Problem(Hosts, Varied, Resolved) : null;

    /// <summary>Sentences that say why it cannot start; empty when it can.</summary>
    public IReadOnlyList<string> Problems =>
    [
        .. Dataset is null ? ["Choose the images first."] : Array.Empty<string>(),
        .. _unread.Values,
        .. Hyperparameters.Problems(Network),
        .. EpochsProblem is { } problem ? [problem] : Array.Empty<string>(),
        .. MemoryProblem is { } memory ? [memory] : Array.Empty<string>(),
    ];

    /// <exception cref="InvalidOperationException">There are <see cref="Problems"/>.</exception>
    public RunRequest ToRequest() => Problems.Count == 0
        ? new(Name.Trim(), Asked, IsCopy ? Source!.Id : null) { IdempotencyKey = IdempotencyKey }
        : throw new InvalidOperationException(string.Join(" ", Problems));

    private RunSettings Asked => new(Dataset ?? "", Network.Name, Hyperparameters);

    private string? EpochsProblem
    {
        get
        {
            if (Hyperparameters.Epochs is null || TrainingImages is not { } images || Hyperparameters.Problems().Count > 0) return null;
            try { Hyperparameters.Resolve(images); return null; }
            catch (ArgumentException exception) { return exception.Message; }
        }
    }
}
