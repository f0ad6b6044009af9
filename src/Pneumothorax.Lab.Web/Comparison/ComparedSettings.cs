using Pneumothorax.Lab.Web.Training;

namespace Pneumothorax.Lab.Web.Comparison;

/// <summary>One setting over all compared runs, in their order.</summary>
public sealed record ComparedSetting(string Title, IReadOnlyList<string> Values)
{
    public bool Differs => Values.Any(value => value != Values[0]);

    /// <summary>Whether a cell is marked: it is not as in the first run.</summary>
    public bool IsMarked(int run) => Values[run] != Values[0];
}

/// <summary>The settings of several runs, side by side.</summary>
public static class ComparedSettings
{
    /// <param name="runs">At least one.</param>
    /// <param name="datasetTitle">Turns a data set's name into its title.</param>
    /// <returns>All settings, in the order of <see cref="RunSettings.List"/>.</returns>
    public static IReadOnlyList<ComparedSetting> Of(IReadOnlyList<RunSettings> runs, Func<string, string>? datasetTitle = null)
    {
        var lists = runs.Select(run => run.List(datasetTitle)).ToList();
        return [.. lists[0].Select((setting, i) => new ComparedSetting(setting.Title, [.. lists.Select(list => list[i].Text)]))];
    }
}
