using Pneumothorax.Lab.Experiments.Networks;

namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>One thing that was decided before a run.</summary>
/// <param name="Name">As in <c>run.json</c>.</param>
/// <param name="Title">Words.</param>
/// <param name="Text">The value as it is shown; equal texts mean equal values.</param>
/// <param name="Telling">Says something of this run: it is always of interest, or not as it usually is.</param>
public sealed record Setting(string Name, string Title, string Text, bool Telling = true);

/// <summary>A setting that two runs, or a form and its starting point, do not share.</summary>
public sealed record SettingChange(string Name, string Title, string Was, string Is);

/// <summary>Everything that decides a run's numbers: what a form and a request ask for, a row and a <c>run.json</c> keep, and pages show and compare.</summary>
/// <param name="Dataset">Name of a registered data set.</param>
/// <param name="Network">Name of a <see cref="NetworkSpec"/>.</param>
public sealed record RunSettings(string Dataset, string Network, Hyperparameters Hyperparameters)
{
    public const string DatasetName = "dataset";
    public const string NetworkName = "network";

    private static readonly Hyperparameters s_usual = new();

    /// <summary>What one asks of any run.</summary>
    private static readonly HyperparameterInfo[] s_core =
        [Ranges.LearningRate, Ranges.Schedule, Ranges.BatchSize, Ranges.Steps, Ranges.Optimizer, Ranges.Seed];

    /// <summary>Names of all settings, in the order of <see cref="List"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [DatasetName, NetworkName, .. from info in Ranges.All where IsSetting(info) select info.Name];

    /// <summary>
    /// Images and network, then learning, in the order of <see cref="Ranges.All"/>. What changes nothing beside the other values, such
    /// as the momentum of Adam, is left out.
    /// </summary>
    /// <param name="datasetTitle">Turns a data set's name into its title.</param>
    public IReadOnlyList<Setting> List(Func<string, string>? datasetTitle = null) =>
    [
        new(DatasetName, "Images", datasetTitle?.Invoke(Dataset) ?? Dataset),
        new(NetworkName, "Network", NetworkTitle(Network)),
        .. from info in Ranges.All
           where IsSetting(info) && info.Matters(Hyperparameters)
           let text = info.Text(Hyperparameters)
           select new Setting(info.Name, info.Title, text, s_core.Contains(info) || text != info.Text(s_usual)),
    ];

    /// <summary>What another's settings change in these; what changes nothing in the other does not count.</summary>
    public IReadOnlyList<SettingChange> ChangesTo(RunSettings other, Func<string, string>? datasetTitle = null)
    {
        var all = Ranges.All.ToDictionary(info => info.Name);
        var was = List(datasetTitle).ToDictionary(setting => setting.Name, setting => setting.Text);
        return
        [
            .. from setting in other.List(datasetTitle)
               let before = was.GetValueOrDefault(setting.Name) ?? all[setting.Name].Text(Hyperparameters)
               where before != setting.Text
               select new SettingChange(setting.Name, setting.Title, before, setting.Text),
        ];
    }

    /// <summary>Epochs are steps by now, and what is recorded decides nothing.</summary>
    private static bool IsSetting(HyperparameterInfo info) => info != Ranges.Epochs && info.ChangesResults;

    /// <summary>"batch 15, rate 0.02 (warm-up, cosine), Adam".</summary>
    public string Summary
    {
        get
        {
            var h = Hyperparameters;
            List<string> shape = [.. h.WarmUpSteps > 0 ? ["warm-up"] : Array.Empty<string>(), .. h.Schedule == Schedule.Constant ? Array.Empty<string>() : [Ranges.Schedule.Text(h).ToLowerInvariant()]];
            return $"batch {h.BatchSize}, rate {Ranges.LearningRate.Text(h)}{(shape.Count > 0 ? $" ({string.Join(", ", shape)})" : "")}, {Ranges.Optimizer.Text(h)}";
        }
    }

    /// <returns>"Light" for <c>lite</c>; a network that is no longer known keeps its name.</returns>
    public static string NetworkTitle(string name) => NetworkSpec.All.FirstOrDefault(network => network.Name == name)?.Title ?? name;

    /// <summary>A hyperparameter's value with all the digits it was given: 0.05, 1,000,000; a seed without separators.</summary>
    public static string Text(HyperparameterRange range, double? value) => range.Text(value);
}
