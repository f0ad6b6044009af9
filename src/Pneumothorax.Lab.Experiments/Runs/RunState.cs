namespace Pneumothorax.Lab.Experiments.Runs;

public enum RunState
{
    Queued,
    Starting,
    Running,
    /// <summary>Asked to end; its process may still be there for a few seconds.</summary>
    Stopping,
    Completed,
    /// <summary>It cannot go on as it is: the loss became infinite, the disk is full.</summary>
    Failed,
    Canceled,
    /// <summary>Its process vanished; it can be resumed from its newest checkpoint.</summary>
    Interrupted,
}

public static class RunStates
{
    public static bool IsOver(this RunState state) =>
        state is RunState.Completed or RunState.Failed or RunState.Canceled or RunState.Interrupted;

    public static bool CanResume(this RunState state) => state is RunState.Interrupted or RunState.Canceled or RunState.Failed;
}
