namespace Pneumothorax.Lab.Runs.Coursework;

/// <summary>Tells open pages that a member's coursework has changed, in whichever of his windows.</summary>
public sealed class CourseworkChanges
{
    /// <summary>With the member's id, from whatever thread saved.</summary>
    public event Action<int>? Changed;

    internal void Publish(int memberId) => Changed?.Invoke(memberId);
}
