using Microsoft.Playwright;

namespace Pneumothorax.Lab.Browser.Tests;

/// <summary>
/// A test in the browser. When it ends its pages are closed, so that they do not go on following runs beside the next test; where it has
/// failed, what stood on them is written first.
/// </summary>
[Collection(Turns)]
public abstract class Journey(LabBrowser lab) : IAsyncDisposable
{
    /// <summary>Collection of all journeys: the portal has one place to train, so they take turns.</summary>
    public const string Turns = "journeys take turns";

    protected LabBrowser Lab { get; } = lab;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed) await TellAsync();
        await Lab.CloseAsync();
    }

    private async Task TellAsync()
    {
        foreach (var page in Lab.Pages)
        {
            try
            {
                var text = await page.Locator("body").InnerTextAsync(new() { Timeout = 5000 });
                TestContext.Current.TestOutputHelper?.WriteLine($"{page.Url}: {text.ReplaceLineEndings(" | ")}");
            }
            catch (PlaywrightException problem)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{page.Url}: {problem.Message}");
            }
        }
    }
}
