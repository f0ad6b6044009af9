// A chart taken away: as a table on the page, as CSV with every point, as a picture that says what it is.
import { colours } from './chart-figure.js';

const readable = spec => spec.series.filter(series => series.readable && series.x.length > 0);

/** Rows of x with one column a series; a point that a series lacks stays empty. */
function grid(spec) {
  const columns = readable(spec), rows = new Map(), pointwise = series => series.stairs || spec.hover === 'point';
  columns.forEach((series, at) => series.x.forEach((x, index) => {
    // Stairs and curves that are read point by point have several points at one x: keep each.
    const key = pointwise(series) ? `${at}:${index}` : String(x);
    if (!rows.has(key)) rows.set(key, { x, values: new Array(columns.length).fill(null), extra: null });
    const row = rows.get(key);
    row.values[at] = series.y[index];
    if (series.extra) row.extra = series.extra[index];
  }));
  const { extraName, extraDecimals } = columns.find(series => series.extra) ?? {};
  const sorted = [...rows.values()];
  if (!columns.some(pointwise)) sorted.sort((a, b) => a.x - b.x);
  return { columns, extraName, extraDecimals, rows: sorted };
}

export function table(spec, number) {
  const most = 500, { columns, extraName, extraDecimals, rows } = grid(spec);
  const scroll = document.createElement('div');
  scroll.className = 'scroll';
  scroll.tabIndex = 0;
  const element = scroll.appendChild(document.createElement('table'));
  const head = element.createTHead().insertRow();
  const addHead = text => { const cell = document.createElement('th'); cell.scope = 'col'; cell.textContent = text; head.append(cell); };
  addHead(spec.x.title ?? 'x');
  if (extraName) addHead(extraName);
  for (const series of columns) addHead(series.name || spec.title);
  const body = element.createTBody();
  for (const { x, values, extra } of rows.slice(0, most)) {
    const row = body.insertRow();
    row.insertCell().textContent = number(x, spec.x.decimals);
    if (extraName) row.insertCell().textContent = number(extra, extraDecimals);
    for (const value of values) row.insertCell().textContent = value === null ? '' : number(value, spec.y.decimals);
  }
  if (rows.length <= most) return [scroll];
  const rest = document.createElement('p');
  rest.textContent = `The first ${most} of ${rows.length.toLocaleString('en-US')} rows; the CSV has them all.`;
  return [scroll, rest];
}

function save(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const fileName = title => title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'chart';
const quote = text => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

export function csv(spec) {
  const { columns, extraName, rows } = grid(spec);
  const head = [spec.x.title ?? 'x', ...(extraName ? [extraName] : []), ...columns.map(series => series.key)].map(quote).join(',');
  const lines = rows.map(({ x, values, extra }) => [x, ...(extraName ? [extra ?? ''] : []), ...values.map(value => value ?? '')].join(','));
  save(`${fileName(spec.title)}.csv`, new Blob([[head, ...lines].join('\n') + '\n'], { type: 'text/csv' }));
}

async function picture(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

export async function png(chart) {
  const { spec, plot, canvas, layer, colours, plotly } = chart;
  const width = plot.clientWidth, height = plot.clientHeight;
  const copy = layer.cloneNode(true);
  copy.querySelectorAll('.reading, .handle').forEach(node => node.remove());
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', width);
  copy.setAttribute('height', height);
  copy.setAttribute('font-family', colours.sans);
  copy.prepend(await type());
  const drawn = new DOMParser().parseFromString(decodeURIComponent((await plotly.toImage(canvas, { format: 'svg', width, height })).split(/,(.*)/s)[1]), 'image/svg+xml').documentElement;
  drawn.prepend(await type());
  const lines = await picture(address(drawn));
  sheet(spec.title, spec.unit, [lines, await picture(address(copy))], width, height, colours);
}

/** A figure that is not Plotly's, such as a table with marks: drawn by the browser from a copy that carries its styles with it. */
export async function elementPng(element, title) {
  // All of it is read at once: the page may be drawn anew while the picture is made.
  const width = element.clientWidth, height = element.clientHeight, ink = colours(element);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), frame = document.createElementNS('http://www.w3.org/2000/svg', 'foreignObject');
  for (const node of [svg, frame]) { node.setAttribute('width', width); node.setAttribute('height', height); }
  const copy = styled(element);
  copy.style.overflow = 'visible';
  frame.append(copy);
  svg.append(await type(), frame);
  sheet(title, null, [await picture(address(svg))], width, height, ink);
}

function styled(element) {
  const copy = element.cloneNode(false), style = getComputedStyle(element);
  copy.setAttribute('style', [...style].map(name => `${name}:${style.getPropertyValue(name)}`).join(';'));
  for (const node of element.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) copy.append(node.cloneNode());
    else if (node.nodeType === Node.ELEMENT_NODE && !node.matches('.no-print, .no-picture, .visually-hidden')) copy.append(styled(node));
  }
  return copy;
}

/** A picture fetches nothing: without the page's type in it, words would be wider than the room that they have. */
let loading;
async function type() {
  loading ??= fetch('fonts/source-sans-3-latin-wght-normal.woff2').then(response => response.blob()).then(blob => new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  }));
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = `@font-face { font-family: "Source Sans 3"; src: url("${await loading}"); font-weight: 200 900; }`;
  return style;
}

const address = svg => 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(new XMLSerializer().serializeToString(svg));

/** One above the other on a sheet with title and origin, saved as PNG. */
function sheet(title, unit, pictures, width, height, colours) {
  const pad = 20, head = 50, foot = 40, scale = 2;
  const canvas = document.createElement('canvas');
  canvas.width = (width + 2 * pad) * scale;
  canvas.height = (height + head + foot) * scale;
  const pen = canvas.getContext('2d');
  pen.scale(scale, scale);
  pen.fillStyle = colours.sheet;
  pen.fillRect(0, 0, width + 2 * pad, height + head + foot);
  pen.fillStyle = colours.ink;
  pen.font = `600 17px ${colours.sans}`;
  pen.fillText(title, pad, 32);
  const titled = pen.measureText(title).width;
  pen.fillStyle = colours.soft;
  pen.font = `400 14px ${colours.sans}`;
  if (unit) pen.fillText(unit, pad + titled + 10, 32);
  for (const drawn of pictures) pen.drawImage(drawn, pad, head, width, height);
  pen.fillText('Pneumothorax.Lab. Teaching only, not for diagnosis.', pad, head + height + 26);
  canvas.toBlob(blob => save(`${fileName(title)}.png`, blob));
}
