namespace Pneumothorax.Lab.Classroom.Progress;

/// <summary>How the instructor has the class sorted; a word in the address.</summary>
public enum ClassSort
{
    Name,

    /// <summary>Who has most, first.</summary>
    Progress,

    /// <summary>Who did something last, first.</summary>
    Seen,

    /// <summary>Who is stuck at most tasks, first; then who has least.</summary>
    Stuck,
}

public static class ClassSorting
{
    /// <param name="filter">Part of a name; empty for everybody.</param>
    public static IReadOnlyList<StudentWork> Show(this ClassWork work, ClassSort sort, string filter)
    {
        var shown = work.Students.Where(student => student.Name.Contains(filter.Trim(), StringComparison.OrdinalIgnoreCase));
        // Sorting is stable, and the students come by name.
        return sort switch
        {
            ClassSort.Progress => [.. shown.OrderByDescending(work.Done)],
            ClassSort.Seen => [.. shown.OrderByDescending(student => student.SeenAt)],
            ClassSort.Stuck => [.. shown.OrderByDescending(student => work.StuckAt(student).Count).ThenBy(work.Done)],
            _ => [.. shown],
        };
    }
}
