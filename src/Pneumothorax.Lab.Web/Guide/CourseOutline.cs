namespace Pneumothorax.Lab.Web.Guide;

/// <summary>A task where it stands in the guide.</summary>
/// <param name="Place">Within its chapter, from 1.</param>
public sealed record CourseItem(Chapter Chapter, int Place, string Name, string Title)
{
    /// <summary>"2.1".</summary>
    public string Number => FormattableString.Invariant($"{Chapter.Number}.{Place}");

    /// <summary>"Task 2.1".</summary>
    public string Label => $"Task {Number}";

    /// <summary>Its anchor on the chapter's page.</summary>
    public string Anchor => $"task-{Name}";

    public string Address => $"/guide/{Chapter.Slug}#{Anchor}";
}

/// <summary>All tasks as the chapters place them now.</summary>
public static class CourseOutline
{
    /// <returns>In reading order. One that an author placed twice counts once.</returns>
    public static IReadOnlyList<CourseItem> Of(IReadOnlyList<Chapter> chapters)
    {
        HashSet<string> seen = [];
        List<CourseItem> items = [];
        foreach (var chapter in chapters)
        {
            var place = 0;
            foreach (var part in chapter.Parts.OfType<LivePart>())
            {
                if (part.Kind != LiveKind.Task || Tasks.LabTasks.Find(part["name"]!) is not { } task || !seen.Add(task.Name)) continue;
                items.Add(new(chapter, ++place, task.Name, task.Title));
            }
        }
        return items;
    }
}
