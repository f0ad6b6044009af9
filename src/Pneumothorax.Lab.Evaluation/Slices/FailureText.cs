namespace Pneumothorax.Lab.Evaluation.Slices;

/// <summary>What puts a mistake first.</summary>
public enum FailureSort
{
    /// <summary>The cross-entropy of the image, the highest first.</summary>
    Loss,
    /// <summary>How far on the wrong side of the threshold, the furthest first.</summary>
    Confidence,
    /// <summary>Closest to the threshold first.</summary>
    Doubt,
    /// <summary>How differently another run scores the image.</summary>
    Disagreement,
}

/// <summary>Which images are shown.</summary>
public enum FailureFilter
{
    Wrong,
    Missed,
    FalseAlarm,
    Found,
    RightlyClear,
    All,
}

/// <summary>Orders and filters in words and in addresses.</summary>
public static class FailureText
{
    public static string Word(this FailureSort sort) => sort.ToString().ToLowerInvariant();

    public static FailureSort ParseSort(string? word) => Enum.GetValues<FailureSort>().FirstOrDefault(sort => sort.Word() == word);

    public static string Title(this FailureSort sort) => sort switch
    {
        FailureSort.Loss => "Loss, highest first",
        FailureSort.Confidence => "Confidence, most confidently wrong first",
        FailureSort.Doubt => "Uncertainty, closest to the threshold first",
        FailureSort.Disagreement => "Disagreement with another run",
        _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "Not an order."),
    };

    public static string Word(this FailureFilter filter) => filter switch
    {
        FailureFilter.Wrong => "wrong",
        FailureFilter.Missed => Outcome.Missed.Word(),
        FailureFilter.FalseAlarm => Outcome.FalseAlarm.Word(),
        FailureFilter.Found => Outcome.Found.Word(),
        FailureFilter.RightlyClear => Outcome.RightlyClear.Word(),
        FailureFilter.All => "all",
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "Not a filter."),
    };

    public static FailureFilter ParseFilter(string? word) => Enum.GetValues<FailureFilter>().FirstOrDefault(filter => filter.Word() == word);

    public static bool Lets(this FailureFilter filter, Outcome outcome) => filter switch
    {
        FailureFilter.Wrong => !outcome.IsRight(),
        FailureFilter.Missed => outcome == Outcome.Missed,
        FailureFilter.FalseAlarm => outcome == Outcome.FalseAlarm,
        FailureFilter.Found => outcome == Outcome.Found,
        FailureFilter.RightlyClear => outcome == Outcome.RightlyClear,
        _ => true,
    };

    /// <returns>The filter that shows the images of one cell of the table.</returns>
    public static FailureFilter Of(Outcome outcome) => ParseFilter(outcome.Word());
}
