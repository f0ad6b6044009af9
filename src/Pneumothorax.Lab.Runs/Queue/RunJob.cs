using Hangfire;
using Hangfire.Server;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Storage;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>What Hangfire executes. Public because Hangfire calls it; nothing else does.</summary>
public sealed class RunJob
{
    private readonly RunAgent _agent;
    private readonly RunQueue _queue;
    private readonly RunTransitions _transitions;

    internal RunJob(RunAgent agent, RunQueue queue, RunTransitions transitions) =>
        (_agent, _queue, _transitions) = (agent, queue, transitions);

    /// <param name="context">Hangfire puts it in here, and the token too.</param>
    /// <param name="shutdown">This host ends, or the job has been given to another one.</param>
    // No second try by Hangfire: a run that failed says so, and its owner resumes it.
    [AutomaticRetry(Attempts = 0, LogEvents = false)]
    public async Task ExecuteAsync(int runId, PerformContext context, CancellationToken shutdown)
    {
        var taken = await _agent.ExecuteAsync(runId, context.BackgroundJob.Id, shutdown);
        var run = await _transitions.FindAsync(runId, CancellationToken.None);
        // Back in line, since this host ends or could not reach the database any more. The next one that is free goes on.
        if (taken is not null && run is { State: RunState.Queued }) _queue.Enqueue(runId);
        if (run is not { IsOver: true, OwnerId: { } owner } || shutdown.IsCancellationRequested) return;

        // A job for his next run may have come by while this one was under way, and found nothing to take.
        if (await _transitions.FirstWaitingOfAsync(owner, shutdown) is { } next) _queue.Enqueue(next);
    }
}
