using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Commands.Training;

/// <summary>Shows a training to a person: a line that is rewritten on a terminal, a plain line every few seconds in a file or pipe.</summary>
internal sealed class ConsoleProgress(RunFolder folder, TextWriter output, bool isTerminal, TimeProvider clock)
{
    private const int BarWidth = 24;
    private static readonly TimeSpan s_plainInterval = TimeSpan.FromSeconds(5);

    private long? _shown;
    private int _lineLength;

    public void Show(TrainingEvent happened)
    {
        switch (happened)
        {
            case TrainingStarted started:
                var from = started.FromStep > 0 ? $" from step {started.FromStep}" : "";
                Line($"Training{from} to step {started.Steps} on {started.TrainImages} images ({started.Device}, {started.Parameters:N0} parameters, {started.ValidationImages} validation images).");
                break;
            case ProgressReported progress:
                ShowProgress(progress);
                break;
            case LogWritten log:
                Line(log.Message);
                File.AppendAllText(folder.LogPath, log.Message + "\n");
                break;
            case TrainingStopped stopped:
                Line($"Stopped at step {stopped.Step}. Continue with --resume.");
                break;
            case TrainingCompleted completed:
                Line($"Done. The best checkpoint, of step {completed.CheckpointStep}, was evaluated: {folder.EvaluationPath}");
                break;
        }
    }

    /// <summary>Leaves the bar as it is and starts a new line.</summary>
    public void End()
    {
        if (_lineLength > 0) output.WriteLine();
        _lineLength = 0;
    }

    private void ShowProgress(ProgressReported progress)
    {
        if (!isTerminal && progress.Done < progress.Total && _shown is { } shown && clock.GetElapsedTime(shown) < s_plainInterval) return;

        _shown = clock.GetTimestamp();
        var left = progress.SecondsLeft is { } seconds ? $", {TimeSpan.FromSeconds(Math.Round(seconds)):c} left" : "";
        var text = $"{progress.Stage} {progress.Done}/{progress.Total}, {progress.ImagesPerSecond:0.0} images/s{left}";
        if (!isTerminal)
        {
            output.WriteLine(text);
            return;
        }
        var filled = progress.Total > 0 ? (int)((long)BarWidth * progress.Done / progress.Total) : BarWidth;
        var bar = $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {text}";
        output.Write("\r" + bar.PadRight(_lineLength));
        output.Flush();
        _lineLength = bar.Length;
    }

    /// <summary>A line of its own; the bar continues below it.</summary>
    private void Line(string text)
    {
        output.WriteLine(_lineLength > 0 ? "\r" + text.PadRight(_lineLength) : text);
        _lineLength = 0;
    }
}
