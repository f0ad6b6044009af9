using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Coursework;

public abstract class AnswerStoreTests(TestLabs labs)
{
    private const string Question = "failures";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Save_OnAnOldVersion_WritesNothing_AndGivesWhatIsStored()
    {
        await using var lab = await labs.OpenAsync();
        var (store, mira) = (lab.Get<AnswerStore>(), await IdOfAsync(lab, "Mira"));
        Assert.True((await store.SaveAsync(mira, Question, "One.", 0, Token)).IsSaved);
        Assert.True((await store.SaveAsync(mira, Question, "One. Two.", 1, Token)).IsSaved);

        var (isSaved, stored) = await store.SaveAsync(mira, Question, "One. Three.", 1, Token);

        Assert.False(isSaved);
        Assert.Equal((2, "One. Two."), (stored.Version, stored.Text));
        Assert.Equal("One. Two.", (await store.FindAsync(mira, Question, Token))?.Text);
    }

    [Fact]
    public async Task Save_SentTwice_CountsOnce()
    {
        await using var lab = await labs.OpenAsync();
        var (store, mira) = (lab.Get<AnswerStore>(), await IdOfAsync(lab, "Mira"));
        List<int> told = [];
        lab.Get<CourseworkNotifier>().Changed += told.Add;

        await store.SaveAsync(mira, Question, "One.", 0, Token);
        var again = await store.SaveAsync(mira, Question, "One.", 0, Token);      // its first answer was lost on the way

        Assert.Equal((true, 1), (again.IsSaved, again.Stored.Version));
        Assert.Equal([mira], told);
    }

    [Fact]
    public async Task Save_OfTwoAtOnce_OneIsToldOfTheOther()
    {
        await using var lab = await labs.OpenAsync();
        var (store, mira) = (lab.Get<AnswerStore>(), await IdOfAsync(lab, "Mira"));

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(() => store.SaveAsync(mira, Question, $"By {writer}.", 0, Token))));

        var kept = Assert.Single(results, result => result.IsSaved).Stored;
        Assert.All(results, result => Assert.Equal((1, kept.Text), (result.Stored.Version, result.Stored.Text)));
    }

    [Fact]
    public async Task Save_TooLong_OrByNobody_IsRefused()
    {
        await using var lab = await labs.OpenAsync();
        var (store, mira) = (lab.Get<AnswerStore>(), await IdOfAsync(lab, "Mira"));
        Assert.True((await store.SaveAsync(mira, Question, new('a', WrittenAnswer.TextLength), 0, Token)).IsSaved);

        var tooLong = await Assert.ThrowsAsync<RequestRefusedException>(() => store.SaveAsync(mira, Question, new('a', WrittenAnswer.TextLength + 1), 1, Token));
        var erased = await Assert.ThrowsAsync<RequestRefusedException>(() => store.SaveAsync(999, Question, "One.", 0, Token));

        Assert.Equal("An answer can have at most 20,000 characters; this one has 20,001.", tooLong.Message);
        Assert.Equal("You are no longer a member of this class.", erased.Message);
    }

    [Fact]
    public async Task Answers_AreTheWritersOwn_AndBlanksAreNone()
    {
        await using var lab = await labs.OpenAsync();
        var (store, mira, jonas) = (lab.Get<AnswerStore>(), await IdOfAsync(lab, "Mira"), await IdOfAsync(lab, "Jonas"));
        await store.SaveAsync(mira, Question, "Mine.", 0, Token);
        await store.SaveAsync(jonas, Question, " \n ", 0, Token);

        Assert.Equal("Mine.", Assert.Single(await store.ListAsync(mira, Token)).Text);
        Assert.Empty(await store.ListAsync(jonas, Token));
        Assert.Equal(new AnswerStanding(Question, 1, Length: 0, Pins: 0), (await store.StandingsAsync(jonas, Token))[Question]);
        Assert.False((await store.StandingsAsync(mira, Token))[Question].IsEmpty);
        Assert.Single(await store.ListAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task Comment_IsTheInstructors_AndReachesTheStudent()
    {
        await using var lab = await labs.OpenAsync();
        var store = lab.Get<AnswerStore>();
        var mira = await lab.AddStudentAsync("Mira");
        var id = mira.MemberId!.Value;
        List<int> told = [];
        lab.Get<CourseworkNotifier>().Changed += told.Add;

        await store.CommentAsync(id, Question, " Look at the drain. ", TestLab.Instructor, Token);

        var comment = Assert.Single(await store.CommentsAsync(id, Token));
        Assert.Equal((Question, "Look at the drain."), (comment.Question, comment.Text));
        Assert.Equal([id], told);
        await Assert.ThrowsAsync<RequestRefusedException>(() => store.CommentAsync(id, Question, "Well done, me.", mira, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => store.CommentAsync(id, Question, "  ", TestLab.Instructor, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => store.DeleteCommentAsync(comment.Id, mira, Token));
        await store.DeleteCommentAsync(comment.Id, TestLab.Instructor, Token);
        Assert.Empty(await store.CommentsAsync(id, Token));
    }

    private static async Task<int> IdOfAsync(TestLab lab, string name) => (await lab.AddStudentAsync(name)).MemberId!.Value;
}

public sealed class EmbeddedAnswerStoreTests() : AnswerStoreTests(TestLabs.Embedded);

public sealed class ScaledOutAnswerStoreTests(PostgresServer server) : AnswerStoreTests(new TestLabs(server));
