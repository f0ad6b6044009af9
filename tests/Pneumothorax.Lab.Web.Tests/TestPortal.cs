using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Web.Tests;

/// <summary>The whole portal on a directory of its own, with a few phantoms as its data set.</summary>
public sealed partial class TestPortal : WebApplicationFactory<Program>, IAsyncLifetime
{
    public const string InstructorToken = "the-instructor-of-these-tests";
    public const string ClassCode = "QRTXYA";
    public const int Images = 48;

    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("lab-portal-").FullName;

    /// <summary>Further settings, for a portal that has not been asked yet.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Takes down what the portal logs; set before it is asked for the first time.</summary>
    public ILoggerProvider? Log { get; set; }

    /// <summary>Follows no redirects and keeps cookies.</summary>
    public HttpClient Browser() => CreateClient(new() { AllowAutoRedirect = false, HandleCookies = true });

    public HttpClient Instructor() => Bearer(InstructorToken);

    public HttpClient Bearer(string token)
    {
        var client = CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Fills the form of the join page and sends it.</summary>
    public static Task<HttpResponseMessage> JoinAsync(HttpClient browser, string name, string code = ClassCode, string returnUrl = "/", string password = "") =>
        SendAsync(browser, $"/join?returnUrl={Uri.EscapeDataString(returnUrl)}", "/join", ("code", code), ("name", name), ("returnUrl", returnUrl), ("password", password));

    /// <summary>Opens a page and sends a form of it.</summary>
    public static async Task<HttpResponseMessage> SendAsync(HttpClient browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var html = await browser.GetStringAsync(page, TestContext.Current.CancellationToken);
        using var form = new FormUrlEncodedContent(
            fields.Append(("__RequestVerificationToken", AntiforgeryField().Match(html).Groups[1].Value)).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        return await browser.PostAsync(action, form, TestContext.Current.CancellationToken);
    }

    /// <summary>A signed-in student's browser.</summary>
    public async Task<HttpClient> StudentAsync(string name)
    {
        var browser = Browser();
        var response = await JoinAsync(browser, name);
        Assert.Equal("/", response.Headers.Location?.OriginalString);
        return browser;
    }

    /// <summary>Classes whose runs train take turns: two trainings at once on two cores are slower than one after the other.</summary>
    public const string Training = "Training";

    /// <summary>Launches a run on the phantoms.</summary>
    public static async Task<int> LaunchAsync(HttpClient client, int steps, int checkpointEvery = 5, int batchSize = 2)
    {
        var response = await client.PostAsJsonAsync(
            "/api/runs",
            new { dataset = "phantom", network = "lite", hyperparameters = new { steps, batchSize, checkpointEvery, validationEvery = 5, learningRate = 0.01 } },
            TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetInt32();
    }

    public static Task<JsonElement> StateAsync(HttpClient client, int run) =>
        client.GetFromJsonAsync<JsonElement>($"/api/runs/{run}", TestContext.Current.CancellationToken);

    /// <summary>Waits until a run fulfils the condition; long enough for a machine that has much else to do.</summary>
    public static async Task<JsonElement> WaitForAsync(HttpClient client, int run, Func<JsonElement, bool> condition)
    {
        for (var attempt = 0; ; attempt++)
        {
            var state = await StateAsync(client, run);
            if (condition(state)) return state;
            Assert.True(attempt < 3000, $"Waited in vain; the run is {state}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    public static Task<JsonElement> WaitForAsync(HttpClient client, int run, string state) =>
        WaitForAsync(client, run, json => json.GetProperty("state").GetString() == state);

    public async ValueTask InitializeAsync()
    {
        var store = Services.GetRequiredService<DatasetStore>();
        for (var attempt = 0; store.Find("phantom") is null; attempt++)
        {
            Assert.True(attempt < 600, "The phantoms are not there after a minute.");
            await Task.Delay(100);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(DataDirectory, recursive: true);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // What its own first start would make. Portals that start on an empty directory are tested as processes.
        DrawnPhantoms.CopyTo(LabPaths.Resolve(DataDirectory).Datasets, "phantom", Images);
        if (!Settings.ContainsKey("ConnectionStrings:Lab")) DatabaseTemplate.CopyTo(LabPaths.Resolve(DataDirectory).Database);
        builder.UseEnvironment("Production");
        builder.UseSetting("Lab:DataDirectory", DataDirectory);
        builder.UseSetting("Lab:InstructorToken", InstructorToken);
        builder.UseSetting("Lab:ClassCode", ClassCode);
        builder.UseSetting("Lab:ContentDirectory", Directory.CreateDirectory(Path.Combine(DataDirectory, "content")).FullName);
        if (Log is { } log) builder.ConfigureLogging(logging => logging.AddProvider(log));
        foreach (var (key, value) in Settings) builder.UseSetting(key, value);
    }

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="([^"]+)""")]
    private static partial Regex AntiforgeryField();
}
