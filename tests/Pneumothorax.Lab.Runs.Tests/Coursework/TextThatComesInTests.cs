using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Coursework;

/// <summary>Whatever keeps a text holds it to one rule, so that both databases keep the same.</summary>
public sealed class TextThatComesInTests(PostgresServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ControlCharacter_IsRefusedInASentence_WhereverItComesIn()
    {
        await using var lab = await TestLabs.Embedded.OpenAsync();
        var mira = await lab.AddStudentAsync("Mira");
        var id = mira.MemberId!.Value;
        var (answers, pins, courses) = (lab.Get<AnswerStore>(), lab.Get<PinStore>(), lab.Get<CourseStore>());
        var course = await courses.CreateAsync("A course", null, null, TestLab.Instructor, Token);
        var pin = await pins.AddAsync(id, null, "/data", "A view", null, "", Token);
        const string text = "a\0b";

        Func<Task>[] ways =
        [
            () => answers.SaveAsync(id, "q", text, 0, Token),
            () => answers.CommentAsync(id, "q", text, TestLab.Instructor, Token),
            () => lab.Get<AttemptStore>().AddAsync(id, "t", text, "", false, Token),
            () => pins.AddAsync(id, null, "/data", text, null, "", Token),
            () => pins.AddAsync(id, null, "/data", "A view", null, text, Token),
            () => pins.AddAsync(id, null, "/data" + text, "A view", null, "", Token),
            () => pins.NoteAsync(pin.Id, id, text, Token),
            () => lab.LaunchAsync(mira, text),
            () => courses.CreateAsync(text, null, null, TestLab.Instructor, Token),
            () => courses.ChangeAsync(course.Id, text, null, null, TestLab.Instructor, Token),
            () => courses.AddSectionAsync(course.Id, text, TestLab.Instructor, Token),
            () => courses.RenameSectionAsync(course.Sections[0].Id, text, TestLab.Instructor, Token),
            () => lab.Control.PauseAsync(text, TestLab.Instructor, Token),
        ];
        foreach (var way in ways) Assert.Matches("control character at position 2|Only views of this portal", (await Assert.ThrowsAsync<RequestRefusedException>(way)).Message);
    }

    [Fact]
    public async Task TextThatIsCut_IsCutBetweenCharacters_AndPostgresKeepsIt()
    {
        await using var lab = await new TestLabs(server).OpenAsync();
        var id = (await lab.AddStudentAsync("Mira")).MemberId!.Value;

        await lab.Get<PinStore>().AddAsync(id, null, "/data", new string('t', Pin.TitleLength - 1) + "\U0001FAC1", null, new string('n', Pin.NoteLength - 1) + "\U0001FAC1", Token);
        await lab.Get<AttemptStore>().AddAsync(id, "t", new string('a', TaskAttempt.AnswerLength - 1) + "\U0001FAC1", "", false, Token);

        await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        var pin = await db.Pins.SingleAsync(Token);
        Assert.Equal((Pin.TitleLength - 1, Pin.NoteLength - 1, TaskAttempt.AnswerLength - 1), (pin.Title.Length, pin.Note.Length, (await db.TaskAttempts.SingleAsync(Token)).Answer.Length));
    }
}
