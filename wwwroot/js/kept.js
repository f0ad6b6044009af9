// What a reader has not finished is kept in this browser: where they were on a page, and what stands in boxes that are not sent yet.

// ---- Boxes: <form data-keep="name" data-keep-about="what it is about"> with <input data-keep-field="0"> ----
// The answer to a task waits for days; other forms for as long as this window is open.
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

// ---- Text: <form data-keep-text="name" data-keep-about="what it is about"> with <input data-keep-as="field"> ----
// The lab hears of a text when its box is left, and a reload forgets what it could not take over. Both are typed again for the reader, so that
// they come back as they were typed, with whatever the lab says about them.
const typedAgain = new WeakSet();       // boxes that have been given their text
const textsOf = form => window.lab.keptFields(form.dataset.keepText, form.dataset.keepAbout ?? null) ?? {};

function keepTexts(form, typed) {
  const texts = textsOf(form);
  for (const box of form.querySelectorAll('[data-keep-as]')) {
    // Taken over and shown in the lab's own way, set otherwise since, or sent: no longer what was typed.
    if (box !== typed && typedAgain.has(box) && box.value !== texts[box.dataset.keepAs]) delete texts[box.dataset.keepAs];
  }
  if (typed) {
    texts[typed.dataset.keepAs] = typed.value;
    typedAgain.add(typed);
  }
  window.lab.keep(form.dataset.keepText, Object.keys(texts).length === 0 ? null : JSON.stringify({ about: form.dataset.keepAbout ?? null, fields: texts }));
}

for (const kind of ['input', 'change', 'click']) {
  addEventListener(kind, ({ target }) => {
    const form = target.closest?.('form[data-keep-text]');
    if (form) keepTexts(form, kind !== 'click' && target.dataset.keepAs !== undefined ? target : null);
  }, true);
}
addEventListener('pagehide', () => { for (const form of document.querySelectorAll('form[data-keep-text]')) keepTexts(form); });

let looking = 0;
function typeAgain() {
  looking = 0;
  for (const form of document.querySelectorAll('form[data-keep-text]')) {
    const texts = textsOf(form);
    for (const box of form.querySelectorAll('[data-keep-as]')) {
      if (typedAgain.has(box)) continue;
      typedAgain.add(box);
      const [text, shown] = [texts[box.dataset.keepAs], box.value];
      if (text === undefined || text === shown) continue;
      box.value = text;
      if (box.value !== text) { box.value = shown; continue; }      // a list that has it no longer
      for (const kind of ['input', 'change']) box.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  }
}
new MutationObserver(() => { looking ||= setTimeout(typeAgain); })
  .observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-keep-text', 'data-keep-about'] });

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
