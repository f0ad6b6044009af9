using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Classroom;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests;

public abstract class StudentErasureTests(TestLabs labs)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Erase_TakesAllThatIsHis_AndNothingOfAnybodyElse()
    {
        await using var lab = await labs.OpenAsync();
        var (mira, jonas) = (await lab.AddStudentAsync("Mira"), await lab.AddStudentAsync("Jonas"));
        var (hers, his) = (await WorkAsync(lab, mira), await WorkAsync(lab, jonas));
        List<int> erased = [];
        lab.Get<CourseworkNotifier>().Erased += erased.Add;

        await lab.Get<StudentErasure>().EraseAsync(mira.MemberId!.Value, TestLab.Instructor, Token);

        Assert.Equal((0, 0, 0, 0, 0), await CountsAsync(lab, mira));
        Assert.Equal((1, 1, 1, 1, 1), await CountsAsync(lab, jonas));
        await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        Assert.Equal([jonas.MemberId!.Value], await db.Members.Select(member => member.Id).ToListAsync(Token));
        Assert.Null(await lab.Store.FindAsync(hers.Id, TestLab.Instructor, Token));
        // Nothing lies aside either.
        Assert.Equal([lab.Store.FolderOf(his).Path], Directory.EnumerateDirectories(Path.Combine(lab.Directory, "runs")));
        Assert.Equal([mira.MemberId.Value], erased);
    }

    [Fact]
    public async Task Erase_EndsWhatHeHasRunning_AndWhatWaitsDoesNotStart()
    {
        await using var lab = await labs.TrainedByAsync(
            """
            echo '{"event":"started","fromStep":0,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'
            echo $$ > pid
            trap '' TERM INT
            while :; do sleep 0.1; done
            """);
        var mira = await lab.AddStudentAsync("Mira");
        var run = await lab.WaitForAsync((await lab.LaunchAsync(mira)).Id, RunState.Running);
        await lab.LaunchAsync(mira);
        using var process = await lab.ProcessOfAsync(run);

        await lab.Get<StudentErasure>().EraseAsync(mira.MemberId!.Value, TestLab.Instructor, Token);

        Assert.True(process.HasExited);
        Assert.Empty(await lab.Store.ListAsync(TestLab.Instructor, Token));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(lab.Directory, "runs")));
        // The line goes on for the others.
        await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Running);
    }

    [Fact]
    public async Task Erase_IsTheInstructorsOnly_AndNeverOfHimself()
    {
        await using var lab = await labs.OpenAsync();
        var (mira, jonas) = (await lab.AddStudentAsync("Mira"), await lab.AddStudentAsync("Jonas"));
        int instructor;
        await using (var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token))
        {
            var member = new Member { Name = "Instructor", Role = MemberRole.Instructor, TokenHash = "instructor" };
            db.Members.Add(member);
            await db.SaveChangesAsync(Token);
            instructor = member.Id;
        }

        Assert.Contains("Only an instructor", (await RefusalAsync(jonas.MemberId!.Value, mira)).Message);
        Assert.Contains("Only students can be erased", (await RefusalAsync(instructor, TestLab.Instructor)).Message);
        await lab.Get<StudentErasure>().EraseAsync(mira.MemberId!.Value, TestLab.Instructor, Token);
        Assert.Contains("already been erased", (await RefusalAsync(mira.MemberId.Value, TestLab.Instructor)).Message);
        // Her page may still be open.
        Assert.Contains("no longer in this class", (await Assert.ThrowsAsync<RequestRefusedException>(() => lab.LaunchAsync(mira))).Message);

        Task<RequestRefusedException> RefusalAsync(int memberId, Viewer by) =>
            Assert.ThrowsAsync<RequestRefusedException>(() => lab.Get<StudentErasure>().EraseAsync(memberId, by, Token));
    }

    /// <summary>One of each thing that a student can have. His run has ended and has a folder.</summary>
    private static async Task<Run> WorkAsync(TestLab lab, Viewer student)
    {
        var id = student.MemberId!.Value;
        await lab.Get<AttemptStore>().AddAsync(id, "count-images", "12", "phantom", isCorrect: true, Token);
        await lab.Get<AnswerStore>().SaveAsync(id, "failures", "Small ones.", readVersion: 0, Token);
        await lab.Get<AnswerStore>().CommentAsync(id, "failures", "Which?", TestLab.Instructor, Token);
        await lab.Get<PinStore>().AddAsync(id, "failures", "/runs/1/explanation?index=3", "Test image 3", null, "", Token);
        var run = await lab.LaunchAsync(student);
        await lab.Launcher.CancelAsync(run.Id, student, Token);
        lab.Store.FolderOf(run).WriteSpec(new() { Name = "x", Dataset = "xray", Network = "lite" });
        return run;
    }

    private static async Task<(int Runs, int Attempts, int Answers, int Comments, int Pins)> CountsAsync(TestLab lab, Viewer student)
    {
        var left = await lab.Get<StudentErasure>().CountAsync(student.MemberId!.Value, Token);
        return (left.Runs.Count, left.Attempts, left.Answers, left.Comments, left.Pins);
    }
}

public sealed class EmbeddedStudentErasureTests() : StudentErasureTests(TestLabs.Embedded);

public sealed class ScaledOutStudentErasureTests(PostgresServer server) : StudentErasureTests(new TestLabs(server));
