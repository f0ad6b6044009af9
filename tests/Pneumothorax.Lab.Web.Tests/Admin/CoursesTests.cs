using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Admin;

/// <summary>Courses and their sections as a whole portal has them.</summary>
[Collection(TestPortal.Training)]
public sealed class CoursesTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static readonly Viewer s_instructor = new(null, "Instructor", IsInstructor: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private CourseStore Courses => portal.Services.GetRequiredService<CourseStore>();

    [Fact]
    public async Task CodeOfASection_PutsAStudentThere_AndProgressAndArchiveAreBySection()
    {
        var course = await Courses.CreateAsync("Vision", null, null, s_instructor, Token);
        var code = course.Sections[0].Code;
        using var ada = await portal.StudentAsync("Ada");
        using var bo = portal.Browser();
        Assert.Equal("/", (await TestPortal.JoinAsync(bo, "Bo", $" {code.ToLowerInvariant()[..3]}-{code[3..]}")).Headers.Location?.OriginalString);
        using var instructor = portal.Instructor();

        var (all, hers, others) = (await CsvAsync(""), await CsvAsync($"?section={course.Sections[0].Id}"), await CsvAsync($"?course={(await Courses.DefaultSectionAsync(Token)).CourseId}"));

        Assert.Contains("\r\nAda,", all, StringComparison.Ordinal);
        Assert.Contains("\r\nBo,", all, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\nAda,", hers, StringComparison.Ordinal);
        Assert.Contains("\r\nBo,", hers, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\nBo,", others, StringComparison.Ordinal);
        await using var stream = await instructor.GetStreamAsync($"/courses/{course.Id}/students.zip", Token);
        using var zip = new ZipArchive(stream);
        Assert.Contains(zip.Entries, entry => entry.FullName.EndsWith("-bo/answers.json", StringComparison.Ordinal));
        Assert.DoesNotContain(zip.Entries, entry => entry.FullName.Contains("-ada/", StringComparison.Ordinal));

        async Task<string> CsvAsync(string query) => await instructor.GetStringAsync($"/class/progress.csv{query}", Token);
    }

    [Theory]
    [InlineData(3, null, "begins on")]
    [InlineData(null, -3, "ended on")]
    public async Task Joining_OutsideTheDaysOfACourse_IsRefusedWithTheDate(int? first, int? last, string words)
    {
        var (firstDay, lastDay) = (first is { } f ? Courses.Today.AddDays(f) : (DateOnly?)null, last is { } l ? Courses.Today.AddDays(l) : (DateOnly?)null);
        var course = await Courses.CreateAsync("Vision", firstDay, lastDay, s_instructor, Token);
        using var browser = portal.Browser();

        var back = (await TestPortal.JoinAsync(browser, "Early or Late", course.Sections[0].Code)).Headers.Location!.OriginalString;

        var page = await browser.GetStringAsync(back, Token);
        Assert.Contains($"{words} {(firstDay ?? lastDay)!.Value.ToString("d MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture)}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LaunchingTooMuch_IsRefusedFor429_WithHowLongToWait()
    {
        using var student = await portal.StudentAsync("Hasty");
        HttpResponseMessage answer;
        var launched = 0;
        while (true)
        {
            answer = await student.PostAsJsonAsync("/api/runs", new { dataset = "phantom", network = "lite", hyperparameters = new { steps = 1000 } }, Token);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) break;
            // Whatever is in the queue already: what is asked for counts.
            launched++;
            Assert.True(launched <= LaunchRate.Default.PerMinute, $"The {launched}th launch within a minute was {answer.StatusCode}.");
        }

        Assert.Equal(LaunchRate.Default.PerMinute, launched);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("Try again in", (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        foreach (var run in (await student.GetFromJsonAsync<JsonElement>("/api/runs", Token)).EnumerateArray())
            await student.PostAsync($"/api/runs/{run.GetProperty("id")}/cancel", null, Token);
    }

    [Fact]
    public async Task AuditTrail_SaysWhoFromWhere_AndComesAsCsv()
    {
        using var instructor = portal.Instructor();
        using var student = await portal.StudentAsync("Eve");
        await instructor.GetAsync("/class/progress.csv", Token);

        var csv = await instructor.GetStringAsync("/audit/audit.csv?kind=classexported", Token);

        Assert.Contains(",Instructor,Exported a class,", csv, StringComparison.Ordinal);
        Assert.DoesNotContain("Created a course", csv, StringComparison.Ordinal);
        Assert.DoesNotContain(TestPortal.InstructorToken, csv, StringComparison.Ordinal);
        var rows = await portal.Services.GetRequiredService<Audit>().ListAsync(new(Kind: AuditKind.AuditExported), cancellationToken: Token);
        Assert.Equal("Instructor", Assert.Single(rows).Actor);
    }

    [Fact]
    public async Task Headers_AllowNoScriptButTheLabsOwn_AndNoFrameAround()
    {
        using var browser = portal.CreateClient(new() { BaseAddress = new("https://lab.example"), AllowAutoRedirect = false });

        var headers = (await browser.GetAsync("/join", Token)).Headers;

        var policy = Assert.Single(headers.GetValues("Content-Security-Policy")).Split("; ");
        Assert.Contains("script-src 'self'", policy);
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("object-src 'none'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.Contains("form-action 'self'", policy);
        Assert.Equal("max-age=31536000", Assert.Single(headers.GetValues("Strict-Transport-Security")));
        Assert.Equal("same-origin", Assert.Single(headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.Contains("camera=()", Assert.Single(headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        using var plain = portal.Browser();
        Assert.False((await plain.GetAsync("/join", Token)).Headers.Contains("Strict-Transport-Security"));
    }
}
