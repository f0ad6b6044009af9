// Small manners of the whole portal that must not wait for the server.

// A slider that is dragged fires far more often than a page can answer: let one event in 60 ms through, and always the last.
// The capturing listener on window comes before Blazor's own.
const last = new WeakMap();
addEventListener('input', event => {
  const range = event.target;
  if (!(range instanceof HTMLInputElement) || range.type !== 'range' || event.labLast) return;
  const state = last.get(range) ?? { at: 0, timer: 0 };
  last.set(range, state);
  clearTimeout(state.timer);
  const wait = state.at + 60 - performance.now();
  if (wait <= 0) { state.at = performance.now(); return; }
  event.stopImmediatePropagation();
  state.timer = setTimeout(() => {
    state.at = performance.now();
    const again = new Event('input', { bubbles: true });
    again.labLast = true;
    range.dispatchEvent(again);
  }, wait);
}, true);

// Arrow and page keys are the figure's while it has the focus: the page must not scroll under them. A slider's own step for a page key is
// another than the lab's: with both of them thumb and number part.
addEventListener('keydown', event => {
  const figure = event.target.closest?.('[data-keys]');
  if (!figure || event.ctrlKey || event.metaKey || event.altKey || (event.target !== figure && event.target.matches('input, textarea, select'))) return;
  if (figure.dataset.keys.split(' ').includes(event.key)) event.preventDefault();
}, true);

// Enter in a number box takes the number over, as leaving it does.
addEventListener('keydown', event => { if (event.key === 'Enter' && event.target.matches?.('.dial-number')) event.target.blur(); });
addEventListener('focusin', event => { if (event.target.matches?.('.dial-number')) event.target.select(); });

// One open menu at a time; a click outside or Escape closes it.
const closeMenus = except => document.querySelectorAll('details.menu[open]').forEach(menu => { if (menu !== except) menu.open = false; });
addEventListener('click', event => {
  const menu = event.target.closest?.('details.menu');
  closeMenus(menu);
  if (menu && event.target.closest('.menu-list a, .menu-list button')) menu.open = false;
});
addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  const open = document.querySelector('details.menu[open]');
  if (open) { open.open = false; open.querySelector('summary').focus(); }
});

// Copy buttons: <button data-copy="text"> or data-copy="" for the page's address.
addEventListener('click', async event => {
  const button = event.target.closest?.('[data-copy]');
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy || location.href);
  button.dataset.copied = '';
  setTimeout(() => delete button.dataset.copied, 1600);
});

// <button data-print>: the browser's own dialog, which also saves as PDF.
addEventListener('click', event => { if (event.target.closest?.('[data-print]')) print(); });

// <button data-picture="title">: the figure around it as PNG.
addEventListener('click', async event => {
  const button = event.target.closest?.('[data-picture]');
  if (!button) return;
  const title = button.dataset.picture;
  const { elementPng } = await import('./chart-export.js');
  const same = () => [...document.querySelectorAll('[data-picture]')].find(one => one.dataset.picture === title);
  const figure = () => (button.isConnected ? button : same())?.closest('[data-figure]');
  // A page that is just coming alive is drawn anew: for a moment its figures are gone.
  for (let tries = 0; tries < 60 && !figure(); tries++) await new Promise(done => setTimeout(done, 250));
  if (figure()) await elementPng(figure(), title);
});

// Called from pages by name.
window.lab = {
  /** @returns a chart as chart.js makes it; see there for the rest. */
  chart: async (module, ...rest) => (await import(new URL(module, document.baseURI))).create(...rest),
  prefersStill: () => matchMedia('(prefers-reduced-motion: reduce)').matches,
  /** Writes the view's state into the address, in place: no history entry, no navigation. */
  address: state => {
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(state)) {
      if (value === null) url.searchParams.delete(name); else url.searchParams.set(name, value);
    }
    history.replaceState(history.state, '', url);
  },
};

// The rail marks the section that is being read: the last heading above the upper third of the window.
let spying = 0;
function spy() {
  spying = 0;
  const links = [...document.querySelectorAll('[data-spy] a')];
  if (links.length === 0) return;
  const headings = links.map(link => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const at = headings.findLastIndex(heading => heading && heading.getBoundingClientRect().top < innerHeight / 3);
  links.forEach((link, index) => link.classList.toggle('here', index === Math.max(0, at)));
}
const spySoon = () => { spying ||= requestAnimationFrame(spy); };
addEventListener('scroll', spySoon, { passive: true });
new MutationObserver(spySoon).observe(document.body, { childList: true, subtree: true });

// Ctrl and Enter sends what is being typed: <textarea data-send>.
addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.matches?.('textarea[data-send]')) event.target.form.requestSubmit();
});

// <table data-arrows>: arrow keys go from link to link, so that Tab need not pass them all.
addEventListener('keydown', event => {
  const cell = event.target.closest?.('[data-arrows] :is(td, th)');
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (!cell || !step || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = cell.closest('table').rows[cell.parentElement.rowIndex + step[0]];
  const next = row?.cells[cell.cellIndex + step[1]]?.querySelector('a');
  if (!next) return;
  event.preventDefault();
  next.focus();
});
