using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Classroom;

/// <summary>What the instructor takes home, and who else gets it: nobody.</summary>
public sealed class ClassDownloadsTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static readonly Viewer s_instructor = new(null, "Instructor", IsInstructor: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/class")]
    [InlineData("/class/questions/failures")]
    [InlineData("/class/progress.csv")]
    public async Task ForAStudent_ThereIsNothing(string address)
    {
        using var student = await portal.StudentAsync($"Curious {address.Length}");

        var answer = await student.GetAsync(address, Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no page at this address", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var visitor = portal.Browser();
        Assert.StartsWith("/join", (await visitor.GetAsync(address, Token)).Headers.Location?.OriginalString, StringComparison.Ordinal);
        using var instructor = portal.Instructor();
        Assert.True((await instructor.GetAsync(address, Token)).StatusCode == HttpStatusCode.OK, address);
    }

    [Fact]
    public async Task OneStudentsPageAndArchive_AreNotForOthers_AndNotForHim()
    {
        using var ada = await portal.StudentAsync("Ada");
        var id = (await FindAsync("Ada")).Id;

        Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync($"/class/{id}", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync($"/class/{id}/student.zip", Token)).StatusCode);
        using var instructor = portal.Instructor();
        Assert.Equal(HttpStatusCode.NotFound, (await instructor.GetAsync("/class/99999/student.zip", Token)).StatusCode);
    }

    [Fact]
    public async Task AppBar_LeadsToTheClass_ForTheInstructorOnly()
    {
        using var student = await portal.StudentAsync("Bo");
        using var instructor = portal.Instructor();

        Assert.DoesNotContain("href=\"/class\"", await student.GetStringAsync("/data", Token), StringComparison.Ordinal);
        Assert.Contains("href=\"/class\"", await instructor.GetStringAsync("/data", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_HasARowAStudent_WithStatesThatSort_AndNoFormula()
    {
        WriteChapter();
        // Somebody may well join under such a name.
        using var student = await portal.StudentAsync("=cmd, \"Eve\"");
        var id = (await FindAsync("=cmd, \"Eve\"")).Id;
        var attempts = portal.Services.GetRequiredService<AttemptStore>();
        foreach (var right in (bool[])[false, true]) await attempts.AddAsync(id, "count-images", "12", "phantom", right, Token);
        for (var miss = 0; miss < 3; miss++) await attempts.AddAsync(id, "read-labels", "12", "phantom", isCorrect: false, Token);
        var answers = portal.Services.GetRequiredService<AnswerStore>();
        await answers.SaveAsync(id, "failures", "@SUM(1,2)\nsecond \"line\"", readVersion: 0, Token);
        await answers.CommentAsync(id, "failures", "+1, well seen", s_instructor, Token);
        using var instructor = portal.Instructor();

        var answer = await instructor.GetAsync("/class/progress.csv", Token);
        var bytes = await answer.Content.ReadAsByteArrayAsync(Token);

        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), bytes[..3]);
        var csv = Encoding.UTF8.GetString(bytes[3..]);
        Assert.StartsWith(
            "student,joined (UTC),last seen (UTC),place in the guide,runs,tasks solved,questions answered,"
            + "Task 2.1 count-images (state and tries),Task 2.2 read-labels (state and tries),"
            + "Question 2.1 failures (answer),Question 2.1 failures (evidence),Question 2.1 failures (comments)\r\n", csv, StringComparison.Ordinal);
        Assert.Contains("\r\n\"'=cmd, \"\"Eve\"\"\",", csv, StringComparison.Ordinal);
        // Half a line without a pinned view does not count as answered, but stands in the table.
        Assert.Contains(",0,1,0,solved 02,stuck 03,\"'@SUM(1,2)\nsecond \"\"line\"\"\",,\"'+1, well seen\"\r\n", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archive_HoldsWhatIsHis_AndNothingElse()
    {
        using var mira = await portal.StudentAsync("Mira");
        using var jonas = await portal.StudentAsync("Jonas");
        var (hers, his) = ((await FindAsync("Mira")).Id, (await FindAsync("Jonas")).Id);
        var answers = portal.Services.GetRequiredService<AnswerStore>();
        await answers.SaveAsync(hers, "failures", "Thin rims of air.", readVersion: 0, Token);
        await answers.SaveAsync(his, "failures", "A secret of Jonas.", readVersion: 0, Token);
        await portal.Services.GetRequiredService<PinStore>().AddAsync(hers, "failures", "/runs/1/explanation?index=3", "Test image 3", null, "", Token);
        using var instructor = portal.Instructor();

        await using var stream = await instructor.GetStreamAsync($"/class/{hers}/student.zip", Token);
        using var zip = new ZipArchive(stream);

        Assert.Equal(
            ["README.txt", "answers.json", "attempts.json", "comments.json", "pins.json", "runs.json", "student.json"],
            zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        var texts = zip.Entries.ToDictionary(entry => entry.FullName, entry => new StreamReader(entry.Open()).ReadToEnd());
        Assert.Equal("Thin rims of air.", Assert.Single(JsonSerializer.Deserialize<JsonElement>(texts["answers.json"]).EnumerateArray()).GetProperty("text").GetString());
        Assert.Contains("/runs/1/explanation?index=3", texts["pins.json"], StringComparison.Ordinal);
        Assert.DoesNotContain("Jonas", string.Concat(texts.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ErasedStudent_IsAskedToJoinAgain_AndToldWhy()
    {
        using var browser = await portal.StudentAsync("Noor");
        var link = System.Text.RegularExpressions.Regex.Match(await browser.GetStringAsync("/data", Token), "/return\\?token=[0-9a-f]+").Value;

        await portal.Services.GetRequiredService<StudentErasure>().EraseAsync((await FindAsync("Noor")).Id, s_instructor, Token);

        var next = await browser.GetAsync("/guide/the-data", Token);
        Assert.Equal("/join?error=erased", next.Headers.Location?.OriginalString);
        Assert.Contains("removed you from this class", await browser.GetStringAsync(next.Headers.Location, Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/runs", Token)).StatusCode);
        using var program = portal.Bearer(link.Split('=')[1]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/runs", Token)).StatusCode);
        // The name is free again, and nothing comes back with it.
        using var again = await portal.StudentAsync("Noor");
        Assert.Empty((await portal.Services.GetRequiredService<AttemptStore>().ListAsync((await FindAsync("Noor")).Id, Token)));
    }

    private void WriteChapter()
    {
        var folder = Directory.CreateDirectory(Path.Combine(portal.DataDirectory, "content", "chapters"));
        File.WriteAllText(Path.Combine(folder.FullName, "02-the-data.md"),
            "---\ntitle: The data\nlead: What there is.\nminutes: 5\n---\n:::task name=count-images\n:::\n:::task name=read-labels\n:::\n:::question id=failures title=\"Are they reasonable?\"\nAre they?\n:::\n");
    }

    private async Task<Member> FindAsync(string name)
    {
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        return await db.Members.AsNoTracking().SingleAsync(member => member.Name == name, Token);
    }
}
