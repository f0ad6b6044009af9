using System.Globalization;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Classroom.Progress;

/// <summary>The class as a table for spreadsheets: a row a student, a column a task, three columns a question.</summary>
public static class ProgressCsv
{
    public static IEnumerable<string> Lines(ClassWork work)
    {
        yield return Csv.Line(
        [
            "student", "joined (UTC)", "last seen (UTC)", "place in the guide", "runs", "tasks solved", "questions answered",
            .. work.Tasks.Select(task => $"{task.Label} {task.Name} (state and tries)"),
            .. work.Questions.SelectMany(question => (string[])
                [$"{question.Label} {question.Name} (answer)", $"{question.Label} {question.Name} (evidence)", $"{question.Label} {question.Name} (comments)"]),
        ]);
        foreach (var student in work.Students)
        {
            yield return Csv.Line(
            [
                student.Name,
                Time(student.Member.JoinedAt),
                Time(student.SeenAt),
                StudentText.PlaceOf(student.Member, work) ?? "",
                Number(student.Runs.Count),
                Number(work.Tasks.Count(student.HasDone)),
                Number(work.Questions.Count(student.HasDone)),
                .. work.Tasks.Select(task => Cell(student, task)),
                .. work.Questions.SelectMany(question => Cells(student, question)),
            ]);
        }
    }

    /// <returns>"solved 01", "explained 04", "stuck 05", "trying 02": sorted as text, states stand together, and within them the tries
    /// count up. Empty for a task that was not tried.</returns>
    private static string Cell(StudentWork student, CourseTask task) => student.StateOf(task) is not TaskState.NotTried and var state
        ? string.Create(CultureInfo.InvariantCulture, $"{state.ToString().ToLowerInvariant()} {student.TriesAt(task):00}")
        : "";

    private static string[] Cells(StudentWork student, CourseQuestion question) =>
    [
        student.Answers.GetValueOrDefault(question.Name)?.Text ?? "",
        string.Join('\n', student.Pins[question.Name].Select(pin => $"{pin.Title}: {pin.Address}")),
        string.Join('\n', student.Comments[question.Name].Select(comment => comment.Text)),
    ];

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
