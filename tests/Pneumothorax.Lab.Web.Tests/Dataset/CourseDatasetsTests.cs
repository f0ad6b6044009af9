using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Phantoms;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Dataset;

/// <summary>A course leaves its students some data sets: the others are not there for them, at any address.</summary>
[Collection(TestPortal.Training)]
public sealed class CourseDatasetsTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static readonly string[] s_addresses =
    [
        "/data/{0}", "/api/datasets/{0}/train/0.png", "/api/datasets/{0}/test/0.png?size=64", "/api/datasets/{0}/train/mean-1.png", "/api/datasets/{0}/train/0/varied.png?flip=true",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Students_SeeTheirCoursesSets_AndWhatTheirOwnRunsUsed()
    {
        PhantomGenerator.Generate(portal.Services.GetRequiredService<DatasetStore>(), "second", 40, 2, null, Token);
        using var ada = await portal.StudentAsync("Ada");
        using var bo = await portal.StudentAsync("Bo");
        using var instructor = portal.Instructor();
        var run = await TestPortal.LaunchAsync(ada, steps: 5000);
        await ada.PostAsync($"/api/runs/{run}/cancel", null, Token);
        await TestPortal.WaitForAsync(ada, run, "Canceled");
        Assert.Equal(["phantom", "second"], await NamesAsync(bo));
        var seen = (await bo.GetAsync("/api/datasets/phantom/test/0.png", Token)).Headers.ETag!;

        await ChooseAsync(["second"]);

        Assert.Equal(["second"], await NamesAsync(bo));
        Assert.Equal(["phantom", "second"], await NamesAsync(ada));
        Assert.Equal(["phantom", "second"], await NamesAsync(instructor));
        foreach (var address in s_addresses)
        {
            var (hers, his, nothing) = (await ada.GetAsync(Of(address, "phantom"), Token), await bo.GetAsync(Of(address, "phantom"), Token), await bo.GetAsync(Of(address, "absent"), Token));
            Assert.True(hers.StatusCode == HttpStatusCode.OK, $"{address} is {(int)hers.StatusCode} for one whose run uses it");
            Assert.True(his.StatusCode == HttpStatusCode.NotFound && nothing.StatusCode == HttpStatusCode.NotFound, $"{address} is {(int)his.StatusCode} for one whose course does not use it");
            Assert.Equal(HttpStatusCode.OK, (await bo.GetAsync(Of(address, "second"), Token)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await instructor.GetAsync(Of(address, "phantom"), Token)).StatusCode);
        }
        Assert.DoesNotContain("/data/phantom", await bo.GetStringAsync("/data", Token), StringComparison.Ordinal);
        foreach (var student in (HttpClient[])[ada, bo])
        {
            var refused = await student.PostAsJsonAsync("/api/runs", new { dataset = "phantom", network = "lite", hyperparameters = new { steps = 5, batchSize = 2 } }, Token);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("There is no data set \\\"phantom\\\".", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
        await AssertHiddenIsMissingAsync(bo);
        Assert.Equal(HttpStatusCode.NotFound, await AgainAsync(bo, seen));
        // What others share, and no longer share, opens and closes at the next question.
        await ada.PostAsync($"/api/runs/{run}/share", null, Token);
        Assert.Equal(HttpStatusCode.NotModified, await AgainAsync(bo, seen));
        await ada.DeleteAsync($"/api/runs/{run}/share", Token);
        Assert.Equal(HttpStatusCode.NotFound, await AgainAsync(bo, seen));
        await AssertMovesAsync(bo, seen);
        // What she has begun may go on.
        Assert.True((await ada.PostAsync($"/api/runs/{run}/resume", null, Token)).IsSuccessStatusCode, "Her run does not go on.");
        await ada.PostAsync($"/api/runs/{run}/cancel", null, Token);

        await ChooseAsync(null);
        Assert.Equal(["phantom", "second"], await NamesAsync(bo));
        var none = await Assert.ThrowsAsync<RequestRefusedException>(() => ChooseAsync([]));
        Assert.Contains("at least one", none.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever is asked, a set that the course does not use answers as one that is not there: status, body and headers.</summary>
    private static async Task AssertHiddenIsMissingAsync(HttpClient student)
    {
        string[] addresses =
        [
            .. s_addresses, "/data/{0}/survey", "/data/{0}/import-report.csv", "/api/datasets/{0}/dev/0.png", "/api/datasets/{0}/test/100000.png", "/api/datasets/{0}/test/0.png?size=5",
            "/api/datasets/{0}/train/mean-7.png", "/api/datasets/{0}/train/0/varied.png?size=5",
        ];
        foreach (var address in addresses)
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                Assert.Equal(await AskAsync("absent"), await AskAsync("phantom"));

                async Task<string> AskAsync(string name)
                {
                    using var request = new HttpRequestMessage(method, Of(address, name));
                    return await ToldAsync(await student.SendAsync(request, Token), name);
                }
            }
        }
        // Of a set that is there, a launch knows how long an epoch is and which batch fits; it must not say so, nor which other setting is wrong first.
        foreach (var hyperparameters in (object[])[new { steps = 5 }, new { epochs = 2 }, new { epochs = 2, batchSize = 128 }, new { steps = 0 }, new { epochs = 100_000 }])
        {
            Assert.Equal(await LaunchAsync("absent"), await LaunchAsync("phantom"));

            async Task<string> LaunchAsync(string name) =>
                await ToldAsync(await student.PostAsJsonAsync("/api/runs", new { dataset = name, network = "lite", hyperparameters }, Token), name);
        }
    }

    /// <summary>Who moves to another course sees the data sets of that one.</summary>
    private async Task AssertMovesAsync(HttpClient student, EntityTagHeaderValue seen)
    {
        var courses = portal.Services.GetRequiredService<CourseStore>();
        var members = portal.Services.GetRequiredService<Members>();
        var instructor = new Viewer(null, "Instructor", true);
        var id = (await members.StudentsAsync(Token)).Single(member => member.Name == "Bo").Id;
        var (here, other) = (await courses.DefaultSectionAsync(Token), await courses.CreateAsync("Another course", null, null, instructor, Token));

        await courses.MoveAsync(id, other.Sections[0].Id, instructor, Token);
        Assert.Equal(HttpStatusCode.NotModified, await AgainAsync(student, seen));
        await courses.MoveAsync(id, here.Id, instructor, Token);
        Assert.Equal(HttpStatusCode.NotFound, await AgainAsync(student, seen));
    }

    /// <summary>Asks for a picture as a browser does that has it already.</summary>
    private static async Task<HttpStatusCode> AgainAsync(HttpClient student, EntityTagHeaderValue seen)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/datasets/phantom/test/0.png");
        request.Headers.IfNoneMatch.Add(seen);
        return (await student.SendAsync(request, Token)).StatusCode;
    }

    /// <returns>All that an answer tells, but for the name that was asked for and the number of the request.</returns>
    private static async Task<string> ToldAsync(HttpResponseMessage answer, string name)
    {
        var body = answer.Content.Headers.ContentType?.MediaType == "text/html" ? "a page" : (await answer.Content.ReadAsStringAsync(Token)).Replace(name, "NAME", StringComparison.Ordinal);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "Content-Length" or "Set-Cookie")).OrderBy(header => header.Key, StringComparer.Ordinal);
        return Regex.Replace($"{(int)answer.StatusCode} {string.Join('\n', headers.Select(header => $"{header.Key}: {string.Join(',', header.Value)}"))}\n{body}", "\"traceId\":\"[^\"]*\"", "");
    }

    private static string Of(string address, string name) => address.Replace("{0}", name, StringComparison.Ordinal);

    private static async Task<IEnumerable<string?>> NamesAsync(HttpClient client) =>
        (await client.GetFromJsonAsync<JsonElement>("/api/datasets", Token)).EnumerateArray().Select(set => set.GetProperty("name").GetString()).ToList();

    private async Task ChooseAsync(IReadOnlyList<string>? names)
    {
        var courses = portal.Services.GetRequiredService<CourseStore>();
        var course = (await courses.ListAsync(Token))[0];
        await courses.ChooseDatasetsAsync(course.Id, names, new(null, "Instructor", true), Token);
    }
}
