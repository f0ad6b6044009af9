using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Pneumothorax.Lab.Browser.Tests.LabBrowser))]

namespace Pneumothorax.Lab.Browser.Tests;

/// <summary>One portal and one Chromium for all browser tests; each test joins as a student of its own.</summary>
public sealed class LabBrowser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private Portal? _portal;

    public Portal Portal => _portal!;

    /// <summary>What the present test has open.</summary>
    public IReadOnlyList<IPage> Pages => [.. _browser!.Contexts.SelectMany(context => context.Pages)];

    public async ValueTask InitializeAsync()
    {
        _portal = await Portal.StartAsync(TestContext.Current.CancellationToken);
        _playwright = await Playwright.CreateAsync();
        // The first pages of a portal that has just started, while it draws its phantoms, on two cores.
        Assertions.SetDefaultExpectTimeout(20_000);
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            // Root in a container has no sandbox; the rest keeps Chromium from calling out.
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>A fresh browser profile, joined to the class under this name. Errors on the page's console fail the test.</summary>
    /// <param name="address">Of another portal, or of this one by another way.</param>
    public async Task<IPage> JoinAsync(string name, int width = 1440, int height = 1000, Uri? address = null)
    {
        var page = await OpenAsync(width, height, address);
        await page.GotoAsync($"/join?code={Portal.ClassCode}");
        await page.GetByLabel("Your name").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        await page.WaitForURLAsync("**/guide/**");
        return page;
    }

    /// <summary>A fresh browser profile, signed in by the instructor's link.</summary>
    public async Task<IPage> EnterAsInstructorAsync(int width = 1440, int height = 1000)
    {
        var page = await OpenAsync(width, height);
        await page.GotoAsync($"/instructor?token={Portal.InstructorToken}");
        return page;
    }

    /// <summary>A fresh browser profile of nobody whom the lab knows.</summary>
    /// <param name="address">Of the portal, or of what stands before it.</param>
    public async Task<IPage> OpenAsync(int width, int height, Uri? address = null)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = (address ?? Portal.Address).ToString(),
            ViewportSize = new() { Width = width, Height = height },
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(30_000);
        return await context.NewPageAsync();
    }

    /// <summary>Closes every page, and forgets whom it belonged to.</summary>
    public async Task CloseAsync()
    {
        foreach (var context in _browser!.Contexts.ToArray()) await context.CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_portal is not null) await _portal.DisposeAsync();
    }
}
