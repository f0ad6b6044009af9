using System.CommandLine;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Commands.Training;

/// <summary>One option a hyperparameter, with the lab's defaults and ranges in the help text.</summary>
internal sealed class HyperparameterOptions
{
    private static readonly Hyperparameters s_defaults = new();

    private readonly IReadOnlyList<(HyperparameterInfo Info, Option<string?> Option)> _options;

    /// <param name="group">The only ones to offer; null for all.</param>
    public HyperparameterOptions(HyperparameterGroup? group = null) =>
        _options = [.. Ranges.All.Where(info => group is null || info.Group == group).Select(info => (info, Create(info)))];

    public IEnumerable<Option> All => _options.Select(pair => pair.Option);

    /// <exception cref="ArgumentException">Values out of range: all of them in one line.</exception>
    public Hyperparameters Read(ParseResult parsed)
    {
        var hyperparameters = s_defaults;
        List<string> problems = [];
        foreach (var (info, option) in _options)
        {
            if (parsed.GetResult(option) is not { Implicit: false } given) continue;
            try
            {
                // "--flip" alone switches it on.
                hyperparameters = info.Change(hyperparameters, given.Tokens.Count == 0 ? HyperparameterSwitch.On : given.Tokens[0].Value);
            }
            catch (ArgumentException exception)
            {
                problems.Add(exception.Message);
            }
        }
        if (hyperparameters.Epochs is not null && parsed.GetResult(OptionOf(Ranges.Steps)) is { Implicit: false })
            problems.Add("Give either --steps or --epochs, not both.");
        problems.AddRange(hyperparameters.Problems());
        return problems.Count == 0 ? hyperparameters : throw new ArgumentException(string.Join(" ", problems));
    }

    /// <exception cref="ArgumentException">Values out of range, or that do not go with the network: all of them in one line.</exception>
    public static void Check(RunSpec spec)
    {
        if (spec.Hyperparameters.Problems(NetworkSpec.Find(spec.Network)) is { Count: > 0 } problems) throw new ArgumentException(string.Join(" ", problems));
    }

    private Option<string?> OptionOf(HyperparameterInfo info) => _options.Single(pair => pair.Info == info).Option;

    private static Option<string?> Create(HyperparameterInfo info) => new(info.Option)
    {
        HelpName = info is HyperparameterRange ? "N" : info.Allowed.Replace(", ", "|", StringComparison.Ordinal).Replace(" or ", "|", StringComparison.Ordinal),
        Description = $"{char.ToUpperInvariant(info.Meaning[0])}{info.Meaning[1..]}{(info is HyperparameterRange ? $", {info.Allowed}" : "")}",
        DefaultValueFactory = _ => info.Word(s_defaults),
        Arity = info is HyperparameterSwitch ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };
}
