namespace Pneumothorax.Lab.Storage;

/// <summary>
/// How long a database that is away is waited for. A training can wait for half a minute; somebody before a page rather has an answer. What is
/// started meanwhile and outlives the request, such as a page that follows a run, is patient again when the request is over.
/// </summary>
public static class DatabasePatience
{
    private static readonly AsyncLocal<Waiting?> s_waiting = new();

    internal static bool IsBrief => s_waiting.Value is { IsOver: false };

    /// <returns>To be disposed when nobody waits any more.</returns>
    public static IDisposable Brief() => s_waiting.Value = new();

    private sealed class Waiting : IDisposable
    {
        public bool IsOver { get; private set; }

        public void Dispose() => IsOver = true;
    }
}
