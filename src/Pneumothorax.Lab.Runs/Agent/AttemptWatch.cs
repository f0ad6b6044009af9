using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>
/// What may end an attempt from outside. Every two seconds it says that the attempt is at work, and looks whether the run was canceled elsewhere (a wake-up can be lost), whether
/// another host has it now, and whether its time is up; and gives it up when the database has been out of reach for so long that another
/// host may take it.
/// </summary>
internal sealed class AttemptWatch : IDisposable
{
    /// <summary>With <see cref="TrainingProcess.Patience"/> it stays below the five seconds within which canceling frees a slot.</summary>
    public static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>With the waits below it stays under <see cref="Queue.RunQueue.LostAfter"/>: by then this host's process is gone.</summary>
    internal static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(14);

    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Run _run;
    private readonly RunTransitions _transitions;
    private readonly bool _isShared;
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly CancellationTokenSource _timeUp = new();
    private readonly CancellationTokenSource _giveUp;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _watching;

    /// <param name="isShared">Other hosts may be at work on the same rows.</param>
    /// <param name="shutdown">This host ends.</param>
    public AttemptWatch(Run run, RunTransitions transitions, bool isShared, TimeProvider clock, CancellationToken shutdown)
    {
        (_run, _transitions, _isShared, _clock, _began) = (run, transitions, isShared, clock, clock.GetTimestamp());
        _giveUp = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        _watching = WatchAsync(_ended.Token);
    }

    /// <summary>Not disposed: somebody may still cancel it late. It holds nothing to free.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>The run has had its minutes.</summary>
    public CancellationToken TimeUp => _timeUp.Token;

    /// <summary>This host ends, or may not have the run any longer.</summary>
    public CancellationToken GiveUp => _giveUp.Token;

    /// <summary>The limit that was passed.</summary>
    public int MinutesAllowed { get; private set; }

    public async Task EndAsync()
    {
        await _ended.CancelAsync();
        await _watching;
    }

    public void Dispose()
    {
        _timeUp.Dispose();
        _giveUp.Dispose();
        _ended.Dispose();
    }

    private async Task WatchAsync(CancellationToken ended)
    {
        var seen = _clock.GetTimestamp();
        while (await IsBeforeEndAsync(ended))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ended);
            patience.CancelAfter(Patience);
            try
            {
                var (now, minutes) = await _transitions.LookAsync(_run, patience.Token);
                seen = _clock.GetTimestamp();
                if (now is null || now.Attempt != _run.Attempt || now.IsOver || now.State == RunState.Queued) await _giveUp.CancelAsync();
                else if (now.State == RunState.Stopping) await Stop.CancelAsync();
                // A run that is trained and sees the test images now is let through.
                else if (minutes is { } allowed && now.Stage != "Evaluating" && _clock.GetElapsedTime(_began) >= TimeSpan.FromMinutes(allowed)) await EndTimeAsync(allowed);
            }
            catch (Exception exception) when (LabDatabase.IsTroubled(exception) || exception is OperationCanceledException)
            {
                if (_isShared && _clock.GetElapsedTime(seen) > GiveUpAfter) await _giveUp.CancelAsync();
            }
        }
    }

    private Task EndTimeAsync(int minutes)
    {
        MinutesAllowed = minutes;
        return _timeUp.CancelAsync();
    }

    private async Task<bool> IsBeforeEndAsync(CancellationToken ended)
    {
        try
        {
            await Task.Delay(BetweenLooks, _clock, ended);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
