using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Hosts;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>What a host did to a run, in words for its owner.</summary>
/// <param name="Why">What happened.</param>
/// <param name="Again">Where the run is tried again by itself.</param>
/// <param name="Over">Where that has been tried already.</param>
internal sealed record InfrastructureFailure(string Why, string Again, string Over);

/// <summary>Why a run ended, in words for its owner.</summary>
internal static class RunMessages
{
    public static string Word(RunState state) => state switch
    {
        RunState.Queued => "in the queue",
        RunState.Completed => "complete",
        RunState.Canceled => "canceled",
        _ => state.ToString().ToLowerInvariant(),
    };

    public static string Canceled(RunFolder folder) => folder.CheckpointSteps() switch
    {
        [.., var step] => $"Canceled. Its {step} steps are kept.",
        [] => "Canceled before its first checkpoint.",
    };

    /// <summary>How an attempt ended that its host did not spoil.</summary>
    /// <param name="message">Why, where there is more to say than the state.</param>
    public static string Ended(RunState state, string? message) => message ?? (state == RunState.Queued
        ? "Its host was stopped, so the run went back into the queue."
        : $"{char.ToUpperInvariant(Word(state)[0])}{Word(state)[1..]}.");

    public static string TimeUp(RunFolder folder, int minutes) => folder.CheckpointSteps() switch
    {
        [.., var step] => $"It reached its time limit of {Minutes(minutes)}. Its checkpoint of step {step} is kept: continue from there, or start a copy with fewer steps.",
        [] => $"It reached its time limit of {Minutes(minutes)} before its first checkpoint. Start a copy that saves one sooner, or ask the instructor for more time.",
    };

    public static InfrastructureFailure LostHost(Run run)
    {
        var why = $"The connection to its host {run.Host} was lost at step {run.Step}.";
        return Fault(why, "Resume continues from its newest checkpoint.") with { Again = $"{why} The run continues as soon as a slot is free, and the time does not count." };
    }

    /// <summary>Of a run that goes on, as far as anybody knows.</summary>
    public static string Silent(int step, TimeSpan silence, TimeSpan more) =>
        $"Its process has not responded for {Seconds(silence)}, at step {step}. If it does not respond within {Seconds(more)} more, it is ended and the run is tried again.";

    public static string Hung(int step, TimeSpan silence) => $"Its process hung at step {step}: it did not respond for {Seconds(silence)}, so it was ended.";

    /// <param name="memory">Bytes that it could take; null where that is not known.</param>
    public static string OutOfMemory(Run run, long? memory)
    {
        var network = NetworkSpec.All.FirstOrDefault(spec => spec.Name == run.Network)?.With(run.Hyperparameters);
        // Others may have taken what was there when it began: then the kernel ends it below what it could take.
        var free = memory is { } bytes ? Math.Clamp(HostMemory.Free() - TrainingProcess.OwnBytes, 0, bytes) : HostMemory.Free();
        return $"Memory ran out at step {run.Step}, and the process was ended: {(network is null ? "start a copy with a smaller batch." : MemoryAdvice.Of(network, run.Hyperparameters, free))}";
    }

    public static string FolderRemoved(int step) =>
        $"The folder of this run was removed from the lab's data directory, at step {step}, so its points and checkpoints are gone. Start a copy of it.";

    /// <param name="why">One line.</param>
    public static InfrastructureFailure Fault(RunFolder folder, string why) =>
        Fault(why, folder.CheckpointSteps() is [.., var kept] ? $"Resume continues from step {kept}." : "Resume starts it again.");

    /// <param name="exitCode">As the system gives it: above 128 for a signal.</param>
    /// <param name="lastWords">Last line of the standard error, if any.</param>
    public static string Vanished(int step, int exitCode, string? lastWords)
    {
        var how = exitCode > 128 ? $"was killed (signal {exitCode - 128})" : $"ended with code {exitCode}";
        var words = exitCode <= 128 && !string.IsNullOrWhiteSpace(lastWords) ? $": {InputText.Cleaned(lastWords).Trim()}" : ".";
        if (!words.EndsWith('.')) words += ".";
        return $"Its process {how} at step {step}{words}";
    }

    private static string Seconds(TimeSpan span) => Math.Round(span.TotalSeconds) switch
    {
        1 => "1 second",
        < 120 and var seconds => $"{seconds:0} seconds",
        var seconds => $"{seconds / 60:0} minutes",
    };

    private static string Minutes(int minutes) => minutes == 1 ? "1 minute" : $"{minutes} minutes";

    private static InfrastructureFailure Fault(string why, string next) => new(
        why,
        $"{why} This is a failure of the host. The run is tried again automatically, and the time does not count.",
        $"{why} It was tried twice, and the time does not count. {next}");
}
