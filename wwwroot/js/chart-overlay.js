// What is written above the lines: names at their ends, marks, the threshold, the reading line. Attributes only, no style
// sheet, so that the same drawing goes into an exported picture.
import { endWords, lastOf, number, textWidth } from './chart-figure.js';

const make = (name, attributes, text) => {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
};

export function drawOverlay(chart) {
  const { layer, spec, frame, colours, plot } = chart;
  const write = (x, y, text, { fill = colours.soft, anchor = 'start', weight = 400, size = 14, name } = {}) => layer.append(make('text',
    { ...(name ? { 'data-name': name } : {}), x, y, fill, 'text-anchor': anchor, 'font-weight': weight, 'font-size': size, 'font-family': 'Source Sans 3, system-ui, sans-serif', stroke: colours.sheet, 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' }, text));
  layer.replaceChildren();
  plot.querySelector('.empty')?.remove();

  if (spec.x.title) write(frame.right, frame.bottom + 42, spec.x.title, { anchor: 'end' });
  for (const line of spec.references) if (line.text) writeReference(line, spec, frame, write);
  writeEnds(spec, frame, colours, write, plot.clientWidth < 520);
  const note = ({ text, color }, y) => write(frame.right - 8, y, text,
    { anchor: 'end', fill: color === 'not' ? colours.notText : colours[color] ?? colours.ink, weight: color === 'soft' ? 400 : 600 });
  spec.notes.filter(({ top }) => top).forEach((one, at) => note(one, frame.top + 20 + 24 * at));
  spec.notes.filter(({ top }) => !top).toReversed().forEach((one, at) => note(one, frame.bottom - 12 - 24 * at));
  for (const mark of spec.marks) drawMark(mark, frame, colours, layer, write);
  if (spec.threshold) drawThreshold(spec.threshold, frame, colours, layer, write);

  if (spec.empty && spec.series.every(series => series.y.length === 0)) {
    const words = document.createElement('p');
    words.className = 'empty';
    words.textContent = spec.empty;
    plot.append(words);
  }
}

function writeReference({ x1, y1, x2, y2, text }, spec, frame, write) {
  if (y1 !== null && y1 === y2) {
    const { right, middle } = clearest(frame.y(y1), textWidth(text, '400 14px Source Sans 3, system-ui, sans-serif'), spec, frame);
    write(right, middle + 5, text, { anchor: 'end' });
  }
  else if (x1 !== null && x1 === x2) write(frame.x(x1) + 6, frame.top + 12, text);
  else write((frame.left + frame.right) / 2 + 12, (frame.top + frame.bottom) / 2 + 22, text);
}

/** @returns the place beside a level line, above or below it at either end, where the fewest curves run through its words. */
function clearest(y, width, spec, frame) {
  const places = [[frame.right - 2, y - 13], [frame.left + width + 6, y - 13], [frame.right - 2, y + 15], [frame.left + width + 6, y + 15]]
    .filter(([, middle]) => middle > frame.top + 6 && middle < frame.bottom - 6).map(([right, middle]) => ({ right, middle }));
  const crowd = ({ right, middle }) => {
    let count = 0;
    for (const { x, y, bars } of spec.series) {
      for (let at = 0; at < x.length && !bars; at++) {
        // A line that jumps over the words from one point to the next runs through them as well.
        const to = frame.x(x[at]), from = at > 0 ? frame.x(x[at - 1]) : to;
        if (y[at] === null || to < right - width - 4 || from > right + 4) continue;
        const end = frame.y(y[at]), begin = at > 0 && y[at - 1] !== null ? frame.y(y[at - 1]) : end;
        if (Math.max(begin, end) > middle - 10 && Math.min(begin, end) < middle + 10) count++;
      }
    }
    return count;
  };
  let best, least = Infinity;
  for (const place of places) {
    const count = crowd(place);
    if (count < least) [best, least] = [place, count];
  }
  return best ?? { right: frame.right - 2, middle: y - 13 };
}

/** Names stand at their lines' last points, pushed apart so that none covers another. */
function writeEnds(spec, frame, colours, write, narrow) {
  const ends = [];
  for (const series of spec.series) {
    const last = lastOf(series);
    if (!series.endLabel || last < 0 || series.bars || series.stairs) continue;
    const x = frame.x(series.x[last]), y = frame.y(series.y[last]);
    if (!Number.isFinite(y) || x < frame.left - 1 || x > frame.right + 1 || y < frame.top - 8 || y > frame.bottom + 8) continue;
    const lines = endWords(spec, series, narrow);
    ends.push({ name: series.name, x: x + 12, y, lines, height: 20 * lines.length, fill: series.color === 'not' ? colours.notText : colours[series.color] ?? colours.ink });
  }
  // Only names at the same end can cover each other: those stand together.
  const column = end => Math.round(end.x / 120);
  ends.sort((a, b) => column(a) - column(b) || a.y - b.y);
  const overlap = (above, below) => Math.abs(above.x - below.x) < 120 ? Math.max(0, (above.height + below.height) / 2 - (below.y - above.y)) : 0;
  for (let round = 0; round < 8 + 4 * ends.length; round++) {
    for (let at = 1; at < ends.length; at++) {
      const half = overlap(ends[at - 1], ends[at]) / 2;
      ends[at - 1].y -= half;
      ends[at].y += half;
    }
  }
  // Many of them must not run into the axis below.
  for (let at = ends.length - 1; at >= 0; at--) {
    ends[at].y = Math.min(ends[at].y, frame.bottom + 4 - ends[at].height / 2);
    if (at + 1 < ends.length) ends[at].y -= overlap(ends[at], ends[at + 1]);
  }
  for (const end of ends) {
    end.lines.forEach((line, at) => write(end.x, end.y + 5 + 18 * (at - (end.lines.length - 1) / 2), line, { fill: end.fill, weight: 600, size: 15, name: end.name }));
  }
}

function drawMark(mark, frame, colours, layer, write) {
  const x = frame.x(mark.x), y = frame.y(mark.y);
  if (mark.guides) layer.append(make('path', { d: `M${frame.left} ${y}H${x}V${frame.bottom}`, fill: 'none', stroke: colours.accent, 'stroke-width': 1.5 }));
  layer.append(mark.shape === 'diamond'
    ? make('path', { d: `M${x} ${y - 8}l8 8-8 8-8-8z`, fill: colours.sheet, stroke: colours.accent, 'stroke-width': 2 })
    : make('circle', { cx: x, cy: y, r: 7.5, fill: colours.accent, stroke: colours.sheet, 'stroke-width': 2 }));
  if (!mark.text) return;
  const late = x > frame.right - 120;
  if (mark.shape === 'diamond') write(x, y - 16, mark.text, { fill: colours.accent, weight: 600, anchor: late ? 'end' : x < frame.left + 60 ? 'start' : 'middle' });
  else write(late ? x - 14 : x + 16, y + 22, mark.text, { fill: colours.accent, weight: 600, anchor: late ? 'end' : 'start' });
}

function drawThreshold(threshold, frame, colours, layer, write) {
  const x = Math.max(frame.left, Math.min(frame.right, frame.x(threshold.x))), top = frame.top - 14;
  layer.append(make('path', { d: `M${x} ${top}V${frame.bottom}`, stroke: colours.accent, 'stroke-width': 2.5 }));
  layer.append(make('circle', { cx: x, cy: top, r: 8, fill: colours.accent, stroke: colours.sheet, 'stroke-width': 2 }));
  if (threshold.left && x > frame.left + 76) write(x - 15, top + 5, threshold.left, { anchor: 'end', fill: colours.accent, weight: 600 });
  if (threshold.right && x < frame.right - 70) write(x + 15, top + 5, threshold.right, { fill: colours.accent, weight: 600 });
  if (threshold.draggable) layer.append(make('rect', { class: 'handle', x: x - 14, y: top - 14, width: 28, height: frame.bottom - top + 14, fill: 'transparent' }));
}

/** Draws the vertical line and the box of values. @returns the same in words, for a screen reader. */
export function drawReading(chart, place) {
  const { layer, spec, frame, colours, plot } = chart;
  layer.querySelector('.reading')?.remove();
  plot.querySelector('.box')?.remove();
  if (!place || !spec.series[place.series]) return '';

  const chosen = spec.series[place.series], at = chosen.x[place.index], x = frame.x(at);
  const group = make('g', { class: 'reading' });
  const near = place === null ? [] : spec.series.flatMap((series, index) => {
    if (!series.readable || (spec.hover === 'point' && index !== place.series)) return [];
    const point = index === place.series ? place.index : closest(series, at, frame);
    return point < 0 || series.y[point] === null ? [] : [{ series, point }];
  });
  if (spec.hover !== 'point') group.append(make('path', { d: `M${x} ${frame.top}V${frame.bottom}`, stroke: colours.ink, 'stroke-width': 1.2 }));
  for (const { series, point } of near) {
    if (!series.bars) group.append(make('circle', { cx: frame.x(series.x[point]), cy: frame.y(series.y[point]), r: 5, fill: colours.sheet, stroke: colours[series.color] ?? colours.ink, 'stroke-width': 2 }));
  }
  layer.append(group);

  const rows = near.flatMap(({ series, point }) => spec.hover === 'point'
    ? [...(series.extra ? [[series.extraName, number(series.extra[point], series.extraDecimals), colours.soft]] : []), [spec.x.title ?? 'x', number(series.x[point], spec.x.decimals), colours.soft], [spec.unit ?? 'y', number(series.y[point], spec.y.decimals), colours.soft]]
    : [[series.name || spec.title, number(series.y[point], spec.y.decimals), series.color === 'not' ? colours.notText : colours[series.color] ?? colours.ink]]);
  const title = spec.hover === 'point' ? chosen.name : `${capital(spec.x.title ?? '')} ${number(at, Number.isInteger(at) ? 0 : spec.x.decimals)}`.trim();
  const box = document.createElement('div');
  box.className = 'box';
  const head = document.createElement('b');
  head.textContent = title;
  box.append(head);
  for (const [name, value, colour] of rows) {
    const row = document.createElement('div'), label = document.createElement('span'), figure = document.createElement('b');
    label.textContent = name;
    label.style.color = colour;
    figure.textContent = value;
    row.append(label, figure);
    box.append(row);
  }
  plot.append(box);
  const wide = box.offsetWidth;
  box.style.left = `${x + 12 + wide > plot.clientWidth ? Math.max(0, x - 12 - wide) : x + 12}px`;
  if (spec.hover === 'point') box.style.top = `${Math.max(0, Math.min(frame.bottom - box.offsetHeight, frame.y(chosen.y[place.index]) - box.offsetHeight / 2))}px`;
  return `${title}. ${rows.map(([name, value]) => `${name} ${value}`).join(', ')}.`;
}

const capital = text => text.charAt(0).toUpperCase() + text.slice(1);

/** @returns index of the point nearest to an x value, or -1 when it lies more than 14 pixels away. */
function closest(series, at, frame) {
  let best = -1, least = Infinity;
  series.x.forEach((value, index) => {
    if (value === null || series.y[index] === null) return;
    const far = Math.abs(value - at);
    if (far < least) { least = far; best = index; }
  });
  return best >= 0 && Math.abs(frame.x(series.x[best]) - frame.x(at)) <= 14 ? best : -1;
}
