// Runs before the first paint, so that no page flashes in the other theme. The choice is kept in this browser;
// without one, the system's setting is followed, also when it changes.
(() => {
  const root = document.documentElement, key = 'lab-theme';
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = () => { try { return localStorage.getItem(key); } catch { return null; } };
  let printing = false;
  const wanted = () => printing ? 'light' : chosen() ?? (system.matches ? 'dark' : 'light');
  const apply = () => {
    if (root.dataset.theme === wanted()) return;
    root.dataset.theme = wanted();
    document.dispatchEvent(new CustomEvent('lab-theme'));
  };

  apply();
  system.addEventListener('change', apply);
  addEventListener('beforeprint', () => { printing = true; apply(); });                              // paper is white
  addEventListener('afterprint', () => { printing = false; apply(); });
  addEventListener('storage', apply);                                                                // another tab
  new MutationObserver(apply).observe(root, { attributeFilter: ['data-theme'] });     // enhanced navigation resets <html>
  document.addEventListener('click', event => {
    if (!event.target.closest('[data-theme-switch]')) return;
    try { localStorage.setItem(key, root.dataset.theme === 'dark' ? 'light' : 'dark'); } catch { /* private mode: this page only */ }
    apply();
  });
})();
