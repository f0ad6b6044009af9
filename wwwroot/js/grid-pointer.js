// Tells a picture of the guide which of its cells a pointer is on. A mouse previews on the way and pins with a click; a finger pins with a tap,
// so that a swipe still scrolls the page.

const pause = 60;       // milliseconds between two messages: a page answers no faster

/** @returns the handle that the component disposes. */
export function attach(figure, component) {
  const leave = new AbortController();
  let sent = '', timer = 0, next = null, at = 0;

  const cellOf = event => {
    const picture = event.target.closest('.picture');
    if (!picture || !figure.contains(picture)) return null;
    const box = picture.getBoundingClientRect(), side = Number(figure.dataset.side);
    const cell = (place, start, length) => Math.min(side - 1, Math.max(0, Math.floor((place - start) / length * side)));
    return { row: cell(event.clientY, box.top, box.height), column: cell(event.clientX, box.left, box.width) };
  };
  const send = (row, column, pin) => {
    clearTimeout(timer);
    next = null;
    at = performance.now();
    sent = `${row} ${column}`;
    component.invokeMethodAsync('OnPointAsync', row, column, pin).catch(() => { /* the page is gone */ });
  };

  figure.addEventListener('pointermove', event => {
    if (event.pointerType !== 'mouse') return;
    const cell = cellOf(event);
    if (!cell || `${cell.row} ${cell.column}` === sent) return;
    next = cell;
    clearTimeout(timer);
    timer = setTimeout(() => next && send(next.row, next.column, false), Math.max(0, at + pause - performance.now()));
  }, { signal: leave.signal });
  figure.addEventListener('pointerleave', event => { if (event.pointerType === 'mouse' && sent) { send(-1, -1, false); sent = ''; } }, { signal: leave.signal });
  figure.addEventListener('click', event => { const cell = cellOf(event); if (cell) send(cell.row, cell.column, true); }, { signal: leave.signal });
  return { dispose: () => { clearTimeout(timer); leave.abort(); } };
}
