namespace Pneumothorax.Lab.Runs;

/// <summary>Who asks. Everything that lists or changes runs takes one.</summary>
public sealed record Viewer(int? MemberId, string Name, bool IsInstructor)
{
    /// <summary>The network address he asks from, for the audit trail; null where nothing came over a network.</summary>
    public string? Address { get; init; }

    public bool IsAssistant { get; init; }

    /// <summary>Teaches: sees the whole class, answers it, and is bound by no student's limits. What erases, and who may do what, stays with the instructor.</summary>
    public bool IsStaff => IsInstructor || IsAssistant;
}

public static class ViewerRules
{
    /// <summary>A student sees his own runs and the reference run, the staff sees all.</summary>
    public static IQueryable<Run> VisibleTo(this IQueryable<Run> runs, Viewer viewer) =>
        viewer.IsStaff
            ? runs
            : runs.Where(run => run.IsReference || (run.OwnerId != null && run.OwnerId == viewer.MemberId));

    /// <returns>Whether the viewer may delete a run that he sees, once it is over: assistants only their own.</returns>
    public static bool MayBeDeletedBy(this Run run, Viewer viewer) => !run.IsReference && (!viewer.IsAssistant || run.OwnerId == viewer.MemberId);

    /// <inheritdoc cref="VisibleTo(IQueryable{Run}, Viewer)"/>
    public static bool IsVisibleTo(this Run run, Viewer viewer) =>
        viewer.IsStaff || run.IsReference || (run.OwnerId is { } owner && owner == viewer.MemberId);
}
