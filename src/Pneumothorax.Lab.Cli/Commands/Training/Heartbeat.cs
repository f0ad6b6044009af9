using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Training;

namespace Pneumothorax.Lab.Cli.Commands.Training;

/// <summary>Tells the agent every few seconds that the trainer makes headway. Its silence is how the agent knows one that hangs.</summary>
internal sealed class Heartbeat : IDisposable
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(3);

    private readonly Timer _timer;
    private long _told;

    public Heartbeat(Pulse pulse, Action<TrainingEvent> report) => _timer = new(
        _ =>
        {
            var batches = pulse.Batches;
            if (batches == _told && !pulse.IsAside) return;
            _told = batches;
            try { report(new StillWorking()); }
            catch (IOException) { }         // nobody listens any more: standard input tells it too
        },
        null, s_between, s_between);

    public void Dispose() => _timer.Dispose();
}
