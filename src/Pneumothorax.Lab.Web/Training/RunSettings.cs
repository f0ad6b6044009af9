using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;

namespace Pneumothorax.Lab.Web.Training;

/// <summary>One thing that was decided before a run.</summary>
/// <param name="Name">As in <c>run.json</c>.</param>
/// <param name="Title">Words.</param>
/// <param name="Text">The value as it is shown; equal texts mean equal values.</param>
public sealed record Setting(string Name, string Title, string Text);

/// <summary>A setting that two runs, or a form and its starting point, do not share.</summary>
public sealed record SettingChange(string Name, string Title, string Was, string Is);

/// <summary>Everything that decides a run's numbers, as a list to show and to compare.</summary>
public sealed record RunSettings(string Dataset, string Network, Hyperparameters Hyperparameters)
{
    public const string DatasetName = "dataset";
    public const string NetworkName = "network";

    public static RunSettings Of(Run run) => new(run.Dataset, run.Network, run.Hyperparameters);

    /// <summary>Learning first, as in the launch form: it is what students change.</summary>
    /// <param name="datasetTitle">Turns a data set's name into its title.</param>
    public IReadOnlyList<Setting> List(Func<string, string>? datasetTitle = null) =>
    [
        new(DatasetName, "Images", datasetTitle?.Invoke(Dataset) ?? Dataset),
        new(NetworkName, "Network", NetworkTitle(Network)),
        .. from info in Ranges.All where info != Ranges.Epochs select new Setting(info.Name, info.Title, info.Text(Hyperparameters)),
    ];

    /// <summary>What another's settings change in these.</summary>
    public IReadOnlyList<SettingChange> ChangesTo(RunSettings other, Func<string, string>? datasetTitle = null) =>
        [.. from pair in List(datasetTitle).Zip(other.List(datasetTitle))
            where pair.First.Text != pair.Second.Text
            select new SettingChange(pair.First.Name, pair.First.Title, pair.First.Text, pair.Second.Text)];

    /// <returns>"Light" for <c>lite</c>; a network that is no longer known keeps its name.</returns>
    public static string NetworkTitle(string name) => NetworkSpec.All.FirstOrDefault(network => network.Name == name)?.Title ?? name;

    /// <summary>A hyperparameter's value with all the digits it was given: 0.05, 1,000,000; a seed without separators.</summary>
    public static string Text(HyperparameterRange range, double? value) => range.Text(value);
}
