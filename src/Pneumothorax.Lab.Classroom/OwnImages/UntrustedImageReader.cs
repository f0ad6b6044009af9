using System.Collections.Concurrent;
using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Agent;

namespace Pneumothorax.Lab.Classroom.OwnImages;

/// <summary>
/// Has files of unknown content read, and networks asked about them, by a few child processes in fair turns: one member's pictures, whatever they
/// do, hold up nobody else's. A child is started when it is needed, and ended when nobody asks for a while.
/// </summary>
public sealed class UntrustedImageReader : IDisposable
{
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(3);

    private readonly int _places;
    private readonly FairTurns _turns;
    private readonly IReadOnlyList<UntrustedImageProcess> _children;
    // Whoever has a turn finds one here; the last that was used lies on top, so that a single reader does while nobody else comes.
    private readonly ConcurrentStack<UntrustedImageProcess> _free;
    private readonly ITimer _idle;

    public UntrustedImageReader(LabExecutable executable, OwnImageLimits limits, TimeProvider clock)
    {
        (_places, _turns) = (limits.Readers, new(limits.Readers));
        _children = [.. Enumerable.Range(0, limits.Readers).Select(_ => new UntrustedImageProcess(executable))];
        _free = new(_children);
        _idle = clock.CreateTimer(_ => EndIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts a child before it is needed: while somebody looks for a picture to bring.</summary>
    public void Prepare()
    {
        // No member has this number.
        using var turn = _turns.TryTake(0);
        if (turn is null) return;
        var child = Take();
        try { child.Prepare(); }
        catch (RequestRefusedException) { }       // whoever brings a picture is told
        finally { PutBack(child); }
    }

    public void Dispose()
    {
        _idle.Dispose();
        foreach (var child in _children) child.Dispose();
    }

    /// <param name="member">Whose turn it is.</param>
    /// <exception cref="RequestRefusedException">The file is no picture that is read, or a run cannot answer; the message is one sentence.</exception>
    internal async Task<AnsweredPicture> ReadAsync(int member, string path, IEnumerable<RunFolder> runs, CancellationToken cancellationToken)
    {
        var request = JsonSerializer.Serialize(new PictureRequest(path, [.. runs.Select(run => run.Path)]), LabJson.Line);
        using var turn = await _turns.TakeAsync(member, cancellationToken);
        var child = Take();
        try
        {
            var reply = await child.AskAsync(request, cancellationToken);
            return reply.Answered ?? throw new RequestRefusedException(reply.Refused ?? "The picture cannot be read.");
        }
        finally
        {
            PutBack(child);
        }
    }

    private void EndIdle()
    {
        // Whoever has a turn sets the timer again.
        List<IDisposable> turns = [];
        for (var i = 0; i < _places && _turns.TryTake(-1 - i) is { } turn; i++) turns.Add(turn);
        var children = turns.ConvertAll(_ => Take());
        children.ForEach(child => child.End());
        children.ForEach(_free.Push);
        turns.ForEach(turn => turn.Dispose());
    }

    private UntrustedImageProcess Take() => _free.TryPop(out var child) ? child : throw new InvalidOperationException("There are as many readers as turns.");

    private void PutBack(UntrustedImageProcess child)
    {
        _free.Push(child);
        _idle.Change(s_idle, Timeout.InfiniteTimeSpan);
    }
}
