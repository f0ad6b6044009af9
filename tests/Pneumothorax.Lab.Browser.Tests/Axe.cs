using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Pneumothorax.Lab.Browser.Tests;

/// <summary>
/// What axe-core objects to on a page, by all its rules. Run in the page itself: <c>RunAxe</c> of its package opens a second page for each result,
/// and carries everything that is in order there and back. No page of the lab has frames, for which that is made.
/// </summary>
internal static class Axe
{
    private const string Look =
        """
        async () => {
          const { violations } = await axe.run(document, { resultTypes: ['violations'] });
          return violations.map(violation => `${violation.id}, ${violation.help}: ${violation.nodes[0].html}`);
        }
        """;

    private static readonly string s_script = new BundledAxeScriptProvider().GetScript();

    /// <returns>A line for each rule that is broken, with the first element that breaks it.</returns>
    public static async Task<IReadOnlyList<string>> FindFaultsAsync(IPage page)
    {
        if (await page.Locator("iframe").CountAsync() > 0) throw new InvalidOperationException("Frames are not looked into.");
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window")) await page.EvaluateAsync($"() => {{ {s_script} }}");
        return await page.EvaluateAsync<string[]>(Look);
    }
}
