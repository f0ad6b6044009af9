namespace Pneumothorax.Lab.Runs;

/// <summary>Who asks. Everything that lists or changes runs takes one.</summary>
public sealed record Viewer(int? MemberId, string Name, bool IsInstructor)
{
    /// <summary>The network address he asks from, for the audit trail; null where nothing came over a network.</summary>
    public string? Address { get; init; }
}

public static class ViewerRules
{
    /// <summary>A student sees his own runs and the reference run, the instructor sees all.</summary>
    public static IQueryable<Run> VisibleTo(this IQueryable<Run> runs, Viewer viewer) =>
        viewer.IsInstructor
            ? runs
            : runs.Where(run => run.IsReference || (run.OwnerId != null && run.OwnerId == viewer.MemberId));

    /// <inheritdoc cref="VisibleTo(IQueryable{Run}, Viewer)"/>
    public static bool IsVisibleTo(this Run run, Viewer viewer) =>
        viewer.IsInstructor || run.IsReference || (run.OwnerId is { } owner && owner == viewer.MemberId);
}
