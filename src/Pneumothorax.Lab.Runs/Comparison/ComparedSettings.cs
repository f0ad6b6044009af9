using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Comparison;

/// <summary>One setting over all compared runs, in their order.</summary>
/// <param name="Name">As in <c>run.json</c>.</param>
/// <param name="Values">Null for a run in which it changes nothing, such as the momentum of Adam.</param>
/// <param name="Telling">It is always of interest, or some run has it not as usual.</param>
public sealed record ComparedSetting(string Name, string Title, IReadOnlyList<string?> Values, bool Telling)
{
    public bool Differs => Values.OfType<string>().Distinct().Count() > 1;

    /// <summary>The value that all runs share which have one.</summary>
    public string Shared => Values.OfType<string>().First();

    /// <summary>Whether a cell is marked: it is not as in the first run.</summary>
    public bool IsMarked(int run) => Values[run] is not null && Values[run] != Values[0];
}

/// <summary>The settings of several runs, side by side.</summary>
public static class ComparedSettings
{
    /// <param name="runs">At least one.</param>
    /// <param name="datasetTitle">Turns a data set's name into its title.</param>
    /// <returns>All settings, in the order of <see cref="RunSettings.List"/>; those that are as usual everywhere come last.</returns>
    public static IReadOnlyList<ComparedSetting> Of(IReadOnlyList<RunSettings> runs, Func<string, string>? datasetTitle = null)
    {
        var lists = runs.Select(run => run.List(datasetTitle).ToDictionary(setting => setting.Name)).ToList();
        return
        [
            .. from name in RunSettings.Names
               let cells = lists.Select(list => list.GetValueOrDefault(name)).ToList()
               where cells.Any(cell => cell is not null)
               let telling = cells.Any(cell => cell?.Telling == true)
               orderby telling descending
               select new ComparedSetting(name, cells.First(cell => cell is not null)!.Title, [.. cells.Select(cell => cell?.Text)], telling),
        ];
    }
}
