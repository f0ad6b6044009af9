namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>Who asks. Everything that lists or changes runs takes one.</summary>
public sealed record Viewer(int? MemberId, string Name, bool IsInstructor)
{
    /// <summary>The network address they ask from, for the audit trail; null where nothing came over a network.</summary>
    public string? Address { get; init; }

    public bool IsAssistant { get; init; }

    /// <summary>Teaches: sees the whole class, answers it, and is bound by no student's limits. What erases, and who may do what, stays with the instructor.</summary>
    public bool IsStaff => IsInstructor || IsAssistant;
}

public static class ViewerRules
{
    /// <summary>What is in a viewer's lists: a student's own runs and the reference run; for the staff all. What others share with them is read at its address.</summary>
    public static IQueryable<Run> ListedFor(this IQueryable<Run> runs, Viewer viewer) =>
        viewer.IsStaff
            ? runs
            : runs.Where(run => run.IsReference || (run.OwnerId != null && run.OwnerId == viewer.MemberId));

    /// <summary>What a viewer may read: what is listed for them, and what a member of their section shares.</summary>
    /// <param name="db">The context of <paramref name="runs"/>.</param>
    internal static IQueryable<Run> ReadableBy(this IQueryable<Run> runs, Viewer viewer, LabDbContext db)
    {
        if (viewer.IsStaff) return runs;

        // Whoever has no section belongs to the default one.
        var reader = db.Members.Where(member => member.Id == viewer.MemberId)
            .Select(member => member.SectionId ?? db.Sections.Where(section => section.IsDefault).Select(section => section.Id).FirstOrDefault());
        return runs.Where(run => run.IsReference || (run.OwnerId != null && run.OwnerId == viewer.MemberId)
            || (run.SharedAt != null && run.OwnerId != null
                && reader.Contains(run.Owner!.SectionId ?? db.Sections.Where(section => section.IsDefault).Select(section => section.Id).FirstOrDefault())));
    }

    /// <returns>Whether the viewer may cancel, resume or rename a run that they read. To a shared run, readers do nothing.</returns>
    public static bool MayBeChangedBy(this Run run, Viewer viewer) => !run.IsReference && (viewer.IsStaff || run.IsOf(viewer));

    /// <returns>Whether the viewer may delete a run that they read, once it is over: assistants only their own.</returns>
    public static bool MayBeDeletedBy(this Run run, Viewer viewer) => !run.IsReference && (viewer.IsInstructor || run.IsOf(viewer));

    /// <inheritdoc cref="ListedFor(IQueryable{Run}, Viewer)"/>
    public static bool IsListedFor(this Run run, Viewer viewer) => viewer.IsStaff || run.IsReference || run.IsOf(viewer);

    public static bool IsOf(this Run run, Viewer viewer) => run.OwnerId is { } owner && owner == viewer.MemberId;
}
