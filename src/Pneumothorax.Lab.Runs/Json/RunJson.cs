using System.Text.Json.Serialization;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Json;

/// <summary>A run as the API shows it.</summary>
/// <param name="Owner">Null for the reference run.</param>
/// <param name="Message">Why it ended as it did, in one line.</param>
/// <param name="BestStep">Step of the checkpoint with the highest validation AUROC.</param>
/// <param name="Reference">Ships with the lab; everybody sees it.</param>
/// <param name="Shared">The members of its owner's section may read it.</param>
public sealed record RunJson(
    int Id, string Name, string? Owner, string Dataset, string Network, Hyperparameters Hyperparameters, RunState State, int Step, int Steps,
    int Attempt, string? Message, double? ImagesPerSecond, double? SecondsLeft, int? BestStep,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, bool Reference, bool Shared)
{
    /// <summary>Absent for a run that does not wait in the queue.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WaitJson? Wait { get; init; }

    /// <summary>The first one first. Absent in lists of runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AttemptJson>? Attempts { get; init; }

    public static RunJson Of(Run run) => new(
        run.Id, run.Name, run.Owner?.Name, run.Dataset, run.Network, run.Hyperparameters, run.State, run.Step, run.Hyperparameters.Steps,
        run.Attempt, run.Message, run.ImagesPerSecond, run.SecondsLeft, run.BestStep,
        run.CreatedAt, run.StartedAt, run.EndedAt, run.IsReference, run.SharedAt is not null);
}

/// <summary>How a run waits in the queue, as its page says it.</summary>
/// <param name="Place">1 for the run that starts next.</param>
/// <param name="ExpectedStart">Should nobody join the queue meanwhile; null where that cannot be told.</param>
/// <param name="Why">Why it waits, in a sentence or two.</param>
public sealed record WaitJson(int Place, DateTimeOffset? ExpectedStart, string Why);

/// <summary>One attempt at a run.</summary>
/// <param name="BeganAt">When it got its slot.</param>
/// <param name="EndedAt">Null while it goes on.</param>
/// <param name="FromStep">The step that it went on from; null where it did not come so far, and while it goes on.</param>
/// <param name="Step">The last step that it did; null while it goes on.</param>
/// <param name="Counts">Whether its time counts in the fair order of the queue: false for one that failed because of its host.</param>
/// <param name="End">How it ended, in one line; null while it goes on.</param>
public sealed record AttemptJson(
    int Number, string Host, DateTimeOffset BeganAt, DateTimeOffset? EndedAt, int? FromStep, int? Step, bool Counts, string? End)
{
    public static AttemptJson Of(RunAttempt use) => new(use.Attempt, use.Host, use.BeganAt, use.EndedAt, use.FromStep, use.Step, use.IsCharged, use.End);
}

/// <summary>Body of <c>POST /api/runs</c>. What is left out has the default of the launch form; unknown names are ignored.</summary>
/// <param name="Name">Empty for "Run N".</param>
/// <param name="Dataset">Name of a registered data set.</param>
/// <param name="Network">Name of a network, such as <c>lite</c>.</param>
public sealed record RunBody(string? Name, string? Dataset, string? Network, Hyperparameters? Hyperparameters)
{
    /// <exception cref="RequestRefusedException">A name that a run cannot do without is missing.</exception>
    public RunRequest ToRequest()
    {
        if (string.IsNullOrWhiteSpace(Dataset)) throw new RequestRefusedException("dataset is missing: name a registered data set.");
        if (string.IsNullOrWhiteSpace(Network)) throw new RequestRefusedException("network is missing: name a network, such as \"lite\".");
        return new(Name ?? "", Dataset, Network, Hyperparameters ?? new());
    }
}
