// What must not wait for the server on the explanation page: the value under the pointer, and pictures fetched ahead.
// Blazor writes the map and the addresses into data attributes of the figure; this only reads them.

/** @returns the handle that ExplanationView.razor.cs disposes. */
export function attach(figure) {
  const leave = new AbortController();
  const kept = new Map();
  let text = null, map = [];

  const readout = words => {
    const place = document.querySelector('[data-readout]');
    if (place && place.textContent !== words) place.textContent = words;
  };
  const crosses = () => figure.querySelectorAll('[data-cross]');

  const point = event => {
    const picture = event.target.closest('.picture');
    if (!picture) { rest(); return; }
    const box = picture.getBoundingClientRect(), side = Number(figure.dataset.side);
    const share = (at, start, length) => Math.min(0.999999, Math.max(0, (at - start) / length));
    const x = share(event.clientX, box.left, box.width), y = share(event.clientY, box.top, box.height);
    if (text !== figure.dataset.map) { text = figure.dataset.map; map = text.split(' ').map(Number); }
    const row = Math.floor(y * side), column = Math.floor(x * side);
    readout(`${value(map[row * side + column])} at row ${row}, column ${column}`);
    for (const cross of crosses()) {
      cross.setAttribute('transform', `translate(${x * 256} ${y * 256})`);
      cross.setAttribute('visibility', 'visible');
    }
  };
  const rest = () => {
    readout('point at a picture');
    for (const cross of crosses()) cross.setAttribute('visibility', 'hidden');
  };

  /** As CamText.Value writes it. */
  const value = number => number.toFixed(Math.abs(number) >= 10 ? 0 : Math.abs(number) >= 1 ? 1 : 2).replace('-', '\u2212');

  const fetchAhead = () => {
    const wanted = new Set((figure.dataset.ahead ?? '').split(' ').filter(Boolean));
    for (const address of kept.keys()) if (!wanted.has(address)) kept.delete(address);
    for (const address of wanted) {
      if (kept.has(address)) continue;
      const picture = new Image();
      picture.src = address;
      kept.set(address, picture);
    }
  };

  figure.addEventListener('pointermove', point, { signal: leave.signal });
  figure.addEventListener('pointerleave', rest, { signal: leave.signal });
  const watch = new MutationObserver(() => setTimeout(fetchAhead, 80));      // the picture asked for goes first
  watch.observe(figure, { attributeFilter: ['data-ahead'] });
  fetchAhead();
  return { dispose: () => { leave.abort(); watch.disconnect(); } };
}
