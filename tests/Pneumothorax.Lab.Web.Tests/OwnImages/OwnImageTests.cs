using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Datasets.Tests.Dicom;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.OwnImages;

/// <summary>A portal with the shipped reference model, as every new lab has it.</summary>
public sealed class ReferencePortal : IAsyncLifetime
{
    public TestPortal Portal { get; } = new();

    public int Run { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await Portal.InitializeAsync();
        var folder = typeof(ReferencePortal).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "ReferenceModel").Value!;
        await Portal.Services.GetRequiredService<ReferenceRun>().InstallAsync(new RunFolder(folder), null);
        using var instructor = Portal.Instructor();
        var runs = await instructor.GetFromJsonAsync<JsonElement>("/api/runs");
        Run = runs.EnumerateArray().Single().GetProperty("id").GetInt32();
    }

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}

/// <summary>A student's own images, read by the real child process.</summary>
public sealed class OwnImageTests(ReferencePortal reference) : IClassFixture<ReferencePortal>
{
    private static readonly Viewer s_instructor = new(null, "Instructor", IsInstructor: true);

    private readonly TestPortal _portal = reference.Portal;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Phantom_IsAnswered_NoiseIsDoubted()
    {
        using var student = await _portal.StudentAsync("Ada");
        var phantom = await AddAsync(student, ImageCodec.GreyPng(Phantom(), 256, 256));
        var noise = new byte[256 * 256];
        new Random(1).NextBytes(noise);
        var strange = await AddAsync(student, ImageCodec.GreyPng(noise, 256, 256));

        var (known, doubted) = (Answer(phantom), Answer(strange));
        Assert.False(known.GetProperty("doubtful").GetBoolean(), known.ToString());
        Assert.InRange(known.GetProperty("probability").GetDouble(), 0, 1);
        Assert.True(doubted.GetProperty("doubtful").GetBoolean(), doubted.ToString());

        var page = await student.GetStringAsync($"/mine/{Id(strange)}", Token);
        Assert.Contains("Its answer means little", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Probability of pneumothorax", page, StringComparison.Ordinal);
        page = await student.GetStringAsync($"/mine/{Id(phantom)}?runs={reference.Run}", Token);
        Assert.Contains("Probability of pneumothorax", page, StringComparison.Ordinal);
        Assert.Contains("Teaching only", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherStudent_AndTheInstructor_FindNothing()
    {
        using var owner = await _portal.StudentAsync("Owner");
        using var other = await _portal.StudentAsync("Other");
        using var instructor = _portal.Instructor();
        var id = Id(await AddAsync(owner, ImageCodec.GreyPng(Phantom(), 256, 256)));

        string[] addresses = [$"/mine/{id}", $"/api/images/{id}", $"/api/images/{id}.png", $"/api/images/{id}/cam/{reference.Run}.png"];
        foreach (var address in addresses)
        {
            using var own = await owner.GetAsync(address, Token);
            Assert.True(own.StatusCode == HttpStatusCode.OK, $"{address}: {own.StatusCode}");
            foreach (var stranger in (HttpClient[])[other, instructor]) Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(address, Token)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync($"/api/images/{id}", Token)).StatusCode);
        Assert.DoesNotContain(id, await other.GetStringAsync("/api/images", Token), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"/api/images/{id}", Token)).StatusCode);
        foreach (var address in addresses) Assert.Equal(HttpStatusCode.NotFound, (await owner.GetAsync(address, Token)).StatusCode);
    }

    [Fact]
    public async Task PatientsName_ReachesNoFile()
    {
        const string name = "Zacharias^Quixano";
        using var student = await _portal.StudentAsync("Careful");
        var dicom = new DicomSample([.. Phantom().Select(grey => (ushort)grey)], 256, 256).Patient("PID-77123").Text(0x0010_0010, "PN", name);
        var path = Path.Combine(_portal.DataDirectory, "..", $"sample-{Guid.NewGuid():N}.dcm");
        byte[] bytes;
        try { bytes = File.ReadAllBytes(dicom.Write(path)); }
        finally { File.Delete(path); }

        using var response = await SendAsync(student, bytes);
        if (!response.IsSuccessStatusCode)
        {
            // Without DCMTK there is one clear line, and nothing else to see.
            Assert.Contains("dcmtk", await response.Content.ReadAsStringAsync(Token), StringComparison.OrdinalIgnoreCase);
            Assert.Skip("DCMTK is not installed.");
        }
        Assert.Equal("DICOM", (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("kind").GetString());

        // A polyglot keeps nothing behind the picture either.
        await AddAsync(student, [.. ImageCodec.GreyPng(Phantom(), 256, 256), .. Encoding.ASCII.GetBytes(name)]);
        foreach (var file in Directory.EnumerateFiles(_portal.DataDirectory, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is not (".pixels" or ".lock")))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var content = await reader.ReadToEndAsync(Token);
            Assert.False(content.Contains("Quixano", StringComparison.Ordinal) || content.Contains("PID-77123", StringComparison.Ordinal), file);
        }
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.GetTempPath(), "lab-upload-*"), file => File.ReadAllText(file, Encoding.Latin1).Contains("Quixano", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIsNoPicture_IsRefusedInALine_AndNothingIsKept()
    {
        using var student = await _portal.StudentAsync("Clumsy");
        (byte[] Bytes, string Reason)[] refused =
        [
            ([], "The file is empty."),
            (Encoding.UTF8.GetBytes("<html><body onload=alert(1)>"), "a web page or a drawing"),
            (Encoding.UTF8.GetBytes("GIF89a"), "a GIF"),
            (ImageCodec.GreyPng([1], 1, 1), "1 x 1"),
            (ImageCodec.GreyPng(Phantom(), 256, 256)[..9000], "damaged or cut short"),
            (new byte[(32 << 20) + 1], "larger than 32 MB"),
        ];
        foreach (var (bytes, reason) in refused)
        {
            using var response = await SendAsync(student, bytes);
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Token);
            Assert.True((int)response.StatusCode is 400 or 413, $"{response.StatusCode}: {problem}");
            var detail = problem.GetProperty("detail").GetString()!;
            Assert.Contains(reason, detail, StringComparison.Ordinal);
            Assert.DoesNotContain(Path.GetTempPath(), detail, StringComparison.Ordinal);
        }
        using var form = new MultipartFormDataContent { { new ByteArrayContent(ImageCodec.GreyPng(Phantom(), 256, 256)), "file", "chest.png" } };
        using var wrapped = await student.PostAsync(new Uri("/api/images", UriKind.Relative), form, Token);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, wrapped.StatusCode);
        Assert.Contains("not a form around it", await wrapped.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal("[]", await student.GetStringAsync("/api/images", Token));
    }

    [Fact]
    public async Task ErasedStudent_LeavesNoImage_AndOnlyTheirOwnArchiveHadThem()
    {
        using var student = await _portal.StudentAsync("Noor");
        var id = Id(await AddAsync(student, ImageCodec.GreyPng(Phantom(), 256, 256)));
        int member;
        await using (var db = await _portal.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token))
            member = (await db.Members.SingleAsync(one => one.Name == "Noor", Token)).Id;
        using var instructor = _portal.Instructor();
        using (var own = new ZipArchive(await student.GetStreamAsync("/account/work.zip", Token)))
            Assert.Contains(own.Entries, entry => entry.FullName == $"images/{id}/image.png");
        // Seen by nobody but the student: not in what others take home either.
        foreach (var address in (string[])[$"/class/{member}/student.zip", "/courses/1/students.zip"])
        {
            using var zip = new ZipArchive(await instructor.GetStreamAsync(address, Token));
            Assert.DoesNotContain(zip.Entries, entry => entry.FullName.Contains("images/", StringComparison.Ordinal) || entry.FullName.Contains($"{id}", StringComparison.Ordinal));
        }
        Assert.True(Directory.Exists(Path.Combine(_portal.DataDirectory, "uploads", $"{member}")));

        await _portal.Services.GetRequiredService<StudentErasure>().EraseAsync(member, s_instructor, Token);

        Assert.False(Directory.Exists(Path.Combine(_portal.DataDirectory, "uploads", $"{member}")));
    }

    private byte[] Phantom() => _portal.Services.GetRequiredService<DatasetStore>().Open("phantom")[SplitName.Test].Pixels(0).ToArray();

    private static Task<HttpResponseMessage> SendAsync(HttpClient student, byte[] bytes) =>
        student.PostAsync(new Uri("/api/images", UriKind.Relative), new ByteArrayContent(bytes), Token);

    private static async Task<JsonElement> AddAsync(HttpClient student, byte[] bytes)
    {
        using var response = await SendAsync(student, bytes);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync(Token));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private static string Id(JsonElement image) => image.GetProperty("id").GetString()!;

    private static JsonElement Answer(JsonElement image) => image.GetProperty("answers").EnumerateArray().Single();
}
