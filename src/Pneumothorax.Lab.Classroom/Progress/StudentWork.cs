using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.Tasks;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Progress;

/// <summary>Where a student stands with a task, as the instructor asks it.</summary>
public enum TaskState
{
    NotTried,
    Trying,

    /// <summary>Missed so often that the answer was explained to them, and not solved since.</summary>
    Stuck,
    Solved,

    /// <summary>Solved, but only after the answer was explained.</summary>
    Explained,
}

/// <summary>Where a student stands with a question.</summary>
public enum AnswerState
{
    NotAnswered,

    /// <summary>Not read by the instructor, or written on since they read it.</summary>
    Unread,
    Read,

    /// <summary>Read, and commented on.</summary>
    Commented,
}

/// <summary>Everything that one student has done so far.</summary>
/// <param name="Standings">By task name; a task that was never tried is absent.</param>
/// <param name="Answers">By question; empty ones are absent.</param>
/// <param name="Comments">By question, oldest first.</param>
/// <param name="Pins">By question, newest first; under "" those that belong to none.</param>
/// <param name="Runs">The newest first.</param>
public sealed record StudentWork(
    Member Member,
    IReadOnlyDictionary<string, TaskStanding> Standings,
    IReadOnlyDictionary<string, WrittenAnswer> Answers,
    ILookup<string, AnswerComment> Comments,
    ILookup<string, Pin> Pins,
    IReadOnlyList<Run> Runs)
{
    public int Id => Member.Id;

    public string Name => Member.Name;

    /// <summary>When they did anything last.</summary>
    public DateTimeOffset SeenAt { get; } = new[] { Member.JoinedAt, Member.SeenAt ?? default }
        .Concat(Standings.Values.Select(standing => standing.LastAt)).Concat(Answers.Values.Select(answer => answer.UpdatedAt))
        .Concat(Pins.SelectMany(pins => pins).Select(pin => pin.At)).Concat(Runs.Select(run => run.CreatedAt)).Max();

    public TaskState StateOf(CourseTask task) => Standings.GetValueOrDefault(task.Name) switch
    {
        null => TaskState.NotTried,
        { IsSolved: true, Misses: >= TaskService.ExplainedAfter } => TaskState.Explained,
        { IsSolved: true } => TaskState.Solved,
        { Misses: >= TaskService.ExplainedAfter } => TaskState.Stuck,
        _ => TaskState.Trying,
    };

    public int TriesAt(CourseTask task) => Standings.GetValueOrDefault(task.Name)?.Tries ?? 0;

    public AnswerState StateOf(CourseQuestion question) => Answers.GetValueOrDefault(question.Name) switch
    {
        null => AnswerState.NotAnswered,
        { } answer when answer.ReadVersion < answer.Version => AnswerState.Unread,
        _ => Comments[question.Name].Any() ? AnswerState.Commented : AnswerState.Read,
    };

    public bool HasDone(CourseItem item) => item switch
    {
        CourseTask task => StateOf(task) is TaskState.Solved or TaskState.Explained,
        CourseQuestion question => AnswerStanding.IsAnswer(Answers.GetValueOrDefault(question.Name)?.Text.Length ?? 0, Pins[question.Name].Count()),
        _ => false,
    };
}

/// <summary>The whole class at one moment, and what it has to do.</summary>
/// <param name="Chapters">In order.</param>
/// <param name="Students">By name.</param>
/// <param name="Now">Decides who is here.</param>
public sealed record ClassWork(IReadOnlyList<Chapter> Chapters, IReadOnlyList<StudentWork> Students, DateTimeOffset Now)
{
    /// <summary>Whoever did something within this time is here.</summary>
    private static readonly TimeSpan s_here = TimeSpan.FromMinutes(10);

    /// <summary>Whose work it is.</summary>
    public ClassScope Scope { get; init; } = ClassScope.Everybody;

    /// <summary>Tasks and questions in reading order, each once.</summary>
    public IReadOnlyList<CourseItem> Items { get; } = [.. CourseOutline.Of(Chapters).DistinctBy(item => item.Anchor)];

    public IEnumerable<CourseTask> Tasks => Items.OfType<CourseTask>();

    public IEnumerable<CourseQuestion> Questions => Items.OfType<CourseQuestion>();

    public bool IsHere(StudentWork student) => Now - student.SeenAt < s_here;

    public IReadOnlyList<CourseTask> StuckAt(StudentWork student) => [.. Tasks.Where(task => student.StateOf(task) == TaskState.Stuck)];

    public int Done(StudentWork student) => Items.Count(student.HasDone);
}
