using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Progress;

/// <summary>A student's work in words for the instructor.</summary>
public static class StudentText
{
    /// <returns>"Solved at try 2"; for screen readers, the legend and the CSV's readers alike.</returns>
    public static string Of(TaskState state, int tries) => state switch
    {
        TaskState.NotTried => "Not tried",
        TaskState.Trying => tries == 1 ? "1 miss so far" : $"{tries} misses so far",
        TaskState.Stuck => $"Stuck after {tries} misses",
        TaskState.Solved => $"Solved at try {tries}",
        TaskState.Explained => $"Solved at try {tries}, after the answer was explained",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    public static string Of(AnswerState state) => state switch
    {
        AnswerState.NotAnswered => "not answered",
        AnswerState.Unread => "unread",
        AnswerState.Read => "read",
        AnswerState.Commented => "commented",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    public static int CountWords(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    /// <returns>"Task 2.1", "Question 9.1", "Chapter 2"; null for who has not been in the guide.</returns>
    public static string? PlaceOf(Member student, ClassWork work)
    {
        if (student.Place?.Split('#') is not [var page, .. var anchor]) return null;
        if (anchor is [var id] && work.Items.FirstOrDefault(item => item.Anchor == id) is { } item) return item.Label;
        return work.Chapters.FirstOrDefault(chapter => $"/guide/{chapter.Slug}" == page) is { } chapter ? $"Chapter {chapter.Number}" : "In the guide";
    }

    /// <returns>"run 12 at 40 %", "run 12 in the queue", "run 12", "reference model": what they work with now.</returns>
    public static string ModelOf(StudentWork student) => student.Runs.FirstOrDefault(run => !run.IsOver) switch
    {
        { State: RunState.Queued } waiting => $"run {waiting.Id} in the queue",
        { } run => $"run {run.Id} at {100L * run.Step / run.Hyperparameters.Steps} %",
        null => student.Member.CurrentRunId is { } id && student.Runs.Any(run => run.Id == id) ? $"run {id}" : "reference model",
    };
}
