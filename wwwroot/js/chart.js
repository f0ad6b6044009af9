// The one seam over Plotly: takes plain data from Parts/Chart.razor, keeps it, and draws. Plotly draws axes, lines and bars;
// chart-overlay.js writes names, marks, the threshold and the reading line above them.
import { colours, figure, layout, number, plotlyOnce, traces } from './chart-figure.js';
import { drawOverlay, drawReading } from './chart-overlay.js';
import { csv, png, table } from './chart-export.js';

/** @returns the handle that Chart.razor talks to. */
export async function create(element, dotnet, plotlyAddress, spec) {
  const chart = new LabChart(element, dotnet);
  chart.spec = spec;
  chart.plotly = await plotlyOnce(plotlyAddress);
  chart.start();
  return chart;
}

const due = new Set();
let frame = 0;

/** Charts that are due are drawn in their order, as many a frame as it bears: the first is seen while the others still wait. */
function drawSoon(chart) {
  due.add(chart);
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    const begun = performance.now();
    for (const next of due) {
      due.delete(next);
      next.drawNow();
      if (performance.now() - begun > 12) break;
    }
    for (const late of due) drawSoon(late);
  });
}

class LabChart {
  constructor(element, dotnet) {
    this.element = element;
    this.dotnet = dotnet;
    this.plot = element.querySelector('.plot');
    this.leave = new AbortController();
    this.seen = {};
    this.toldRange = 'null';
  }

  start() {
    const on = (target, name, act, options = {}) => target.addEventListener(name, act, { signal: this.leave.signal, ...options });
    this.plot.replaceChildren();
    this.canvas = this.plot.appendChild(document.createElement('div'));
    this.canvas.style.height = '100%';
    this.layer = this.plot.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
    this.layer.setAttribute('class', 'layer');
    this.layer.setAttribute('aria-hidden', 'true');
    on(document, 'lab-theme', () => this.draw());
    on(document, 'lab-light', event => this.light(event.detail));
    on(this.plot, 'pointermove', event => this.point(event));
    on(this.plot, 'pointerleave', () => this.read(null));
    on(this.plot, 'keydown', event => this.key(event));
    on(this.plot, 'blur', () => this.read(null));
    on(this.plot, 'click', event => this.click(event));
    on(this.element, 'click', event => this.act(event.target.closest('[data-do]')));
    on(this.layer, 'pointerdown', event => this.grab(event));
    // It speaks once at the start as well: of a size that is being drawn already.
    this.watch = new ResizeObserver(() => { if (this.size !== this.measure()) this.draw(); });
    this.draw();
    this.watch.observe(this.plot);
  }

  update(spec) {
    if (this.grabbed) spec.threshold = this.spec.threshold;
    this.spec = spec;
    this.draw();
  }

  /** New marks and threshold on the same curves: only the overlay is drawn anew. */
  move(marks, threshold) {
    this.spec.marks = marks;
    if (!this.grabbed) this.spec.threshold = threshold;
    if (this.frame) drawOverlay(this);
  }

  append(deltas) {
    for (const delta of deltas) {
      const series = this.spec.series.find(one => one.key === delta.key);
      if (!series) continue;
      for (const name of ['x', 'y', 'low', 'high']) if (delta[name] && series[name]) series[name].push(...delta[name]);
    }
    this.draw();
  }

  dispose() {
    this.gone = true;
    this.leave.abort();
    this.watch?.disconnect();
    this.plotly?.purge(this.canvas);
  }

  /** At most once a frame, however often data, theme and width change. */
  draw() {
    if (this.plotly) drawSoon(this);
  }

  async drawNow() {
    if (this.gone || this.plot.clientWidth === 0) return;
    this.size = this.measure();
    this.colours = colours(this.element);
    const kind = `${this.spec.x.title}|${this.spec.x.logarithmic}|${this.spec.y.logarithmic}`;
    if (this.kind !== kind && this.kind) this.see({});       // another axis: all of it
    this.kind = kind;
    const seen = this.drawn = this.layout(this.seen);
    await this.plotly.react(this.canvas, traces(this.spec, this.colours), seen, { displayModeBar: false, doubleClick: false, showTips: false });
    if (this.gone) return;
    if (!this.listens) {
      this.listens = true;
      this.canvas.on('plotly_relayout', () => this.zoom());
      this.canvas.on('plotly_doubleclick', () => this.see({}));
    }
    this.over();
  }

  measure() {
    return `${this.plot.clientWidth} x ${this.plot.clientHeight}`;
  }

  /** @param seen ranges of the axes that are not whole, as Plotly counts (logarithms on a logarithmic axis). */
  layout(seen = {}) {
    const size = { width: this.plot.clientWidth, height: this.plot.clientHeight };
    const all = layout(this.spec, this.colours, size, Object.keys(seen).length > 0, this.inData(seen.xaxis));
    for (const [axis, range] of Object.entries(seen)) all[axis].range = range;
    return all;
  }

  inData(range) {
    return range?.map(end => this.spec.x.logarithmic ? 10 ** end : end) ?? null;
  }

  // ---- Looking closer: by dragging over a part, by the buttons, by plus and minus ----

  /** The reader dragged over a part. */
  zoom() {
    const now = this.canvas._fullLayout;
    const changed = ['xaxis', 'yaxis'].filter(axis => now[axis].range.some((end, at) => Math.abs(end - this.drawn[axis].range[at]) > 1e-9));
    if (changed.length > 0) this.see({ ...this.seen, ...Object.fromEntries(changed.map(axis => [axis, [...now[axis].range]])) });
  }

  /** @param factor below 1 is closer; around the reading line where there is one. */
  scale(factor) {
    if (!this.frame) return;
    const [low, high] = this.layout().xaxis.range, [from, to] = this.canvas._fullLayout.xaxis.range;
    const read = this.reading && this.spec.series[this.reading.series]?.x[this.reading.index];
    const at = read > 0 && this.spec.x.logarithmic ? Math.log10(read) : read ?? NaN;
    const least = this.spec.x.decimals === 0 && !this.spec.x.logarithmic ? 4 : 0;      // between whole numbers there is nothing to see
    const centre = at >= from && at <= to ? at : (from + to) / 2, half = Math.max((to - from) * factor, least) / 2;
    this.see(2 * half >= high - low ? {} : { ...this.seen, xaxis: this.inside(centre - half, centre + half, low, high) });
  }

  /** Moves a range into the axis, its length kept. */
  inside(from, to, low, high) {
    const move = Math.max(0, low - from) - Math.max(0, to - high);
    return [from + move, to + move];
  }

  see(seen) {
    this.seen = seen;
    this.draw();
    const x = this.inData(seen.xaxis);
    const wider = this.element.querySelector('[data-do="wider"]');
    if (!wider || String(x) === this.toldRange) return;
    wider.disabled = x === null;
    this.toldRange = String(x);
    this.dotnet.invokeMethodAsync('OnZoomAsync', x && { from: x[0], to: x[1] });
  }

  /** Lines of another name step back; null lights all alike. */
  light(name) {
    this.lit = name;
    const share = of => name && of && of !== name ? 0.12 : 1;
    for (const line of this.canvas.querySelectorAll('.scatterlayer .trace')) {
      const trace = line.__data__?.[0]?.trace;
      if (trace) line.style.opacity = trace.opacity * share(trace.meta);
    }
    for (const words of this.layer.querySelectorAll('[data-name]')) words.style.opacity = share(words.dataset.name);
  }

  over() {
    this.frame = figure(this.canvas);
    drawOverlay(this);
    if (this.lit) this.light(this.lit);
    this.read(this.reading ?? null, true);
    const table = this.element.querySelector('.table');
    if (!table.hidden) this.fillTable();
  }

  // ---- Reading values: one place, by pointer or by keys ----

  point(event) {
    if (!this.frame || this.grabbed) return;
    const box = this.plot.getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    this.read(this.frame.inside(x, y) ? this.nearest(x, y) : null);
  }

  /** @returns {{series: number, index: number} | null} the nearest readable point to a place in pixels. */
  nearest(x, y) {
    let best = null, least = Infinity;
    this.spec.series.forEach((series, at) => {
      if (!series.readable) return;
      series.x.forEach((value, index) => {
        if (value === null || series.y[index] === null) return;
        const dx = this.frame.x(value) - x, dy = this.spec.hover === 'point' ? this.frame.y(series.y[index]) - y : 0;
        const far = dx * dx + dy * dy;
        if (far < least) { least = far; best = { series: at, index }; }
      });
    });
    return best;
  }

  key(event) {
    const { reading, spec } = this;
    const first = spec.series.findIndex(series => series.readable && series.x.length > 0);
    if (first < 0) return;
    const at = reading?.series ?? first, last = spec.series[at].x.length - 1;
    const to = { ArrowLeft: (reading?.index ?? last + 1) - 1, ArrowRight: (reading?.index ?? -1) + 1, Home: 0, End: last }[event.key];
    if (event.key === 'Escape') this.read(null);
    else if (event.key === '+') this.scale(0.5);
    else if (event.key === '-') this.scale(2);
    else if (to !== undefined) {
      this.read({ series: at, index: Math.max(0, Math.min(last, to)) }, false, true);
      this.follow();
    }
  }

  /** Keeps what is read by keys in sight. */
  follow() {
    const x = this.spec.series[this.reading.series].x[this.reading.index], pixel = this.frame.x(x);
    if (!this.seen.xaxis || (pixel >= this.frame.left && pixel <= this.frame.right)) return;
    const [low, high] = this.layout().xaxis.range, [from, to] = this.seen.xaxis, at = this.spec.x.logarithmic ? Math.log10(x) : x;
    this.see({ ...this.seen, xaxis: this.inside(at - (to - from) / 2, at + (to - from) / 2, low, high) });
  }

  read(place, again = false, aloud = false) {
    if (!place && !this.reading) return;
    const same = place && this.reading && place.series === this.reading.series && place.index === this.reading.index;
    if (same && !again) return;
    this.reading = place;
    const words = drawReading(this, place);
    if (aloud) this.element.querySelector('.reading').textContent = words;
  }

  click(event) {
    if (!this.frame || this.justDragged) { this.justDragged = false; return; }
    const box = this.plot.getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    if (!this.frame.inside(x, y)) return;
    const near = this.nearest(x, y);
    this.dotnet.invokeMethodAsync('OnClickAsync', {
      x: this.frame.atX(x), y: this.frame.atY(y), key: near ? this.spec.series[near.series].key : null, index: near?.index ?? null,
    });
  }

  // ---- The threshold line follows the hand at once; the server hears of it at most 16 times a second ----

  grab(event) {
    if (!event.target.classList.contains('handle')) return;
    event.preventDefault();
    this.grabbed = true;
    this.read(null);
    const box = this.plot.getBoundingClientRect();
    const move = to => {
      const x = Math.max(this.spec.x.min ?? -Infinity, Math.min(this.spec.x.max ?? Infinity, this.frame.atX(to.clientX - box.left)));
      this.spec.threshold.x = x;
      drawOverlay(this);
      this.tell(x);
    };
    const end = () => {
      removeEventListener('pointermove', move);
      this.grabbed = false;
      this.justDragged = true;
      setTimeout(() => { this.justDragged = false; }, 0);
    };
    addEventListener('pointermove', move, { signal: this.leave.signal });
    addEventListener('pointerup', end, { once: true });
    addEventListener('pointercancel', end, { once: true });
  }

  tell(x) {
    clearTimeout(this.telling);
    const send = () => { this.told = performance.now(); this.dotnet.invokeMethodAsync('OnThresholdAsync', x); };
    const wait = (this.told ?? 0) + 60 - performance.now();
    if (wait <= 0) send(); else this.telling = setTimeout(send, wait);
  }

  // ---- Table, picture, numbers ----

  act(button) {
    switch (button?.dataset.do) {
      case 'csv': csv(this.spec); break;
      case 'closer': this.scale(0.5); break;
      case 'wider': this.scale(2); break;
      case 'png': png(this); break;
      case 'table': {
        const holder = this.element.querySelector('.table');
        holder.hidden = !holder.hidden;
        button.setAttribute('aria-pressed', String(!holder.hidden));
        if (!holder.hidden) this.fillTable();
        break;
      }
    }
  }

  fillTable() {
    this.element.querySelector('.table').replaceChildren(...table(this.spec, number));
  }
}
