namespace Pneumothorax.Lab.Runs.Feed;

/// <summary>Tells open pages that a member's coursework has changed, in whichever of their windows.</summary>
public sealed class CourseworkNotifier
{
    /// <summary>With the member's id, from whatever thread saved.</summary>
    public event Action<int>? Changed;

    /// <summary>A student was erased, with everything that was theirs: with their id.</summary>
    public event Action<int>? Erased;

    /// <summary>Where several portals share a database; null where there is one.</summary>
    internal PostgresNotifier? Notifier { get; set; }

    internal void Publish(int memberId)
    {
        Deliver(memberId, isErased: false);
        Notifier?.TellMember(memberId, isErased: false);
    }

    internal void PublishErased(int memberId)
    {
        Deliver(memberId, isErased: true);
        Notifier?.TellMember(memberId, isErased: true);
    }

    internal void Deliver(int memberId, bool isErased) => (isErased ? Erased : Changed)?.Invoke(memberId);
}
