using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.HostileInputs;

/// <summary>
/// <see cref="HostileInput"/> through page, API and command line: taken or refused in a sentence, never a fault of the lab, and what is kept is
/// text that both databases can keep.
/// </summary>
public sealed partial class HostileInputTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const int Sentence = 700;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_ThroughTheApi_AreTakenOrRefusedInASentence()
    {
        var chapters = Directory.CreateDirectory(Path.Combine(portal.DataDirectory, "content", "chapters")).FullName;
        await File.WriteAllTextAsync(Path.Combine(chapters, "01-a.md"), "---\ntitle: A\nlead: A lead.\nminutes: 1\n---\n:::question id=hostile title=\"What?\"\nSay.\n:::\n", Token);
        await portal.Services.GetRequiredService<QueueControl>().PauseAsync(null, new(null, "Instructor", IsInstructor: true), Token);
        using var instructor = portal.Instructor();
        using var student = await portal.StudentAsync("Hostile H.");
        List<string> faults = [];

        foreach (var (what, text) in HostileInput.Texts)
        {
            foreach (var (field, body) in Launches(text))
                faults.AddRange(await FaultsOfAsync($"{field} is {what}", instructor.PostAsync(new Uri("/api/runs", UriKind.Relative), Json(body), Token)));
            faults.AddRange(await FaultsOfAsync($"an answer is {what}", student.PutAsync(new Uri("/api/answers/hostile", UriKind.Relative), Json($$$"""{"text":{{{Literal(text)}}},"version":0}"""), Token)));
            foreach (var address in (string[])["/api/answers/{0}", "/api/datasets/{0}", "/api/datasets/phantom/{0}/0.png", "/api/datasets/phantom/test/{0}.png", "/api/runs/{0}", "/api/runs?dataset={0}", "/api/runs/1/cam/0.png?class={0}", "/api/images/{0}"])
                faults.AddRange(await FaultsOfAsync($"{address} with {what}", student.GetAsync(new Uri(Filled(address, text), UriKind.Relative), Token)));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        using var runs = JsonDocument.Parse(await instructor.GetStringAsync("/api/runs", Token));
        Assert.DoesNotContain(Names(runs.RootElement), name => name.Any(char.IsControl));
        Assert.Equal(HttpStatusCode.OK, (await instructor.GetAsync("/class/progress.csv", Token)).StatusCode);
    }

    [Fact]
    public async Task Numbers_ThroughTheApi_AreRefusedInASentence()
    {
        using var instructor = portal.Instructor();
        List<string> faults = [];

        foreach (var number in HostileInput.Numbers)
        {
            foreach (var field in (string[])["learningRate", "steps", "batchSize", "seed"])
            {
                foreach (var value in (string[])[number, $"\"{number}\""])
                {
                    var answer = await instructor.PostAsync(new Uri("/api/runs", UriKind.Relative), Json($$$"""{"dataset":"no-such","network":"lite","hyperparameters":{"{{{field}}}":{{{value}}}}}"""), Token);
                    if (answer.IsSuccessStatusCode) faults.Add($"{field} {value} was taken");
                    faults.AddRange(await FaultsOfAsync($"{field} {value}", Task.FromResult(answer)));
                }
            }
            foreach (var address in (string[])["/api/datasets/phantom/train/{0}.png", "/api/runs/{0}", "/api/runs/1/cam/0.png?opacity={0}", "/api/runs/1/maps/{0}/0.png"])
                faults.AddRange(await FaultsOfAsync($"{address} with {number}", instructor.GetAsync(new Uri(Filled(address, number), UriKind.Relative), Token)));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task Files_ThroughTheApi_AreRefusedInASentence()
    {
        using var student = await portal.StudentAsync("Files F.");
        List<string> faults = [];

        foreach (var (what, bytes) in HostileInput.Files)
        {
            var answer = await student.PostAsync(new Uri("/api/images?name=" + Escaped(what), UriKind.Relative), new ByteArrayContent(bytes), Token);
            if (answer.IsSuccessStatusCode) faults.Add($"{what} was taken");
            faults.AddRange(await FaultsOfAsync(what, Task.FromResult(answer)));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal("[]", await student.GetStringAsync("/api/images", Token));
    }

    [Fact]
    public async Task TextsAndNumbers_ThroughThePages_NeverMakeAFault()
    {
        using var student = await portal.StudentAsync("Pages P.");
        List<string> faults = [];

        foreach (var (what, text) in HostileInput.Texts.Concat(HostileInput.Numbers.Select(number => KeyValuePair.Create(number, number))))
        {
            using var stranger = portal.Browser();
            faults.AddRange(await FaultsOfAsync($"joining as {what}", TestPortal.JoinAsync(stranger, text)));
            faults.AddRange(await FaultsOfAsync($"joining with a code that is {what}", TestPortal.JoinAsync(stranger, "A name", text)));
            faults.AddRange(await FaultsOfAsync($"joining on the way to {what}", TestPortal.SendAsync(stranger, "/join", "/join", ("code", TestPortal.ClassCode), ("name", "Way"), ("returnUrl", text))));
            foreach (var address in (string[])
                ["/data/phantom?split={0}&index={0}&filter={0}&guess={0}", "/data/{0}", "/guide/{0}", "/guide/the-data?index={0}", "/runs?sort={0}", "/runs/new?preset={0}&copy={0}", "/runs/{0}", "/compare?runs={0}", "/help?q={0}", "/help/{0}", "/join?error={0}&code={0}"])
                faults.AddRange(await FaultsOfAsync($"{address} with {what}", student.GetAsync(new Uri(Filled(address, text), UriKind.Relative), Token)));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task All_ThroughTheCommandLine_AreRefusedWithoutAStackTrace()
    {
        using var programs = new PortalPrograms();
        List<string> faults = [];
        // What the system cannot pass on never arrives, and Linux takes no longer argument than 128 KB.
        var texts = HostileInput.Texts.Where(text => !text.Value.Contains('\0') && !text.Value.Any(char.IsSurrogate));

        string[][] commands =
        [
            .. texts.Select(text => (string[])["data", "add", text.Value, "--train", "none.h5", "--test", "none.h5"]),
            .. HostileInput.Numbers.Select(number => (string[])["train", "--dataset", "none", "--output", Path.Combine(programs.Folder, "run"), "--learning-rate", number]),
            .. HostileInput.Files.Select(file => (string[])["data", "check", Written(programs.Folder, file.Key, file.Value)]),
        ];
        await Parallel.ForEachAsync(commands, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Token }, async (arguments, _) =>
        {
            var (code, said) = await programs.LabAsync(arguments);
            var called = string.Join(' ', arguments.Select(argument => argument[..Math.Min(argument.Length, 40)]));
            lock (faults)
            {
                if (code is not (1 or 2)) faults.Add($"lab {called} ended with {code}: {said}");
                if (said.Length == 0 || StackTrace().IsMatch(said)) faults.Add($"lab {called} says: {said}");
            }
        });

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static IEnumerable<(string Field, string Body)> Launches(string text)
    {
        var literal = Literal(text);
        yield return ("the name of a run", $$$"""{"name":{{{literal}}},"dataset":"phantom","network":"lite","hyperparameters":{"steps":1,"batchSize":2}}""");
        yield return ("a data set", $$$"""{"dataset":{{{literal}}},"network":"lite"}""");
        yield return ("a network", $$$"""{"dataset":"phantom","network":{{{literal}}}}""");
        yield return ("an optimizer", $$$"""{"dataset":"phantom","network":"lite","hyperparameters":{"optimizer":{{{literal}}}}}""");
        yield return ("a field", $$$"""{"dataset":"phantom","network":"lite",{{{literal}}}:1}""");
    }

    private static async Task<IReadOnlyList<string>> FaultsOfAsync(string what, Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var body = await answer.Content.ReadAsStringAsync(Token);
        List<string> faults = [];
        if ((int)answer.StatusCode >= 500) faults.Add($"{what}: {(int)answer.StatusCode} {body[..Math.Min(body.Length, 300)]}");
        var kind = answer.Content.Headers.ContentType?.MediaType;
        if (kind is not ("application/problem+json" or "application/json") && body.Contains("<script>alert(1)", StringComparison.Ordinal)) faults.Add($"{what}: the markup comes back as markup");
        if (StackTrace().IsMatch(body)) faults.Add($"{what}: a stack trace");
        if (kind != "application/problem+json") return faults;
        var detail = JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString() ?? "";
        if (detail.Length is 0 or > Sentence || detail.Any(char.IsControl)) faults.Add($"{what}: says {detail.Length} letters: {detail[..Math.Min(detail.Length, 200)]}");
        return faults;
    }

    /// <summary>JSON's own escapes, so that also what is no text arrives as such.</summary>
    private static string Literal(string text) => $"\"{string.Concat(text.Select(letter => $"\\u{(int)letter:x4}"))}\"";

    /// <summary>In UTF-8, with what is not well-formed as the bytes that a careless program sends.</summary>
    private static string Escaped(string text) => string.Concat(Encoding.UTF8.GetBytes(text.Length > 2000 ? text[..2000] : text).Select(part => $"%{part:X2}"));

    /// <summary>Kestrel itself refuses a NUL in a path, and the portal of these tests has no Kestrel: there it is left out.</summary>
    private static string Filled(string address, string text)
    {
        var query = address.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? mark : address.Length;
        return address[..query].Replace("{0}", Escaped(text.Replace("\0", "", StringComparison.Ordinal)), StringComparison.Ordinal)
            + address[query..].Replace("{0}", Escaped(text), StringComparison.Ordinal);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static string Written(string folder, string name, byte[] bytes)
    {
        var path = Path.Combine(folder, string.Concat(name.Select(letter => char.IsLetterOrDigit(letter) ? letter : '-')) + ".h5");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static IEnumerable<string> Names(JsonElement runs) =>
        (runs.ValueKind == JsonValueKind.Array ? runs : runs.GetProperty("runs")).EnumerateArray().Select(run => run.GetProperty("name").GetString() ?? "");

    [GeneratedRegex(@"^\s+at [A-Z]\w*\.|Unhandled exception|NullReferenceException", RegexOptions.Multiline)]
    private static partial Regex StackTrace();
}
