namespace Pneumothorax.Lab.Datasets.Viewing;

/// <summary>What a reader said of images before their labels were shown. An image counts once: its label is known from then on.</summary>
public sealed class Guesses
{
    /// <summary>The score is that of so many guesses: a reader who gets better sees it.</summary>
    private const int Last = 10;

    private readonly Dictionary<(SplitName, int), bool> _said = [];
    private readonly Queue<bool> _right = new();

    /// <summary>"3 of 4 right so far.", later "8 of the last 10 right."</summary>
    public string Score => _right.Count < Last ? $"{_right.Count(right => right)} of {_right.Count} right so far." : $"{_right.Count(right => right)} of the last {Last} right.";

    /// <returns>Null for an image that was not guessed.</returns>
    public bool? Of(SplitName split, int index) => _said.TryGetValue((split, index), out var said) ? said : null;

    public void Add(SplitName split, int index, bool said, bool has)
    {
        if (!_said.TryAdd((split, index), said)) return;
        _right.Enqueue(said == has);
        if (_right.Count > Last) _right.Dequeue();
    }
}
