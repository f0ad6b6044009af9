namespace Pneumothorax.Lab.Datasets.Viewing;

/// <summary>Which images of a split a reader goes through. In addresses: <c>all</c>, <c>has</c>, <c>not</c>.</summary>
public enum LabelFilter
{
    All,
    Has,
    Not,
}

public static class LabelFilters
{
    public static string Word(this LabelFilter filter) => filter switch
    {
        LabelFilter.Has => "has",
        LabelFilter.Not => "not",
        _ => "all",
    };

    /// <returns>All for any other word: an old link still shows something.</returns>
    public static LabelFilter Parse(string? word) => word switch
    {
        "has" => LabelFilter.Has,
        "not" => LabelFilter.Not,
        _ => LabelFilter.All,
    };

    public static bool Lets(this LabelFilter filter, bool hasPneumothorax) => filter == LabelFilter.All || (filter == LabelFilter.Has) == hasPneumothorax;
}
