// What a reader has not finished is kept in this browser: where they were on a page, and what stands in boxes that are not sent yet.

// ---- Boxes: <form data-keep="name" data-keep-about="what it is about"> with <input data-keep-field="0"> ----
// The answer to a task waits for days; the launch form for as long as this window is open.
const keptIn = name => name.startsWith('task:') ? localStorage : sessionStorage;
const keptAs = name => `lab-kept:${document.querySelector('meta[name="lab-writer"]')?.content ?? ''}:${name}`;      // drafts of others in the same browser stay unread

Object.assign(window.lab, {
  kept: name => { try { return keptIn(name).getItem(keptAs(name)); } catch { return null; } },
  /** @param text null to forget it */
  keep: (name, text) => {
    try { if (text === null) keptIn(name).removeItem(keptAs(name)); else keptIn(name).setItem(keptAs(name), text); } catch { /* full, or switched off */ }
  },
  /** @returns what stood in each field; null where nothing is kept, or it was about something else */
  keptFields: (name, about) => {
    try {
      const kept = JSON.parse(window.lab.kept(name));
      return kept?.about === about ? kept.fields : null;
    } catch { return null; }
  },
});

addEventListener('input', event => {
  const form = event.target.closest?.('form[data-keep]');
  if (!form) return;
  const fields = [];
  for (const field of form.querySelectorAll('[data-keep-field]')) {
    const at = Number(field.dataset.keepField);
    fields[at] ??= '';
    if (field.type !== 'radio' || field.checked) fields[at] = field.value;
  }
  window.lab.keep(form.dataset.keep, JSON.stringify({ about: form.dataset.keepAbout, fields }));
}, true);

// ---- Places: going back leads to where one was ----
// The browser scrolls before the page is drawn, when it is still too short for that.
let settle = null;
const placeKey = () => `lab-place:${history.state?._index ?? 0}:${location.pathname}`;
const placeOf = key => { try { return Number(sessionStorage.getItem(key)); } catch { return 0; } };

let saving = 0;
addEventListener('scroll', () => {
  if (settle || saving) return;
  saving = setTimeout(keepPlace, 150);
}, { passive: true });
function keepPlace() {
  clearTimeout(saving);
  saving = 0;
  if (settle) return;
  try { sessionStorage.setItem(placeKey(), Math.round(scrollY)); } catch { /* full, or switched off */ }
}
addEventListener('click', keepPlace, true);     // before a link leads away
addEventListener('pagehide', keepPlace);

function returnTo(place) {
  settle?.();
  if (!(place > 0)) return;
  const until = performance.now() + 6000;
  let rests = 0;
  const go = () => {
    if (performance.now() > until || rests > 10) { settle(); return; }
    if (Math.abs(scrollY - place) > 2) { scrollTo(0, place); rests = 0; } else rests++;
  };
  const timer = setInterval(go, 100);
  const events = ['wheel', 'touchstart', 'keydown', 'pointerdown'];
  settle = () => {
    clearInterval(timer);
    for (const event of events) removeEventListener(event, settle);
    settle = null;
  };
  for (const event of events) addEventListener(event, settle, { passive: true });
}
window.lab.isReturning = () => settle !== null;
addEventListener('popstate', () => { clearTimeout(saving); saving = 0; returnTo(placeOf(placeKey())); });
if (performance.getEntriesByType('navigation')[0]?.type !== 'navigate') returnTo(placeOf(placeKey()));
