namespace Pneumothorax.Lab.Classroom.OwnImages;

/// <summary>
/// So many work at a time, each member on one thing. Whose last turn is longest ago comes next: however much somebody has brought, another one waits
/// for no more than what is being worked on.
/// </summary>
internal sealed class FairTurns(int places)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(int Who, TaskCompletionSource Came)> _line = [];
    private readonly HashSet<int> _working = [];
    private readonly Dictionary<int, long> _last = [];
    private long _turns;

    /// <returns>The turn, which ends when it is disposed of.</returns>
    /// <exception cref="OperationCanceledException">The turn is no longer wanted.</exception>
    public async Task<IDisposable> TakeAsync(int who, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<(int, TaskCompletionSource)> place;
        lock (_lock)
        {
            place = _line.AddLast((who, came));
            Next();
        }
        await using var giving = cancellationToken.Register(() =>
        {
            lock (_lock)
            {
                // Whose turn has come takes it, and gives it back.
                if (place.List is null) return;
                _line.Remove(place);
            }
            came.TrySetCanceled(cancellationToken);
        });
        await came.Task;
        return new Turn(this, who);
    }

    /// <returns>Null where somebody would have to wait for it.</returns>
    public IDisposable? TryTake(int who)
    {
        lock (_lock)
        {
            if (_working.Count >= places || _line.Count > 0 || !_working.Add(who)) return null;
            return new Turn(this, who);
        }
    }

    private void Next()
    {
        while (_working.Count < places)
        {
            LinkedListNode<(int Who, TaskCompletionSource Came)>? next = null;
            for (var node = _line.First; node is not null; node = node.Next)
            {
                if (!_working.Contains(node.Value.Who) && (next is null || LastOf(node) < LastOf(next))) next = node;
            }
            if (next is null) break;
            _line.Remove(next);
            _working.Add(next.Value.Who);
            _last[next.Value.Who] = ++_turns;
            next.Value.Came.SetResult();
        }
        if (_line.Count == 0 && _working.Count == 0) _last.Clear();

        long LastOf(LinkedListNode<(int Who, TaskCompletionSource)> node) => _last.GetValueOrDefault(node.Value.Who);
    }

    private sealed class Turn(FairTurns turns, int who) : IDisposable
    {
        private bool _over;

        public void Dispose()
        {
            lock (turns._lock)
            {
                if (_over) return;
                _over = true;
                turns._working.Remove(who);
                turns.Next();
            }
        }
    }
}
