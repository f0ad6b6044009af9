namespace Pneumothorax.Lab.Evaluation;

/// <summary>How the model's answer about one image compares with its label.</summary>
public enum Outcome
{
    /// <summary>HAS, and called HAS.</summary>
    Found,
    /// <summary>HAS, but called clear.</summary>
    Missed,
    /// <summary>DOES NOT have, but called HAS.</summary>
    FalseAlarm,
    /// <summary>DOES NOT have, and called clear.</summary>
    RightlyClear,
}

/// <summary>The outcomes in words and in addresses.</summary>
public static class Outcomes
{
    public static IReadOnlyList<Outcome> All { get; } = [Outcome.Found, Outcome.Missed, Outcome.FalseAlarm, Outcome.RightlyClear];

    /// <param name="probability">Of pneumothorax, by the model.</param>
    /// <param name="threshold">Called HAS from here on.</param>
    public static Outcome Of(bool hasPneumothorax, double probability, double threshold) => (hasPneumothorax, probability >= threshold) switch
    {
        (true, true) => Outcome.Found,
        (true, false) => Outcome.Missed,
        (false, true) => Outcome.FalseAlarm,
        (false, false) => Outcome.RightlyClear,
    };

    public static bool IsRight(this Outcome outcome) => outcome is Outcome.Found or Outcome.RightlyClear;

    public static string Title(this Outcome outcome) => outcome switch
    {
        Outcome.Found => "Found",
        Outcome.Missed => "Missed",
        Outcome.FalseAlarm => "False alarm",
        Outcome.RightlyClear => "Rightly clear",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
    };

    /// <returns>The word in addresses.</returns>
    public static string Word(this Outcome outcome) => outcome switch
    {
        Outcome.Found => "found",
        Outcome.Missed => "missed",
        Outcome.FalseAlarm => "false-alarm",
        Outcome.RightlyClear => "clear",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
    };

    /// <returns>Null for any other word, which means all images.</returns>
    public static Outcome? Parse(string? word) => All.Cast<Outcome?>().FirstOrDefault(outcome => outcome?.Word() == word);
}
