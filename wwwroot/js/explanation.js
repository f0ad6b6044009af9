// What must not wait for the server on the explanation page: the value under the pointer, and pictures fetched ahead.
// Blazor writes the map and the addresses into data attributes of the figure; this only reads them.

/** @returns the handle that ExplanationView.razor.cs disposes. */
export function attach(figure) {
  const leave = new AbortController();
  const kept = new Map();
  let text = null, map = [];
  let at = null;                  // the place that is read, in shares of the picture
  let grey = { of: null };        // the X-ray's pixels

  const readout = words => {
    const place = document.querySelector('[data-readout]');
    if (place && place.textContent !== words) place.textContent = words;
  };
  const side = () => Number(figure.dataset.side);

  const show = () => {
    for (const cross of figure.querySelectorAll('[data-cross]')) {
      if (at) cross.setAttribute('transform', `translate(${at.x * 256} ${at.y * 256})`);
      cross.setAttribute('visibility', at ? 'visible' : 'hidden');
    }
    if (!at) { readout('point at a picture'); return; }
    if (text !== figure.dataset.map) { text = figure.dataset.map; map = text.split(' ').map(Number); }
    const row = Math.floor(at.y * side()), column = Math.floor(at.x * side());
    const shade = greyAt(at.x, at.y);
    readout(`${value(map[row * side() + column])} at row ${row}, column ${column}${shade === null ? '' : `; grey ${shade}`}`);
  };

  /** @returns the X-ray's own pixel, 0 to 255; null while its picture is not here. */
  const greyAt = (x, y) => {
    const xray = figure.querySelector('.film img');
    if (!xray?.complete || !xray.naturalWidth) return null;
    if (grey.of !== xray.currentSrc) {
      const canvas = new OffscreenCanvas(xray.naturalWidth, xray.naturalHeight), brush = canvas.getContext('2d');
      brush.drawImage(xray, 0, 0);
      grey = { of: xray.currentSrc, width: canvas.width, height: canvas.height, pixels: brush.getImageData(0, 0, canvas.width, canvas.height).data };
    }
    return grey.pixels[4 * (Math.floor(y * grey.height) * grey.width + Math.floor(x * grey.width))];
  };

  const point = event => {
    const picture = event.target.closest('.picture');
    if (!picture) { rest(); return; }
    const box = picture.getBoundingClientRect();
    const share = (to, start, length) => Math.min(0.999999, Math.max(0, (to - start) / length));
    at = { x: share(event.clientX, box.left, box.width), y: share(event.clientY, box.top, box.height) };
    show();
  };
  const rest = () => { at = null; show(); };

  // With Shift the arrows go from place to place of the map, from its middle on.
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const key = event => {
    if (!event.shiftKey || !steps[event.key]) return;
    event.preventDefault();
    const cells = side(), from = share => Math.floor(share * cells), within = cell => Math.min(cells - 1, Math.max(0, cell));
    const [right, down] = at ? steps[event.key] : [0, 0];
    const start = at ?? { x: 0.5, y: 0.5 };
    at = { x: (within(from(start.x) + right) + 0.5) / cells, y: (within(from(start.y) + down) + 0.5) / cells };
    document.querySelector('[data-readout]')?.setAttribute('aria-live', 'polite');      // not while a pointer moves: that would never end
    show();
  };

  /** As CamText.Value writes it. */
  const value = number => {
    const size = Math.abs(number);
    return number.toFixed(size >= 10 ? 0 : size >= 1 ? 1 : size > 0 && size < 0.01 ? 4 : 2).replace('-', '\u2212');
  };

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
  figure.addEventListener('keydown', key, { signal: leave.signal });
  // The X-ray of the next image comes after its map: the place that is being read is read again then.
  figure.addEventListener('load', () => { if (at) show(); }, { signal: leave.signal, capture: true });
  const watch = new MutationObserver(() => {
    if (at) show();
    setTimeout(fetchAhead, 80);      // the picture asked for goes first
  });
  watch.observe(figure, { attributeFilter: ['data-ahead', 'data-map'] });
  fetchAhead();
  return { dispose: () => { leave.abort(); watch.disconnect(); } };
}
