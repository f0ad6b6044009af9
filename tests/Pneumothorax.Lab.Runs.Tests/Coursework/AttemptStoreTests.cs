using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Coursework;

public abstract class AttemptStoreTests(TestLabs labs)
{
    private const string Name = "count-images";

    [Fact]
    public async Task Tries_CountUpToTheFirstRightAnswer()
    {
        await using var lab = await labs.OpenAsync();
        var mira = await lab.AddStudentAsync("Mira");

        Assert.Equal((1, false), Of(await AddAsync(lab, mira, "10", right: false)));
        Assert.Equal((2, false), Of(await AddAsync(lab, mira, "11", right: false)));
        Assert.Equal((3, true), Of(await AddAsync(lab, mira, "12", right: true)));
        var standing = await AddAsync(lab, mira, "13", right: false);

        Assert.Equal((3, true), Of(standing));
        Assert.Equal(2, standing.Misses);
        Assert.Equal("12", standing.LastAnswer);
    }

    [Fact]
    public async Task Tries_ArePutDownToWhoeverTried_AndTaskByTask()
    {
        await using var lab = await labs.OpenAsync();
        var (mira, jonas, none) = (await lab.AddStudentAsync("Mira"), await lab.AddStudentAsync("Jonas"), await lab.AddStudentAsync("Ada"));
        Assert.Equal((1, false), Of(await AddAsync(lab, mira, "10", right: false)));
        Assert.Equal((1, true), Of(await AddAsync(lab, jonas, "12", right: true)));
        Assert.Equal((1, true), Of(await AddAsync(lab, mira, "[0, 1]", right: true, task: "read-labels")));
        var store = lab.Get<AttemptStore>();

        var hers = await store.StandingsAsync(mira.MemberId!.Value, TestContext.Current.CancellationToken);
        var his = await store.StandingsAsync(jonas.MemberId!.Value, TestContext.Current.CancellationToken);

        Assert.Equal((1, false), Of(hers[Name]));
        Assert.Equal((1, true), Of(hers["read-labels"]));
        Assert.Equal((1, true), Of(Assert.Single(his).Value));
        Assert.Empty(await store.StandingsAsync(none.MemberId!.Value, TestContext.Current.CancellationToken));

        var everybody = await store.ClassAsync(TestContext.Current.CancellationToken);
        Assert.Equal([mira.MemberId.Value, jonas.MemberId.Value], everybody.Keys.Order());
        Assert.Equal(hers.Values.ToHashSet(), everybody[mira.MemberId.Value].Values.ToHashSet());
    }

    [Fact]
    public async Task Tries_OutliveARestartOfTheLab()
    {
        var before = await labs.OpenAsync();
        var mira = await before.AddStudentAsync("Mira");
        await AddAsync(before, mira, "10", right: false);
        await before.LeaveAsync();

        await using var after = await labs.OpenAsync(directory: before.Directory);

        Assert.Equal((2, true), Of(await AddAsync(after, mira, "12", right: true)));
    }

    [Fact]
    public async Task LongAnswer_IsKeptCut()
    {
        await using var lab = await labs.OpenAsync();
        var standing = await AddAsync(lab, await lab.AddStudentAsync("Mira"), new('9', 10_000), right: false);

        Assert.Equal(TaskAttempt.AnswerLength, standing.LastAnswer.Length);
    }

    private static Task<TaskStanding> AddAsync(TestLab lab, Viewer by, string answer, bool right, string task = Name) =>
        lab.Get<AttemptStore>().AddAsync(by.MemberId!.Value, task, answer, "phantom, test split", right, TestContext.Current.CancellationToken);

    private static (int Tries, bool Solved) Of(TaskStanding standing) => (standing.Tries, standing.IsSolved);
}

public sealed class EmbeddedAttemptStoreTests() : AttemptStoreTests(TestLabs.Embedded);

public sealed class ScaledOutAttemptStoreTests(PostgresServer server) : AttemptStoreTests(new TestLabs(server));
