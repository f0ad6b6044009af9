// The comparison's manners that must not wait for the server: one run lit in table, lines and charts at once, and a brush drawn along an axis.

/** A run under the pointer, or with the focus, is lit everywhere: what has another run's letter steps back. */
export function light(page) {
  const leave = new AbortController();
  let lit = null;
  const show = letter => {
    if (letter === lit) return;
    lit = letter;
    for (const part of page.querySelectorAll('[data-run]')) part.toggleAttribute('data-dim', lit !== null && part.dataset.run !== lit);
    document.dispatchEvent(new CustomEvent('lab-light', { detail: lit }));
  };
  const of = event => event.target.closest?.('[data-run]')?.dataset.run ?? null;
  const on = (name, act) => page.addEventListener(name, act, { signal: leave.signal });
  on('pointerover', event => { if (event.pointerType === 'mouse') show(of(event)); });
  on('pointerleave', () => show(null));
  on('focusin', event => show(event.target.matches(':focus-visible') ? of(event) : null));
  on('focusout', () => show(null));
  return { dispose: () => { leave.abort(); document.dispatchEvent(new CustomEvent('lab-light', { detail: null })); } };
}

/** Dragging along an axis of [data-axis] marks a part of it; the component hears of it when the hand lets go. */
export function brush(plot, component) {
  const leave = new AbortController();
  plot.addEventListener('pointerdown', event => {
    const axis = event.target.closest('.rail')?.closest('[data-axis]');
    if (!axis || event.button !== 0) return;
    event.preventDefault();
    const box = axis.getBoundingClientRect();
    const place = at => Math.max(-0.02, Math.min(1.02, (box.bottom - at.clientY) / box.height));
    const from = place(event), part = axis.appendChild(document.createElement('span'));
    part.className = 'dragged';
    let to = from;
    const drag = new AbortController();
    const move = at => {
      to = place(at);
      part.style.bottom = `${100 * Math.min(from, to)}%`;
      part.style.height = `${100 * Math.abs(to - from)}%`;
    };
    const end = keep => {
      drag.abort();
      part.remove();
      if (keep) component.invokeMethodAsync('OnBrushAsync', axis.dataset.axis, from, Math.abs(to - from) * box.height < 4 ? from : to).catch(() => { /* the page is gone */ });
    };
    addEventListener('pointermove', move, { signal: drag.signal });
    addEventListener('pointerup', () => end(true), { signal: drag.signal });
    addEventListener('pointercancel', () => end(false), { signal: drag.signal });
  }, { signal: leave.signal });
  return { dispose: () => leave.abort() };
}
