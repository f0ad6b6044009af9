using System.Globalization;

namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>Where a hyperparameter stands in forms and help texts.</summary>
public enum HyperparameterGroup { Learning, Loss, Augmentation, Network, Run }

/// <summary>One hyperparameter as forms, help texts, the API and comparisons show it.</summary>
/// <param name="Name">JSON name, such as <c>batchSize</c>.</param>
/// <param name="Title">Words, such as "Batch size".</param>
/// <param name="Meaning">Half a sentence for help texts.</param>
public abstract record HyperparameterInfo(string Name, string Title, string Meaning, HyperparameterGroup Group)
{
    /// <summary>What a value that is left to the network is called.</summary>
    public const string Own = "own";

    /// <summary>Whether it changes anything beside the other values; one that does not need not be shown.</summary>
    public Func<Hyperparameters, bool> Matters { get; init; } = _ => true;

    /// <summary>Whether it decides what a run learns; one that does not is no difference between two runs.</summary>
    public bool ChangesResults { get; init; } = true;

    /// <summary>On the command line: <c>--batch-size</c>.</summary>
    public string Option => "--" + string.Concat(Name.Select(letter => char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : letter.ToString()));

    /// <summary>"1 to 128", or "sgd, momentum, nesterov, adam or adamw".</summary>
    public abstract string Allowed { get; }

    /// <returns>The value as <see cref="Change"/> takes it: 0.05, 1000000, <c>cosine</c>, <c>on</c>, <c>own</c>.</returns>
    public abstract string Word(Hyperparameters hyperparameters);

    /// <returns>The value as it is shown: 0.05, 1,000,000, Cosine, On.</returns>
    public abstract string Text(Hyperparameters hyperparameters);

    /// <returns>A sentence that says what is allowed, or null when all is well.</returns>
    public abstract string? Problem(Hyperparameters hyperparameters);

    /// <returns>The same with this one changed; a number out of range is taken and found by <see cref="Problem"/>.</returns>
    /// <exception cref="ArgumentException">The word is none of its values; the message is a sentence that says what is allowed.</exception>
    public abstract Hyperparameters Change(Hyperparameters hyperparameters, string word);
}

/// <summary>A number.</summary>
/// <param name="Value">Null where it is left to the network.</param>
/// <param name="Set">The reverse of <paramref name="Value"/>.</param>
public sealed record HyperparameterRange(
    string Name, string Title, double Least, double Most, Func<Hyperparameters, double?> Value, Func<Hyperparameters, double?, Hyperparameters> Set,
    string Meaning, HyperparameterGroup Group) : HyperparameterInfo(Name, Title, Meaning, Group)
{
    public bool IsWhole { get; init; } = true;

    /// <summary>What no number is called, such as <see cref="HyperparameterInfo.Own"/>; null where there must be one.</summary>
    public string? WordForNone { get; init; }

    /// <summary>Of what, such as "steps"; empty where the title says it.</summary>
    public string Unit { get; init; } = "";

    public override string Allowed => FormattableString.Invariant($"{Least:0.########} to {Most:0.########}{(WordForNone is null ? "" : $", or {WordForNone}")}");

    public override string Word(Hyperparameters hyperparameters) => Value(hyperparameters)?.ToString("0.########", CultureInfo.InvariantCulture) ?? WordForNone ?? "";

    public override string Text(Hyperparameters hyperparameters) => Text(Value(hyperparameters));

    /// <returns>With all the digits it was given: 0.05, 1,000,000; a seed without separators.</returns>
    public string Text(double? value) =>
        value?.ToString(Name == "seed" ? "0" : "#,##0.########", CultureInfo.InvariantCulture) ?? (WordForNone == Own ? "The network's own" : "None");

    public override string? Problem(Hyperparameters hyperparameters) => Value(hyperparameters) switch
    {
        null => null,
        { } value when value >= Least && value <= Most => null,      // NaN is out of every range
        { } value => FormattableString.Invariant($"{Title} must be from {Least:0.########} to {Most:0.########}, not {value:0.########}."),
    };

    public override Hyperparameters Change(Hyperparameters hyperparameters, string word)
    {
        if (word == WordForNone) return Set(hyperparameters, null);
        if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && (!IsWhole || (value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue)))
        {
            return Set(hyperparameters, value);
        }
        throw new ArgumentException(FormattableString.Invariant($"{Title} must be a {(IsWhole ? "whole " : "")}number from {Least:0.########} to {Most:0.########}, not \"{word}\"."));
    }
}

/// <summary>One of a few words.</summary>
/// <param name="Options">Words as in JSON, and as they are shown.</param>
/// <param name="Value">The word.</param>
public sealed record HyperparameterChoice(
    string Name, string Title, IReadOnlyList<HyperparameterOption> Options, Func<Hyperparameters, string> Value,
    Func<Hyperparameters, string, Hyperparameters> Set, string Meaning, HyperparameterGroup Group) : HyperparameterInfo(Name, Title, Meaning, Group)
{
    public override string Allowed => $"{string.Join(", ", Options.SkipLast(1).Select(option => option.Word))} or {Options[^1].Word}";

    public override string Word(Hyperparameters hyperparameters) => Value(hyperparameters);

    public override string Text(Hyperparameters hyperparameters) =>
        Options.FirstOrDefault(option => option.Word == Value(hyperparameters))?.Title ?? Value(hyperparameters);

    public override string? Problem(Hyperparameters hyperparameters) =>
        Options.Any(option => option.Word == Value(hyperparameters)) ? null : Refusal(Value(hyperparameters));

    public override Hyperparameters Change(Hyperparameters hyperparameters, string word) =>
        Options.FirstOrDefault(option => string.Equals(option.Word, word, StringComparison.OrdinalIgnoreCase)) is { } option
            ? Set(hyperparameters, option.Word)
            : throw new ArgumentException(Refusal(word));

    private string Refusal(string word) => $"{Title} must be {Allowed}, not \"{word}\".";
}

/// <param name="Word">As in JSON, API and command line.</param>
/// <param name="Title">As it is shown.</param>
public sealed record HyperparameterOption(string Word, string Title);

/// <summary>On or off.</summary>
public sealed record HyperparameterSwitch(
    string Name, string Title, Func<Hyperparameters, bool> Value, Func<Hyperparameters, bool, Hyperparameters> Set,
    string Meaning, HyperparameterGroup Group) : HyperparameterInfo(Name, Title, Meaning, Group)
{
    public const string On = "on";
    public const string Off = "off";

    public override string Allowed => $"{On} or {Off}";

    public override string Word(Hyperparameters hyperparameters) => Value(hyperparameters) ? On : Off;

    public override string Text(Hyperparameters hyperparameters) => Value(hyperparameters) ? "On" : "Off";

    public override string? Problem(Hyperparameters hyperparameters) => null;

    public override Hyperparameters Change(Hyperparameters hyperparameters, string word) => word.ToLowerInvariant() switch
    {
        On or "true" => Set(hyperparameters, true),
        Off or "false" => Set(hyperparameters, false),
        _ => throw new ArgumentException($"{Title} must be {Allowed}, not \"{word}\"."),
    };
}
