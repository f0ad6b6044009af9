using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>A quick reader in a slow network follows a link while the page is still coming alive.</summary>
public sealed class EarlyClickTests(LabBrowser lab) : Journey(lab)
{
    [Fact]
    public async Task LinkFollowedWhileThePageComesAlive_LeadsThere()
    {
        var page = await Lab.JoinAsync("Quick Q.");
        var drawn = new TaskCompletionSource();
        var arrives = new TaskCompletionSource();
        var connections = 0;
        await page.RouteWebSocketAsync("**/_blazor**", browser =>
        {
            if (++connections == 1) Hold(browser, drawn, arrives.Task);
            else browser.ConnectToServer();
        });

        await page.GotoAsync("/guide/the-problem");
        await drawn.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await OnToAsync(page, 2);
        arrives.SetResult();

        // Were it chapter 1 under the address of chapter 2, there would be no way on to chapter 3.
        await Task.Delay(1000, Token);
        await OnToAsync(page, 3);
    }

    private static async Task OnToAsync(IPage page, int chapter)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = $"Next: chapter {chapter}" }).ClickAsync();
        await Expect(page.GetByText($"Chapter {chapter} of 10")).ToBeVisibleAsync();
    }

    /// <summary>The page is drawn by its circuit, but does not know yet that links are the circuit's from here on.</summary>
    private static void Hold(IWebSocketRoute browser, TaskCompletionSource drawn, Task arrives)
    {
        var portal = browser.ConnectToServer();
        var last = Task.CompletedTask;
        portal.OnMessage(frame =>
        {
            if (Encoding.ASCII.GetString(frame.Binary!).Contains("enableNavigationInterception", StringComparison.Ordinal))
            {
                last = arrives;
                drawn.TrySetResult();
            }
            last = SendAsync(last, frame);
        });

        async Task SendAsync(Task before, IWebSocketFrame frame)
        {
            await before;
            browser.Send(frame.Binary!);
        }
    }
}
