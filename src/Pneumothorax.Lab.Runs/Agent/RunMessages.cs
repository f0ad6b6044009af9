using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>Why a run ended, in words for its owner.</summary>
internal static class RunMessages
{
    public static string Word(RunState state) => state switch
    {
        RunState.Queued => "in line",
        RunState.Completed => "complete",
        RunState.Canceled => "canceled",
        _ => state.ToString().ToLowerInvariant(),
    };

    public static string Canceled(RunFolder folder) => folder.CheckpointSteps() switch
    {
        [.., var step] => $"Canceled. Its {step} steps are kept.",
        [] => "Canceled before its first checkpoint.",
    };

    /// <param name="exitCode">As the system gives it: above 128 for a signal.</param>
    /// <param name="lastWords">Last line of the standard error, if any.</param>
    public static string Interrupted(RunFolder folder, int step, int exitCode, string? lastWords)
    {
        var how = exitCode > 128 ? $"was killed (signal {exitCode - 128})" : $"ended with code {exitCode}";
        var next = folder.CheckpointSteps() is [.., var kept] ? $"goes on from step {kept}" : "starts it again";
        var words = exitCode <= 128 && !string.IsNullOrWhiteSpace(lastWords) ? $": {lastWords.Trim()}" : ".";
        if (!words.EndsWith('.')) words += ".";
        return $"Its process {how} at step {step}{words} Resume {next}.";
    }
}
