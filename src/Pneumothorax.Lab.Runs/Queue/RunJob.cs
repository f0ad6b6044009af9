using Hangfire;
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

    /// <param name="shutdown">Hangfire puts its own token in here.</param>
    // No second try by Hangfire: a run that failed says so, and its owner resumes it.
    [AutomaticRetry(Attempts = 0, LogEvents = false)]
    public async Task ExecuteAsync(int runId, CancellationToken shutdown)
    {
        var run = await _agent.ExecuteAsync(runId, shutdown);
        if (run?.OwnerId is not { } owner || shutdown.IsCancellationRequested) return;

        // A job for his next run may have come by while this one was under way, and found nothing to take.
        if (await _transitions.FirstWaitingOfAsync(owner, shutdown) is { } next) _queue.Enqueue(next);
    }
}
