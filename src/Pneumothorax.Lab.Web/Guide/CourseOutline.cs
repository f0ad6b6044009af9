namespace Pneumothorax.Lab.Web.Guide;

/// <summary>A task or a question where it stands in the guide.</summary>
/// <param name="Place">Within its chapter, from 1; tasks and questions count together.</param>
/// <param name="Title">A task's title, a question's wording.</param>
public sealed record CourseItem(Chapter Chapter, int Place, string Name, string Title, bool IsQuestion)
{
    /// <summary>"2.1".</summary>
    public string Number => FormattableString.Invariant($"{Chapter.Number}.{Place}");

    /// <summary>"Task 2.1", "Question 9.2".</summary>
    public string Label => $"{(IsQuestion ? "Question" : "Task")} {Number}";

    /// <summary>Its anchor on the chapter's page.</summary>
    public string Anchor => (IsQuestion ? "question-" : "task-") + Name;

    public string Address => $"/guide/{Chapter.Slug}#{Anchor}";
}

/// <summary>All tasks and questions as the chapters place them now.</summary>
public static class CourseOutline
{
    /// <returns>In reading order. One that an author placed twice counts once.</returns>
    public static IReadOnlyList<CourseItem> Of(IReadOnlyList<Chapter> chapters)
    {
        HashSet<(bool, string)> seen = [];
        List<CourseItem> items = [];
        foreach (var chapter in chapters)
        {
            var place = 0;
            foreach (var part in chapter.Parts.OfType<LivePart>())
            {
                var isQuestion = part.Kind == LiveKind.Question;
                if (!isQuestion && part.Kind != LiveKind.Task) continue;
                var name = part["name"]!;
                if (!seen.Add((isQuestion, name))) continue;
                items.Add(new(chapter, ++place, name, isQuestion ? part["title"]! : Tasks.LabTasks.Find(name)!.Title, isQuestion));
            }
        }
        return items;
    }
}
