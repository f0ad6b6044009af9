using System.Collections;

namespace Pneumothorax.Lab.Experiments.Curves;

/// <summary>The points of one series in order of steps: what <see cref="CurveFile"/> keeps of them, and what came after that.</summary>
public sealed class CurvePoints : IReadOnlyList<(int Step, double Value)>
{
    private readonly KeptPoints? _kept;
    private readonly List<(int Step, double Value)> _added = [];
    private int _first;         // of those added

    public CurvePoints()
    {
    }

    public CurvePoints(KeptPoints kept) => (_kept, _first) = (kept, kept.Count);

    public int Count => _first + _added.Count;

    public (int Step, double Value) this[int index] => index < _first ? _kept![index] : _added[index - _first];

    /// <param name="step">After the last one.</param>
    public void Add(int step, double value) => _added.Add((step, value));

    /// <summary>Takes the points of later steps away.</summary>
    public void Cut(int afterStep)
    {
        while (Count > 0 && this[Count - 1].Step > afterStep)
        {
            if (_added.Count > 0) _added.RemoveAt(_added.Count - 1);
            else _first--;
        }
    }

    public IEnumerator<(int Step, double Value)> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
