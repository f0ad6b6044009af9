using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Commands.Training;

/// <summary>Tells the agent what happens: one JSON object a line on standard output, each sent at once. Safe from several threads.</summary>
internal sealed class EventWriter(Stream output)
{
    private readonly Lock _gate = new();
    private bool _isOver;

    public void Write(TrainingEvent happened)
    {
        using var line = new MemoryStream();
        happened.WriteLine(line);
        lock (_gate)
        {
            // How it ended is the last line.
            if (_isOver && happened is StillWorking) return;
            _isOver |= happened is TrainingStopped or TrainingFailed or TrainingCompleted;
            output.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
            output.Flush();
        }
    }
}
