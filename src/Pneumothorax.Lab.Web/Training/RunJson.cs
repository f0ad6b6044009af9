using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;

namespace Pneumothorax.Lab.Web.Training;

/// <summary>A run as the API shows it.</summary>
/// <param name="Owner">Null for the reference run.</param>
/// <param name="Message">Why it ended as it did, in one line.</param>
/// <param name="BestStep">Step of the checkpoint with the highest validation AUROC.</param>
/// <param name="Reference">Ships with the lab; everybody sees it.</param>
internal sealed record RunJson(
    int Id, string Name, string? Owner, string Dataset, string Network, Hyperparameters Hyperparameters, RunState State, int Step, int Steps,
    int Attempt, string? Message, double? ImagesPerSecond, double? SecondsLeft, int? BestStep,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, bool Reference)
{
    public static RunJson Of(Run run) => new(
        run.Id, run.Name, run.Owner?.Name, run.Dataset, run.Network, run.Hyperparameters, run.State, run.Step, run.Hyperparameters.Steps,
        run.Attempt, run.Message, run.ImagesPerSecond, run.SecondsLeft, run.BestStep,
        run.CreatedAt, run.StartedAt, run.EndedAt, run.IsReference);
}

/// <summary>Body of <c>POST /api/runs</c>. What is left out has the default of the launch form; unknown names are ignored.</summary>
/// <param name="Name">Empty for "Run N".</param>
/// <param name="Dataset">Name of a registered data set.</param>
/// <param name="Network">Name of a network, such as <c>lite</c>.</param>
internal sealed record RunBody(string? Name, string? Dataset, string? Network, Hyperparameters? Hyperparameters)
{
    /// <exception cref="RunRefusedException">A name that a run cannot do without is missing.</exception>
    public RunRequest ToRequest()
    {
        if (string.IsNullOrWhiteSpace(Dataset)) throw new RunRefusedException("dataset is missing: name a registered data set.");
        if (string.IsNullOrWhiteSpace(Network)) throw new RunRefusedException("network is missing: name a network, such as \"lite\".");
        return new(Name ?? "", Dataset, Network, Hyperparameters ?? new());
    }
}
