using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Accounts;

[Collection(TestPortal.Training)]
public sealed class RoleTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static readonly Viewer s_instructor = new(null, "Instructor", IsInstructor: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private People People => portal.Services.GetRequiredService<People>();

    private async Task<Member> MemberAsync(string name)
    {
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        return await db.Members.SingleAsync(member => member.Name == name, Token);
    }

    [Fact]
    public async Task Assistant_SeesTheClass_FromTheNextPageOn_AndNoLongerWhenTheRoleIsWithdrawn()
    {
        await portal.InitializeAsync();
        using var browser = await portal.StudentAsync("Tess");
        using var student = await portal.StudentAsync("Sam");
        var run = await TestPortal.LaunchAsync(student, steps: 5);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/class", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/api/runs/{run}", Token)).StatusCode);
        var tess = await MemberAsync("Tess");

        await People.SetRoleAsync(tess.Id, MemberRole.Assistant, s_instructor, Token);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/class", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/class/progress.csv", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/api/runs/{run}", Token)).StatusCode);
        // What is the instructor's alone.
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/people", Token)).StatusCode);
        await TestPortal.WaitForAsync(student, run, "Completed");
        var refused = await browser.DeleteAsync($"/api/runs/{run}", Token);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("belongs to somebody else", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        await People.SetRoleAsync(tess.Id, MemberRole.Student, s_instructor, Token);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/class", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/runs", Token)).StatusCode);
    }

    [Fact]
    public async Task Assistant_Comments_AndErasesNobody()
    {
        using var browser = await portal.StudentAsync("Written To");
        var student = await MemberAsync("Written To");
        var assistant = new Viewer(student.Id + 1000, "Assistant", IsInstructor: false) { IsAssistant = true };
        var answers = portal.Services.GetRequiredService<AnswerStore>();

        await answers.CommentAsync(student.Id, "failures", "Look at the drain.", assistant, Token);

        Assert.Equal("Look at the drain.", Assert.Single(await answers.CommentsAsync(student.Id, Token)).Text);
        await Assert.ThrowsAsync<RequestRefusedException>(() => portal.Services.GetRequiredService<StudentErasure>().EraseAsync(student.Id, assistant, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => People.SetRoleAsync(student.Id, MemberRole.Instructor, assistant, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => People.ListAsync(assistant, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => People.PasswordLinkAsync(student.Id, assistant, Token));
    }

    [Fact]
    public async Task SecondInstructor_IsOne_AndTheHostStaysOne()
    {
        using var browser = await portal.StudentAsync("Ines");
        var ines = await MemberAsync("Ines");
        await People.SetRoleAsync(ines.Id, MemberRole.Instructor, s_instructor, Token);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/people", Token)).StatusCode);

        var host = await MemberAsync("Instructor");
        Assert.True(host.IsHost);
        var by = new Viewer(ines.Id, "Ines", IsInstructor: true);
        await Assert.ThrowsAsync<RequestRefusedException>(() => People.SetRoleAsync(host.Id, MemberRole.Student, by, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => People.ReturnLinkAsync(host.Id, by, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => People.SetRoleAsync(ines.Id, MemberRole.Student, by, Token));
        using var program = portal.Instructor();
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/class/progress.csv", Token)).StatusCode);
    }

    [Fact]
    public async Task Added_ByTheInstructor_ComesInByTheLink()
    {
        var added = await People.AddAsync(" Guest  Lecturer ", MemberRole.Assistant, s_instructor, Token);
        var link = await People.PasswordLinkAsync(added.Id, s_instructor, Token);
        using var browser = portal.Browser();
        var query = System.Web.HttpUtility.ParseQueryString(link.Split('?')[1]);

        await TestPortal.SendAsync(browser, link, "/password", ("member", query["member"]!), ("token", query["token"]!), ("password", "eight and more"));

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/class", Token)).StatusCode);
        Assert.Contains("already", (await Assert.ThrowsAsync<RequestRefusedException>(() => People.AddAsync("guest lecturer", MemberRole.Student, s_instructor, Token))).Message, StringComparison.Ordinal);
        var listed = Assert.Single(await People.ListAsync(s_instructor, Token), person => person.Name == "Guest Lecturer");
        Assert.True(listed is { HasPassword: true, HasUniversity: false, Tokens: 0 });
    }

    [Fact]
    public async Task SignedOutEverywhere_ByTheInstructor_IsOut_AndTheReturnLinkStillHolds()
    {
        using var browser = await portal.StudentAsync("Lost Laptop");
        var link = System.Text.RegularExpressions.Regex.Match(await browser.GetStringAsync("/data", Token), "/return\\?token=[0-9a-f]+").Value;

        await People.EndSignInsAsync((await MemberAsync("Lost Laptop")).Id, s_instructor, Token);

        Assert.StartsWith("/join?error=ended", (await browser.GetAsync("/runs", Token)).Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Equal("/", (await browser.GetAsync(link, Token)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/runs", Token)).StatusCode);
    }

    [Fact]
    public async Task Work_IsOnesOwn()
    {
        using var browser = await portal.StudentAsync("Own Work");

        using var zip = new System.IO.Compression.ZipArchive(await browser.GetStreamAsync("/account/work.zip", Token));

        using var student = new StreamReader(zip.GetEntry("student.json")!.Open());
        Assert.Contains("Own Work", await student.ReadToEndAsync(Token), StringComparison.Ordinal);
        using var nobody = portal.Browser();
        Assert.StartsWith("/join", (await nobody.GetAsync("/account/work.zip", Token)).Headers.Location?.OriginalString, StringComparison.Ordinal);
    }
}
