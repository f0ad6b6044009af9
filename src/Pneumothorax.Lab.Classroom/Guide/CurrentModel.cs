using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Guide;

/// <summary>
/// The trained run that the guided pages use: the one that the reader restored, else the reference run. One a page (circuit), so
/// that all live parts of a chapter change together.
/// </summary>
public sealed class CurrentModel(IDbContextFactory<LabDbContext> contexts, RunStore runs)
{
    /// <summary>Raised on the dispatcher of the page that chose.</summary>
    public event Action? Changed;

    /// <returns>Null when there is no reference run and the reader has restored none, or what they restored is gone.</returns>
    public async Task<Run?> FindAsync(Viewer viewer, CancellationToken cancellationToken = default)
    {
        var chosen = await ChosenIdAsync(viewer, cancellationToken);
        if (chosen is { } id && await runs.FindAsync(id, viewer, cancellationToken) is { } run && run.IsListedFor(viewer) && CanBeRestored(run)) return run;
        return (await CandidatesAsync(viewer, cancellationToken)).FirstOrDefault(candidate => candidate.IsReference);
    }

    /// <returns>Every run that this reader may restore: finished, evaluated, and theirs to see. The newest first.</returns>
    public async Task<IReadOnlyList<Run>> CandidatesAsync(Viewer viewer, CancellationToken cancellationToken = default) =>
        [.. (await runs.ListAsync(viewer, cancellationToken)).Where(CanBeRestored)];

    /// <summary>Makes a run the current model of the guided pages.</summary>
    /// <param name="runId">Null for the reference run.</param>
    /// <exception cref="RunNotFoundException">There is no such run for this reader.</exception>
    /// <exception cref="RequestRefusedException">It is not finished, or has no evaluation; or nobody is signed in.</exception>
    public async Task RestoreAsync(int? runId, Viewer viewer, CancellationToken cancellationToken = default)
    {
        if (viewer.MemberId is not { } memberId) throw new RequestRefusedException("Join the class to choose a model.");
        if (runId is { } id)
        {
            var run = await runs.GetListedAsync(id, viewer, cancellationToken);
            if (!CanBeRestored(run)) throw new RequestRefusedException($"Run {id} has no evaluation yet. A run can be restored once it has finished.") { MayPassLater = true };
        }
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Members.Where(member => member.Id == memberId)
            .ExecuteUpdateAsync(set => set.SetProperty(member => member.CurrentRunId, runId), cancellationToken);
        Changed?.Invoke();
    }

    private bool CanBeRestored(Run run) => run.IsOver && File.Exists(runs.FolderOf(run).EvaluationPath);

    private async Task<int?> ChosenIdAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        if (viewer.MemberId is not { } memberId) return null;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Members.Where(member => member.Id == memberId).Select(member => member.CurrentRunId).SingleOrDefaultAsync(cancellationToken);
    }
}
