// From a spec to Plotly's traces and layout, in the colours of the page's tokens.

let loading;

/** Plotly is 1.2 MB: fetched when the first chart is shown, once. */
export function plotlyOnce(address) {
  return loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => { loading = undefined; reject(new Error('The drawing library could not be loaded.')); };
    document.head.append(script);
  });
}

/** @param element whose surroundings decide: a sheet of paper is light in the dark theme too. */
export function colours(element) {
  const style = getComputedStyle(element);
  const token = name => style.getPropertyValue(name).trim();
  return {
    1: token('--series-1'), 2: token('--series-2'), 3: token('--series-3'), 4: token('--series-4'), 5: token('--series-5'),
    has: token('--series-4'), not: token('--edge'), notText: token('--soft'), ink: token('--ink'), soft: token('--soft'), edge: token('--edge'),
    line: token('--line'), sheet: token('--sheet'), accent: token('--accent'), onAccent: token('--on-accent'), sans: token('--sans'),
  };
}

export const pale = (hex, share) => {
  const [r, g, b] = [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
  return `rgba(${r},${g},${b},${share})`;
};

/** "1,200", "0.301", "0.02", "1.2e+11": as many decimals as the axis says, fewer for large or whole numbers, and two digits of one too long to read. */
export function number(value, decimals = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 1e7) return value.toExponential(1).replace('-', '\u2212');
  if (Number.isInteger(value) && Math.abs(value) >= 2) return value.toLocaleString('en-US');
  if (value !== 0 && Math.abs(value) < 0.5 * 10 ** -decimals) return value.toExponential(1).replace('-', '\u2212');
  return value.toFixed(Math.abs(value) >= 1000 ? 0 : decimals).replace('-', '\u2212');
}

const dashes = { solid: 'solid', dash: '7px,4px', dot: '2px,4px' };

/** @returns index of the last point that has a value, or -1. */
export const lastOf = series => series.y.findLastIndex(value => value !== null);

export function traces(spec, colour) {
  const all = [];
  for (const series of spec.series) {
    const ink = colour[series.color] ?? colour.ink;
    const common = { hoverinfo: 'skip', showlegend: false, meta: series.name };
    if (series.bars) {
      const fill = series.faded ? pale(ink, 0.25) : ink;
      all.push({ ...common, type: 'bar', x: series.x, y: series.down ? series.y.map(value => value === null ? null : -value) : series.y, marker: { color: fill, line: { color: ink, width: 1 } } });
      continue;
    }
    const shape = series.stairs ? 'hv' : 'linear';
    if (series.low && series.high) {
      const edge = { ...common, type: 'scatter', mode: 'lines', x: series.x, line: { width: 0, color: ink, shape } };
      all.push({ ...edge, y: series.low }, { ...edge, y: series.high, fill: 'tonexty', fillcolor: pale(ink, 0.13) });
    }
    all.push({
      ...common, type: 'scatter', mode: series.marker ? 'lines+markers' : 'lines', x: series.x, y: series.y, opacity: series.opacity, connectgaps: false,
      line: { color: ink, width: series.width, dash: dashes[series.dash] ?? 'solid', shape },
      marker: { color: ink, size: series.marker === 'x' ? 9 : 8, symbol: series.marker ?? 'circle', maxdisplayed: series.markerCount },
    });
    const last = lastOf(series);
    if (series.endLabel && last >= 0 && !series.stairs) {
      all.push({ ...common, type: 'scatter', mode: 'markers', x: [series.x[last]], y: [series.y[last]], cliponaxis: false, marker: { color: ink, size: 11, symbol: series.marker ?? 'circle' } });
    }
  }
  // Plotly wants one trace to draw axes for.
  return all.length > 0 ? all : [{ type: 'scatter', x: [], y: [], hoverinfo: 'skip' }];
}

const ruler = document.createElement('canvas').getContext('2d');

export function textWidth(text, font) {
  ruler.font = font;
  return ruler.measureText(text).width;
}

/** @returns the words at a line's end, in one or (narrow) two lines. */
export function endWords(spec, series, narrow) {
  const value = number(series.y[lastOf(series)], spec.y.decimals);
  return series.name === '' ? [value] : narrow ? [series.name, value] : [`${series.name} ${value}`];
}

/** @param seen part of the x axis in sight: the y axis fits what is drawn there. */
function extent(spec, axis, name, seen) {
  const log = axis.logarithmic;
  let low = Infinity, high = -Infinity;
  for (const series of spec.series) {
    for (const values of name === 'y' ? [series.y, series.low ?? [], series.high ?? []] : [series.x]) {
      for (let index = 0; index < values.length; index++) {
        const value = values[index];
        if (value === null || (log && value <= 0)) continue;
        if (seen && name === 'y' && (series.x[index] < seen[0] || series.x[index] > seen[1])) continue;
        const at = name === 'y' && series.down ? -value : value;
        if (at < low) low = at;
        if (at > high) high = at;
      }
    }
    if (series.bars && name === 'y') { low = Math.min(low, 0); high = Math.max(high, 0); }
  }
  if (low > high) [low, high] = log ? [0.1, 1] : [0, 1];
  if (low === high) [low, high] = log ? [low / 2, high * 2] : [low - 0.5, high + 0.5];
  if (!log && name === 'y') high += (high - low) * 0.06;
  return [low, high];
}

/** @returns evenly spaced round values that begin and end with the axis, or null where there are none. */
function wholeTicks(floor, ceiling, most) {
  for (const count of [4, 5, 3, 6, 2].filter(count => count <= most)) {
    const step = (ceiling - floor) / count, mantissa = step / 10 ** Math.floor(Math.log10(step));
    if ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8].some(nice => Math.abs(nice - mantissa) < 1e-9)) {
      return Array.from({ length: count + 1 }, (_, at) => Number((floor + at * step).toPrecision(12)));
    }
  }
  return null;
}

function axisLayout(spec, name, colour, size, zoomed, seen) {
  const axis = spec[name], [low, high] = extent(spec, axis, name, seen);
  const floor = axis.min ?? (name === 'y' && !axis.logarithmic && low > 0 ? 0 : low), ceiling = Math.max(axis.max ?? high, floor + 1e-9);
  const common = { zeroline: false, fixedrange: false, tickfont: { size: 14, color: colour.soft }, tickformat: axis.tickFormat ?? '', automargin: false };
  if (!axis.logarithmic) {
    const most = name === 'x' ? Math.max(2, Math.min(6, Math.round(size.width / 130))) : Math.max(2, Math.min(5, Math.round(size.height / 64)));
    const whole = wholeTicks(floor, ceiling, most);
    const ticks = axis.ticks ? { tickmode: 'array', tickvals: axis.ticks } : whole && !zoomed ? { tickmode: 'array', tickvals: whole } : { tickmode: 'auto', nticks: most + 1 };
    return { ...common, ...ticks, type: 'linear', range: [floor, ceiling], tickformat: axis.tickFormat ?? (name === 'x' ? ',~f' : '') };
  }
  const from = axis.min > 0 ? axis.min : low, decades = Math.log10(ceiling / from);
  if (zoomed) return { ...common, type: 'log', tickmode: 'auto', nticks: 6, dtick: undefined, tickformat: ',~r', range: [Math.log10(from), Math.log10(ceiling)] };
  const tickvals = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(ceiling)); power++) {
    for (const digit of decades > 2.5 ? [1] : [1, 2, 5]) tickvals.push(Number((digit * 10 ** power).toPrecision(3)));
  }
  return { ...common, type: 'log', tickmode: 'array', tickvals, ticktext: tickvals.map(value => value.toLocaleString('en-US', { maximumFractionDigits: 6 })), range: [Math.log10(from), Math.log10(ceiling)] };
}

function shapes(spec, colour) {
  return spec.references.map(({ x1, y1, x2, y2 }) => ({
    type: 'line', layer: 'below', line: { color: colour.soft, width: 1.4, dash: '1.5px,3.5px' },
    xref: x1 === null ? 'x domain' : 'x', yref: y1 === null ? 'y domain' : 'y', x0: x1 ?? 0, x1: x2 ?? 1, y0: y1 ?? 0, y1: y2 ?? 1,
  }));
}

/**
 * @param zoomed whether the reader looks at a part: its ends are not round.
 * @param seen part of the x axis in sight, in data units; null for all of it.
 */
export function layout(spec, colour, size, zoomed = false, seen = null) {
  const narrow = size.width < 520;
  const x = axisLayout(spec, 'x', colour, size, zoomed), y = axisLayout(spec, 'y', colour, size, zoomed, seen);
  const left = 42;
  // Names may stand in the plot when the line ends early; only what sticks out needs room.
  // Plotly leaves out a label that would stick out of the picture: the last one needs half its width.
  const end = spec.x.logarithmic ? '' : Math.round(x.range[1]).toLocaleString('en');
  let right = Math.max(12, textWidth(end, `400 14px ${colour.sans}`) / 2 + 4);
  for (const series of spec.series) {
    const last = lastOf(series);
    if (!series.endLabel || last < 0 || series.bars || series.stairs) continue;
    const share = spec.x.logarithmic ? 1 : (series.x[last] - x.range[0]) / (x.range[1] - x.range[0]);
    const words = Math.max(...endWords(spec, series, narrow).map(line => textWidth(line, `600 15px ${colour.sans}`)));
    right = Math.max(right, words + 18 - (1 - Math.min(1, share)) * (size.width - left - 12));
  }
  return {
    width: size.width, height: size.height, autosize: false, margin: { l: left, r: Math.min(right, size.width * 0.45), t: spec.threshold ? 30 : 12, b: spec.x.title ? 50 : 30 },
    paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', font: { family: colour.sans, size: 14, color: colour.soft },
    hovermode: false, dragmode: matchMedia('(pointer: coarse)').matches ? false : 'zoom', barmode: 'overlay', bargap: 0.08, showlegend: false,
    xaxis: { ...x, showgrid: false, showline: true, linecolor: colour.edge, ticks: 'outside', ticklen: 5, tickcolor: colour.edge },
    yaxis: { ...y, showgrid: true, gridcolor: colour.line, showline: false, ticks: '' },
    shapes: shapes(spec, colour),
  };
}

/** Where data lies in pixels of the plot element, and back. */
export function figure(canvas) {
  const { xaxis, yaxis } = canvas._fullLayout;
  const left = xaxis._offset, top = yaxis._offset, right = left + xaxis._length, bottom = top + yaxis._length;
  return {
    left, top, right, bottom,
    x: value => left + xaxis.d2p(value), y: value => top + yaxis.d2p(value), atX: at => xaxis.p2d(at - left), atY: at => yaxis.p2d(at - top),
    inside: (x, y) => x >= left - 6 && x <= right + 6 && y >= top - 6 && y <= bottom + 6,
  };
}
