namespace Pneumothorax.Lab.Runs.Coursework;

/// <summary>Tells open pages that a member's coursework has changed, in whichever of his windows.</summary>
public sealed class CourseworkChanges
{
    /// <summary>With the member's id, from whatever thread saved.</summary>
    public event Action<int>? Changed;

    /// <summary>A student was erased, with everything that was his: with his id.</summary>
    public event Action<int>? Erased;

    internal void Publish(int memberId) => Changed?.Invoke(memberId);

    internal void PublishErased(int memberId) => Erased?.Invoke(memberId);
}
