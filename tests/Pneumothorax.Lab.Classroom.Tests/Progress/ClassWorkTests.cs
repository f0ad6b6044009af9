using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.Progress;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Tests.Progress;

public sealed class ClassWorkTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 14, 0, 0, TimeSpan.Zero);

    private static readonly Chapter s_chapter = new(2, "the-data", "The data", "", 5, [],
    [
        new LivePart(LiveKind.Task, new Dictionary<string, string> { ["name"] = "count-images" }),
        new LivePart(LiveKind.Question, new Dictionary<string, string> { ["id"] = "failures", ["title"] = "Reasonable?" }),
    ]);

    [Theory]
    [InlineData(0, false, TaskState.NotTried)]
    [InlineData(2, false, TaskState.Trying)]
    [InlineData(3, false, TaskState.Stuck)]
    [InlineData(3, true, TaskState.Solved)]         // two misses and the right one
    [InlineData(4, true, TaskState.Explained)]
    public void TaskState_FollowsMisses(int tries, bool solved, TaskState expected)
    {
        var work = ClassOf(Student("Mira", tries, solved));

        Assert.Equal(expected, work.Students[0].StateOf(work.Tasks.Single()));
    }

    [Theory]
    [InlineData(1, 0, 0, AnswerState.Unread)]
    [InlineData(2, 1, 1, AnswerState.Unread)]       // written on since it was read and commented on
    [InlineData(2, 2, 0, AnswerState.Read)]
    [InlineData(2, 2, 1, AnswerState.Commented)]
    public void AnswerState_FollowsWhatWasRead(int version, int read, int comments, AnswerState expected)
    {
        var student = Student("Mira", 0, false) with
        {
            Answers = new Dictionary<string, WrittenAnswer> { ["failures"] = new() { Question = "failures", Text = "x", Version = version, ReadVersion = read } },
            Comments = Enumerable.Repeat(new AnswerComment { Question = "failures", Text = "y" }, comments).ToLookup(comment => comment.Question),
        };
        var work = ClassOf(student);

        Assert.Equal(expected, student.StateOf(work.Questions.Single()));
    }

    [Fact]
    public void TaskSum_CountsTheClass()
    {
        var work = ClassOf(Student("Ada", 1, true), Student("Bo", 3, true), Student("Carol", 5, true), Student("Dan", 4, false), Student("Eve", 6, false), Student("Fay", 0, false));

        var sum = TaskSum.Of(work.Tasks.Single(), work);

        Assert.Equal((3, 5, 3), (sum.Solved, sum.Tried, sum.MedianTries));
        Assert.Equal(["Eve", "Dan"], sum.Stuck.Select(student => student.Name));
    }

    [Fact]
    public void Show_SortsAndFilters()
    {
        var work = ClassOf(Student("Ada", 1, true), Student("Bo", 3, false), Student("Carol", 0, false));

        Assert.Equal(["Ada", "Bo", "Carol"], Names(ClassSort.Name));
        Assert.Equal("Ada", Names(ClassSort.Progress)[0]);
        Assert.Equal("Bo", Names(ClassSort.Stuck)[0]);
        Assert.Equal("Bo", Names(ClassSort.Seen)[0]);       // tried last
        Assert.Equal(["Carol"], Names(ClassSort.Name, " CAR "));

        List<string> Names(ClassSort sort, string filter = "") => [.. work.Show(sort, filter).Select(student => student.Name)];
    }

    private static ClassWork ClassOf(params StudentWork[] students) => new([s_chapter], students, s_now);

    private static StudentWork Student(string name, int tries, bool solved)
    {
        var at = s_now.AddHours(-1).AddMinutes(tries);
        var standing = new TaskStanding("count-images", tries, "12", "phantom", at, at, solved ? at : null);
        return new(
            new() { Name = name, TokenHash = name, JoinedAt = s_now.AddHours(-2) },
            tries == 0 ? new Dictionary<string, TaskStanding>() : new Dictionary<string, TaskStanding> { ["count-images"] = standing },
            new Dictionary<string, WrittenAnswer>(), Enumerable.Empty<AnswerComment>().ToLookup(comment => comment.Question), Enumerable.Empty<Pin>().ToLookup(pin => ""), []);
    }
}
