using Hangfire;
using Hangfire.Server;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>What Hangfire executes. Public because Hangfire calls it; nothing else does.</summary>
public sealed class RunJob
{
    /// <summary>Hosts look for a job every second.</summary>
    private static readonly TimeSpan s_forAnother = TimeSpan.FromSeconds(3);

    private readonly RunAgent _agent;
    private readonly RunQueue _queue;
    private readonly RunTransitions _transitions;

    internal RunJob(RunAgent agent, RunQueue queue, RunTransitions transitions) =>
        (_agent, _queue, _transitions) = (agent, queue, transitions);

    /// <summary>Serves one run: not the one that it was put into the queue for, but the first in the queue by the rows.</summary>
    /// <param name="context">Hangfire puts it in here, and the token too.</param>
    /// <param name="shutdown">This host ends, or the job has been given to another one.</param>
    // No second try by Hangfire: whether a run is tried again, its row says.
    [AutomaticRetry(Attempts = 0, LogEvents = false)]
    public async Task ExecuteAsync(PerformContext context, CancellationToken shutdown)
    {
        if (await _agent.ExecuteAsync(context.BackgroundJob.Id, shutdown, _queue.Ending) is not { } taken)
        {
            if (await _transitions.LeavesToOthersAsync(shutdown))
            {
                // The job goes back, and this slot stands still, so that the other host has the time to take it.
                _queue.Enqueue();
                await Task.Delay(s_forAnother, shutdown);
            }
            return;
        }
        // Back in line, since this host ends, failed, or could not reach the database any more. The next one that is free goes on.
        if (await _transitions.FindAsync(taken.Id, CancellationToken.None) is { State: RunState.Queued }) _queue.Enqueue();
        // A job for their next run may have come by while this one was under way, and found nothing to take.
        else if (taken.OwnerId is { } owner && await _transitions.IsWaitingAsync(owner, CancellationToken.None)) _queue.Enqueue();
    }
}
