using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Admin;

/// <summary>Private by default: every address of the portal, and what somebody else's run, answer or file is at it.</summary>
[Collection(TestPortal.Training)]
public sealed partial class PrivacyTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const int Nobody = 987654;

    /// <summary>What a student gets.</summary>
    private enum Reader
    {
        /// <summary>Names a run or a member: another student's is 404, and answers as one that does not exist.</summary>
        Owner,

        /// <summary>Names nobody's thing: it shows him his own, or what belongs to everybody.</summary>
        Anybody,

        /// <summary>Nothing: only the staff.</summary>
        Staff,
    }

    /// <summary>Every route. Whoever adds one says here whom it serves; see <see cref="EveryRoute_IsInTheTable"/>.</summary>
    private static readonly Dictionary<string, Reader> s_routes = new()
    {
        ["GET /api/runs/{id:int}"] = Reader.Owner,
        ["DELETE /api/runs/{id:int}"] = Reader.Owner,
        ["POST /api/runs/{id:int}/cancel"] = Reader.Owner,
        ["POST /api/runs/{id:int}/resume"] = Reader.Owner,
        ["POST /api/runs/{id:int}/evaluate"] = Reader.Owner,
        ["POST /api/runs/{id:int}/share"] = Reader.Owner,
        ["DELETE /api/runs/{id:int}/share"] = Reader.Owner,
        ["GET /api/runs/{id:int}/metrics.csv"] = Reader.Owner,
        ["GET /api/runs/{id:int}/weights.safetensors"] = Reader.Owner,
        ["GET /api/runs/{id:int}/evaluation"] = Reader.Owner,
        ["GET /api/runs/{id:int}/evaluation.h5"] = Reader.Owner,
        ["GET /api/runs/{id:int}/roc.csv"] = Reader.Owner,
        ["GET /api/runs/{id:int}/precision-recall.csv"] = Reader.Owner,
        ["GET /api/runs/{id:int}/notebook.ipynb"] = Reader.Owner,
        ["GET /api/runs/{id:int}/takeaway.zip"] = Reader.Owner,
        ["GET /api/runs/{id:int}/cam/{index:int}.png"] = Reader.Owner,
        ["GET /api/runs/{id:int}/slices"] = Reader.Owner,
        ["GET /api/runs/{id:int}/slices.csv"] = Reader.Owner,
        ["GET /api/runs/{id:int}/recordings.jsonl"] = Reader.Owner,
        ["GET /api/runs/{id:int}/maps/{step:int}/{index:int}.png"] = Reader.Owner,
        ["GET /api/runs/{id:int}/tensorboard.zip"] = Reader.Owner,
        ["PAGE /runs/{Id:int}"] = Reader.Owner,
        ["PAGE /runs/{Id:int}/log"] = Reader.Owner,
        ["PAGE /runs/{Id:int}/report"] = Reader.Owner,
        ["PAGE /runs/{Id:int}/evaluation"] = Reader.Owner,
        ["PAGE /runs/{Id:int}/explanation"] = Reader.Owner,
        ["PAGE /runs/{Id:int}/failures"] = Reader.Owner,

        ["PAGE /class"] = Reader.Staff,
        ["PAGE /class/{MemberId:int}"] = Reader.Staff,
        ["PAGE /class/questions/{Question}"] = Reader.Staff,
        ["GET /class/progress.csv"] = Reader.Staff,
        ["GET /class/{memberId:int}/student.zip"] = Reader.Staff,
        ["PAGE /courses"] = Reader.Staff,
        ["PAGE /courses/{CourseId:int}"] = Reader.Staff,
        ["PAGE /courses/{CourseId:int}/purge"] = Reader.Staff,
        ["GET /courses/{courseId:int}/students.zip"] = Reader.Staff,
        ["PAGE /data/import"] = Reader.Staff,
        ["GET /data/{name}/import-report.csv"] = Reader.Staff,
        ["PAGE /audit"] = Reader.Staff,
        ["GET /audit/audit.csv"] = Reader.Staff,
        ["PAGE /people"] = Reader.Staff,
        ["ANY /hangfire/{**path}"] = Reader.Staff,

        ["PAGE /"] = Reader.Anybody,
        ["PAGE /guide"] = Reader.Anybody,
        ["PAGE /guide/finished"] = Reader.Anybody,
        ["PAGE /guide/{Slug}"] = Reader.Anybody,
        // Documentation, without signing in.
        ["PAGE /help"] = Reader.Anybody,
        ["PAGE /help/{Slug}"] = Reader.Anybody,
        ["PAGE /pins"] = Reader.Anybody,
        ["PAGE /data"] = Reader.Anybody,
        // What a course does not use is not there: CourseDatasetsTests ask for it.
        ["PAGE /data/{Name}"] = Reader.Anybody,
        ["PAGE /data/{Name}/survey"] = Reader.Anybody,
        ["PAGE /runs"] = Reader.Anybody,
        ["PAGE /runs/new"] = Reader.Anybody,
        ["PAGE /compare"] = Reader.Anybody,
        ["PAGE /join"] = Reader.Anybody,
        ["PAGE /not-found"] = Reader.Anybody,
        ["POST /join"] = Reader.Anybody,
        ["POST /sign-in"] = Reader.Anybody,
        ["POST /sign-in/university"] = Reader.Anybody,
        ["POST /sign-out/university"] = Reader.Anybody,
        ["PAGE /password"] = Reader.Anybody,
        ["POST /password"] = Reader.Anybody,
        ["PAGE /account"] = Reader.Anybody,
        ["POST /account/password"] = Reader.Anybody,
        ["POST /account/return-link"] = Reader.Anybody,
        ["POST /account/sign-ins"] = Reader.Anybody,
        ["POST /account/university"] = Reader.Anybody,
        ["GET /account/work.zip"] = Reader.Anybody,
        ["PAGE /queue"] = Reader.Anybody,
        ["PAGE /hosts"] = Reader.Anybody,
        // Their folder is the reader's own, whatever the number: OwnImagesTests asks for another's.
        ["PAGE /mine"] = Reader.Anybody,
        ["PAGE /mine/{Id}"] = Reader.Anybody,
        ["GET /api/images"] = Reader.Anybody,
        ["POST /api/images"] = Reader.Anybody,
        ["GET /api/images/{id:guid}"] = Reader.Anybody,
        ["DELETE /api/images/{id:guid}"] = Reader.Anybody,
        ["GET /api/images/{id:guid}.png"] = Reader.Anybody,
        ["GET /api/images/{id:guid}/cam/{run:int}.png"] = Reader.Anybody,
        ["POST /sign-out"] = Reader.Anybody,
        ["GET /instructor"] = Reader.Anybody,
        ["GET /return"] = Reader.Anybody,
        ["GET /healthz"] = Reader.Anybody,
        ["GET /healthz/live"] = Reader.Anybody,
        ["ANY /healthz/ready"] = Reader.Anybody,
        ["GET /openapi/{documentName}.json"] = Reader.Anybody,
        ["GET /api/datasets"] = Reader.Anybody,
        ["GET /api/datasets/{name}/{split}/{index:int}.png"] = Reader.Anybody,
        ["GET /api/datasets/{name}/{split}/mean-{label:int}.png"] = Reader.Anybody,
        ["GET /api/datasets/{name}/train/{index:int}/varied.png"] = Reader.Anybody,
        ["GET /api/runs"] = Reader.Anybody,
        ["POST /api/runs"] = Reader.Anybody,
        ["GET /api/compare.csv"] = Reader.Anybody,
        ["GET /api/answers/{question}"] = Reader.Anybody,
        ["PUT /api/answers/{question}"] = Reader.Anybody,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void EveryRoute_IsInTheTable()
    {
        var routes = Routes(portal.Services.GetRequiredService<EndpointDataSource>()).Distinct().ToList();

        Assert.True(routes.Count > 40, "The routes are not read any more.");
        var (missing, gone) = (routes.Except(s_routes.Keys).Order(), s_routes.Keys.Except(routes).Order());
        Assert.True(!missing.Any(), $"Say in this test's table whom these serve: {string.Join(", ", missing)}");
        Assert.True(!gone.Any(), $"These are no longer there: {string.Join(", ", gone)}");
    }

    [Fact]
    public async Task AnotherStudentsThing_IsWhatDoesNotExist_Everywhere()
    {
        using var ada = await portal.StudentAsync("Ada");
        using var bo = await portal.StudentAsync("Bo");
        using var instructor = portal.Instructor();
        var run = await TestPortal.LaunchAsync(ada, steps: 5000);
        await ada.PostAsync($"/api/runs/{run}/cancel", null, Token);
        await TestPortal.WaitForAsync(ada, run, "Canceled");
        List<string> faults = [];

        foreach (var (route, reader) in s_routes.Where(route => route.Value != Reader.Anybody))
        {
            var there = await AskAsync(bo, route, run);
            var nowhere = await AskAsync(bo, route, Nobody);
            if (there.Status != HttpStatusCode.NotFound) faults.Add($"{route} is {(int)there.Status}");
            if (there != nowhere) faults.Add($"{route} tells that there is something: {there.Body} / {nowhere.Body}");
            if (reader == Reader.Owner && route.Contains("/api/", StringComparison.Ordinal) && !there.Body.Contains("There is no run N.", StringComparison.Ordinal))
                faults.Add($"{route} says {there.Body}");
            // HEAD is answered as GET is: whose run it is makes no difference.
            if (!route.StartsWith("PAGE", StringComparison.Ordinal) && !route.StartsWith("GET", StringComparison.Ordinal)) continue;
            var (head, headOfNothing) = (await AskAsync(bo, "HEAD" + route[route.IndexOf(' ')..], run), await AskAsync(bo, "HEAD" + route[route.IndexOf(' ')..], Nobody));
            if (head != headOfNothing || head.Status is HttpStatusCode.OK or HttpStatusCode.Forbidden) faults.Add($"HEAD of {route} is {(int)head.Status}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        // It is hers, and it is still there.
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(ada, "PAGE /runs/{Id:int}", run)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(ada, "GET /api/runs/{id:int}/metrics.csv", run)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(instructor, "PAGE /runs/{Id:int}/report", run)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(instructor, "PAGE /runs/{Id:int}", Nobody)).Status);
    }

    [Fact]
    public async Task SharedRun_IsReadInItsSection_ChangedByNobodyElse_AndGoneWhenSharingEnds()
    {
        using var owner = await portal.StudentAsync("Ira");
        using var mate = await portal.StudentAsync("Jo");
        using var instructor = portal.Instructor();
        var course = await portal.Services.GetRequiredService<CourseStore>().CreateAsync("Another course", null, null, new(null, "Instructor", IsInstructor: true), Token);
        using var stranger = portal.Browser();
        await TestPortal.JoinAsync(stranger, "Kim", course.Sections[0].Code);
        var run = await TestPortal.LaunchAsync(owner, steps: 5000);
        await owner.PostAsync($"/api/runs/{run}/cancel", null, Token);
        await TestPortal.WaitForAsync(owner, run, "Canceled");
        Assert.Equal(HttpStatusCode.NotFound, (await mate.PostAsync($"/api/runs/{run}/share", null, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await instructor.PostAsync($"/api/runs/{run}/share", null, Token)).StatusCode);

        var shared = await owner.PostAsync($"/api/runs/{run}/share", null, Token);

        Assert.True((await shared.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Token)).GetProperty("shared").GetBoolean());
        List<string> faults = [];
        foreach (var (route, _) in s_routes.Where(route => route.Value == Reader.Owner))
        {
            var (his, hers, others, nothing) = (await AskAsync(mate, route, run), await AskAsync(owner, route.StartsWith("GET", StringComparison.Ordinal) ? route : "PAGE /hosts", run), await AskAsync(stranger, route, run), await AskAsync(stranger, route, Nobody));
            var isRead = route.StartsWith("GET", StringComparison.Ordinal) || (route.StartsWith("PAGE", StringComparison.Ordinal) && !route.EndsWith("/log", StringComparison.Ordinal));
            if (route.StartsWith("GET", StringComparison.Ordinal) && his.Status != hers.Status) faults.Add($"{route} is {(int)his.Status} for a reader and {(int)hers.Status} for the owner");
            if (route.StartsWith("PAGE", StringComparison.Ordinal) && his.Status != (isRead ? HttpStatusCode.OK : HttpStatusCode.NotFound)) faults.Add($"{route} is {(int)his.Status} for a reader");
            if (!isRead && !route.StartsWith("PAGE", StringComparison.Ordinal) && his.Status != HttpStatusCode.Forbidden) faults.Add($"{route} is {(int)his.Status} for a reader: {his.Body}");
            if (others != nothing) faults.Add($"{route} tells another section that there is something: {others.Body} / {nothing.Body}");
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal(2, (await mate.GetStringAsync($"/api/compare.csv?runs={run}", Token)).TrimEnd().Split('\n').Length);
        Assert.Equal("Canceled", (await TestPortal.StateAsync(owner, run)).GetProperty("state").GetString());
        // It is read at its address, and fills nobody's lists; nor is it put to other use.
        Assert.DoesNotContain($"\"id\":{run},", await mate.GetStringAsync("/api/runs", Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await mate.PostAsync($"/api/images?runs={run}", new ByteArrayContent([1, 2, 3]), Token)).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await owner.DeleteAsync($"/api/runs/{run}/share", Token)).StatusCode);

        foreach (var (route, _) in s_routes.Where(route => route.Value == Reader.Owner)) Assert.Equal(await AskAsync(mate, route, Nobody), await AskAsync(mate, route, run));
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        Assert.Equal([AuditKind.RunShared, AuditKind.RunUnshared], await db.Audit.Where(entry => entry.Subject == $"run {run}").OrderBy(entry => entry.Id).Select(entry => entry.Kind).ToListAsync(Token));
    }

    [Fact]
    public async Task AddressesThatNameRuns_LeaveOutThoseOfOthers()
    {
        using var ada = await portal.StudentAsync("Cleo");
        using var bo = await portal.StudentAsync("Dan");
        var run = await TestPortal.LaunchAsync(ada, steps: 5000);
        await ada.PostAsync($"/api/runs/{run}/cancel", null, Token);

        Assert.Single((await bo.GetStringAsync($"/api/compare.csv?runs={run}", Token)).TrimEnd().Split('\n'));
        Assert.Equal(2, (await ada.GetStringAsync($"/api/compare.csv?runs={run}", Token)).TrimEnd().Split('\n').Length);
        Assert.DoesNotContain($"\"id\":{run},", await bo.GetStringAsync("/api/runs", Token), StringComparison.Ordinal);
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        Assert.DoesNotContain(await db.Audit.ToListAsync(Token), entry => entry.Subject == $"run {run}");
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient client, string route, int id)
    {
        var (verb, pattern) = (route.Split(' ')[0], route.Split(' ')[1]);
        var address = Parameter().Replace(pattern, name => name.Groups[1].Value.ToUpperInvariant() switch
        {
            "ID" or "MEMBERID" or "COURSEID" => $"{id}",
            "STEP" => "5",
            "INDEX" => "0",
            _ => "failures",
        });
        using var request = new HttpRequestMessage(new(verb is "PAGE" or "ANY" ? "GET" : verb), address);
        var answer = await client.SendAsync(request, Token);
        var body = await answer.Content.ReadAsStringAsync(Token);
        return (answer.StatusCode, Passing().Replace(body.Replace($"run {id}.", "run N.", StringComparison.Ordinal), ""));
    }

    private static IEnumerable<string> Routes(EndpointDataSource source)
    {
        foreach (var endpoint in source.Endpoints.OfType<RouteEndpoint>())
        {
            var pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            // Files of wwwroot, and what Blazor itself needs.
            if (endpoint.Metadata.Any(data => data.GetType().Name == "StaticAssetDescriptor")) continue;
            if (pattern.StartsWith("/_", StringComparison.Ordinal) || pattern == "/{**path:file}") continue;
            if (endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null) yield return "PAGE " + pattern;
            else if (endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is { HttpMethods: { Count: > 0 } verbs }) foreach (var verb in verbs) yield return $"{verb} {pattern}";
            else yield return "ANY " + pattern;
        }
    }

    [GeneratedRegex(@"\{(?:\*\*)?(\w+)(:\w+)?\}")]
    private static partial Regex Parameter();

    /// <summary>What differs from answer to answer: the trace's number, the form's token, the circuit's state.</summary>
    [GeneratedRegex("""("traceId":"[^"]*")|(name="__RequestVerificationToken"[^>]*)|(<!--Blazor.*?-->)""")]
    private static partial Regex Passing();
}
