using Pneumothorax.Lab.Classroom.Guide;

namespace Pneumothorax.Lab.Classroom.Progress;

/// <summary>One task over the whole class.</summary>
/// <param name="Solved">How many have it, with or without the explanation.</param>
/// <param name="Tried">How many have tried at all.</param>
/// <param name="Stuck">Who missed three times or more and has not solved it, most misses first.</param>
/// <param name="MedianTries">Of those who have it; null while nobody has. The upper one of two middle values.</param>
public sealed record TaskSum(CourseTask Task, int Solved, int Tried, IReadOnlyList<StudentWork> Stuck, int? MedianTries)
{
    public static TaskSum Of(CourseTask task, ClassWork work)
    {
        var tries = work.Students.Where(student => student.HasDone(task)).Select(student => student.TriesAt(task)).Order().ToList();
        return new(
            task, tries.Count, work.Students.Count(student => student.StateOf(task) != TaskState.NotTried),
            [.. work.Students.Where(student => student.StateOf(task) == TaskState.Stuck).OrderByDescending(student => student.TriesAt(task))],
            tries.Count > 0 ? tries[tries.Count / 2] : null);
    }
}
