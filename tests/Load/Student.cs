using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pneumothorax.Lab.Load;

/// <summary>A signed-in student at a computer of his own, behind the proxy that <c>X-Forwarded-For</c> stands for.</summary>
internal sealed partial class Student : IDisposable
{
    private Student(int number, Uri portal)
    {
        Http = new(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = portal };
        Http.DefaultRequestHeaders.Add("X-Forwarded-For", $"10.0.{number / 250}.{(number % 250) + 1}");
    }

    public CookieContainer Cookies { get; } = new();

    public HttpClient Http { get; }

    public static async Task<Student> JoinAsync(int number, Uri portal, string classCode, CancellationToken cancellationToken)
    {
        var student = new Student(number, portal);
        var page = await student.Http.GetStringAsync(new Uri("/join", UriKind.Relative), cancellationToken);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = Antiforgery().Match(page).Groups[1].Value,
            ["code"] = classCode,
            ["name"] = $"Student {number + 1}",
            ["returnUrl"] = "/",
        });
        using var response = await student.Http.PostAsync(new Uri("/join", UriKind.Relative), form, cancellationToken);
        var where = response.Headers.Location?.OriginalString;
        return where == "/" ? student : throw new InvalidOperationException($"Student {number + 1} did not get in: {(int)response.StatusCode} {where}");
    }

    public async Task<int> LaunchAsync(int steps, CancellationToken cancellationToken)
    {
        using var response = await Http.PostAsJsonAsync(
            new Uri("/api/runs", UriKind.Relative), new { dataset = "phantom", network = "lite", hyperparameters = new { steps } }, cancellationToken);
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"No run was launched: {answer}");
        using var parsed = JsonDocument.Parse(answer);
        return parsed.RootElement.GetProperty("id").GetInt32();
    }

    public void Dispose() => Http.Dispose();

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="([^"]+)""")]
    private static partial Regex Antiforgery();
}
