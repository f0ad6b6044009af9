using Microsoft.Playwright;

namespace Pneumothorax.Lab.Browser.Tests;

/// <summary>Whether everything that the keyboard reaches shows that it has the focus. axe-core does not look at that.</summary>
internal static class FocusRings
{
    /// <summary>Of the control itself, or of its label where the control is not to be seen: 3 px, 2 px off it or well inside.</summary>
    private const string Look =
        """
        () => {
          // A sheet for the printer is light in the dark theme, too, and so is the accent on it.
          const colourOf = (name, where) => {
            const probe = where.appendChild(document.createElement('i'));
            probe.style.color = `var(${name})`;
            const colour = getComputedStyle(probe).color;
            probe.remove();
            return colour;
          };
          const colours = [document.body, ...document.querySelectorAll('.paper')].flatMap(where => [colourOf('--accent', where), colourOf('--film-box', where)]);
          const isRing = element => {
            if (!element) return false;
            const style = getComputedStyle(element);
            const offset = parseFloat(style.outlineOffset);
            return style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 3 && colours.includes(style.outlineColor) && (offset >= 2 || offset <= -3);
          };
          const faults = new Set();
          let count = 0;
          for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')) {
            if (element.disabled || element.tabIndex < 0 || !element.checkVisibility({ visibilityProperty: true })) continue;
            element.focus({ preventScroll: true });
            if (document.activeElement !== element) continue;
            count++;
            if (![element, element.closest('label'), element.nextElementSibling].some(isRing)) {
              const style = getComputedStyle(element);
              faults.add(`${element.outerHTML.slice(0, 120)}: ${style.outline}, ${style.outlineOffset} off${element.matches(':focus-visible') ? '' : ', not :focus-visible'}`);
            }
          }
          document.activeElement?.blur();
          return [String(count), ...faults];
        }
        """;

    /// <returns>A line for each control without a ring.</returns>
    public static async Task<IEnumerable<string>> FindFaultsAsync(IPage page)
    {
        await page.Keyboard.PressAsync("Tab");      // from here on the browser takes every focus for one by keyboard
        var found = await page.EvaluateAsync<string[]>(Look);
        return found[0] == "0" ? ["nothing can be focused"] : found.Skip(1).Select(fault => $"no focus ring: {fault}");
    }
}
