namespace Pneumothorax.Lab.Classroom.Guide;

/// <summary>Something to do in the guide, where it stands.</summary>
/// <param name="Place">Within its chapter, from 1; tasks and questions are counted apart.</param>
/// <param name="Name">In chapters, in the database and in the class's CSV.</param>
public abstract record CourseItem(Chapter Chapter, int Place, string Name, string Title)
{
    /// <summary>"2.1".</summary>
    public string Number => FormattableString.Invariant($"{Chapter.Number}.{Place}");

    /// <summary>"Task 2.1".</summary>
    public abstract string Label { get; }

    /// <summary>Its anchor on the chapter's page.</summary>
    public abstract string Anchor { get; }

    public string Address => $"/guide/{Chapter.Slug}#{Anchor}";
}

/// <summary>A task, checked at once.</summary>
public sealed record CourseTask(Chapter Chapter, int Place, string Name, string Title) : CourseItem(Chapter, Place, Name, Title)
{
    public override string Label => $"Task {Number}";

    public override string Anchor => $"task-{Name}";
}

/// <summary>A question, answered in words.</summary>
/// <param name="Html">What is asked.</param>
public sealed record CourseQuestion(Chapter Chapter, int Place, string Name, string Title, string Html) : CourseItem(Chapter, Place, Name, Title)
{
    public override string Label => $"Question {Number}";

    public override string Anchor => $"question-{Name}";
}

/// <summary>All tasks and questions as the chapters place them now.</summary>
public static class CourseOutline
{
    /// <returns>In reading order. A task that an author placed twice counts once.</returns>
    public static IReadOnlyList<CourseItem> Of(IReadOnlyList<Chapter> chapters)
    {
        HashSet<string> seen = [];
        List<CourseItem> items = [];
        foreach (var chapter in chapters)
        {
            var (tasks, questions) = (0, 0);
            foreach (var part in chapter.Parts.OfType<LivePart>())
            {
                if (part.Kind == LiveKind.Task && Tasks.LabTasks.Find(part["name"]!) is { } task && seen.Add(task.Name))
                {
                    items.Add(new CourseTask(chapter, ++tasks, task.Name, task.Title));
                }
                else if (part.Kind == LiveKind.Question)
                {
                    items.Add(new CourseQuestion(chapter, ++questions, part["id"]!, part["title"]!, part.Html));
                }
            }
        }
        return items;
    }

    public static IReadOnlyList<CourseTask> TasksOf(IReadOnlyList<Chapter> chapters) => [.. Of(chapters).OfType<CourseTask>()];

    public static IReadOnlyList<CourseQuestion> QuestionsOf(IReadOnlyList<Chapter> chapters) => [.. Of(chapters).OfType<CourseQuestion>()];
}
