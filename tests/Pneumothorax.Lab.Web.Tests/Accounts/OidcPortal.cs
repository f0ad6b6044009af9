using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Pneumothorax.Lab.Web.Tests.Accounts;

/// <summary>A portal whose university is a real OpenID Connect provider: a process of its own on this machine, with a sign-in page and signed tokens.</summary>
public sealed partial class OidcPortal : IAsyncLifetime
{
    private static readonly string s_program =
        typeof(OidcPortal).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "University").Value!;

    private readonly Uri _address = new($"http://127.0.0.1:{FreePort()}/");
    private Process? _provider;

    public TestPortal Portal { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _provider = Process.Start(new ProcessStartInfo("dotnet", [s_program, "--urls", _address.ToString()]))!;
        using var client = new HttpClient { BaseAddress = _address };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await client.GetStringAsync("/.well-known/openid-configuration");
                break;
            }
            catch (HttpRequestException) when (attempt < 600)
            {
                await Task.Delay(100);
            }
        }
        Portal.Settings["Lab:OpenIdConnect:Authority"] = _address.ToString();
        Portal.Settings["Lab:OpenIdConnect:ClientId"] = "lab";
        Portal.Settings["Lab:OpenIdConnect:ClientSecret"] = "a-secret-of-the-tests";
        Portal.Settings["Lab:OpenIdConnect:Name"] = "the University of the Tests";
        Portal.Settings["Lab:OpenIdConnect:RoleClaim"] = "groups";
        Portal.Settings["Lab:OpenIdConnect:InstructorValues"] = "lab-instructors, deans";
        Portal.Settings["Lab:OpenIdConnect:AssistantValues"] = "lab-assistants";
    }

    /// <summary>Presses the portal's button.</summary>
    /// <returns>Where the portal sends the browser: to the provider.</returns>
    public static async Task<Uri> BeginAsync(HttpClient browser, string page = "/join", string action = "/sign-in/university", params (string, string)[] fields)
    {
        var sent = await TestPortal.SendAsync(browser, page, action, fields);
        // No redirect: the portal's own policy would keep a browser from following one from a form.
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        return new(WebUtility.HtmlDecode(Onward().Match(await sent.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Groups[1].Value));
    }

    /// <summary>Signs in at the provider's own page, which knows a user's password: his name, backwards.</summary>
    /// <returns>Where the provider sends the browser: back to the portal, as path and query.</returns>
    public static async Task<string> AnswerAsync(Uri authorize, string user, bool turnBack = false)
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var page = await browser.GetStringAsync(authorize, TestContext.Current.CancellationToken);
        var fields = HiddenField().Matches(page).ToDictionary(field => field.Groups[1].Value, field => WebUtility.HtmlDecode(field.Groups[2].Value));
        Assert.Contains("code_challenge", fields.Keys);
        (fields["user"], fields["password"]) = (user, new string([.. user.Reverse()]));
        if (turnBack) fields["deny"] = "yes";
        using var form = new FormUrlEncodedContent(fields);
        var answer = await browser.PostAsync(new Uri(authorize, "/authorize"), form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!.PathAndQuery;
    }

    /// <summary>The whole way, as somebody walks it.</summary>
    /// <returns>Where it ends in the portal.</returns>
    public static async Task<string> SignInAsync(HttpClient browser, string user, params (string, string)[] fields)
    {
        var back = await AnswerAsync(await BeginAsync(browser, fields: fields), user);
        return (await browser.GetAsync(back, TestContext.Current.CancellationToken)).Headers.Location!.OriginalString;
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        if (_provider is null) return;
        _provider.Kill();
        await _provider.WaitForExitAsync();
        _provider.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("""http-equiv="refresh" content="0;url=([^"]+)""")]
    private static partial Regex Onward();

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)" />""")]
    private static partial Regex HiddenField();
}
