// A chart taken away: as a table on the page, as CSV with every point, as a picture that says what it is.

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

const fileName = spec => spec.title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'chart';
const quote = text => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

export function csv(spec) {
  const { columns, extraName, rows } = grid(spec);
  const head = [spec.x.title ?? 'x', ...(extraName ? [extraName] : []), ...columns.map(series => series.key)].map(quote).join(',');
  const lines = rows.map(({ x, values, extra }) => [x, ...(extraName ? [extra ?? ''] : []), ...values.map(value => value ?? '')].join(','));
  save(`${fileName(spec)}.csv`, new Blob([[head, ...lines].join('\n') + '\n'], { type: 'text/csv' }));
}

async function picture(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

export async function png(chart) {
  const { spec, plot, canvas, layer, colours, plotly } = chart;
  const width = plot.clientWidth, height = plot.clientHeight, pad = 20, head = 50, foot = 40, scale = 2;
  const copy = layer.cloneNode(true);
  copy.querySelectorAll('.reading, .handle').forEach(node => node.remove());
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', width);
  copy.setAttribute('height', height);
  const lines = await picture(await plotly.toImage(canvas, { format: 'svg', width, height }));
  const words = await picture('data:image/svg+xml;charset=utf-8,' + encodeURIComponent(new XMLSerializer().serializeToString(copy)));

  const sheet = document.createElement('canvas');
  sheet.width = (width + 2 * pad) * scale;
  sheet.height = (height + head + foot) * scale;
  const pen = sheet.getContext('2d');
  pen.scale(scale, scale);
  pen.fillStyle = colours.sheet;
  pen.fillRect(0, 0, width + 2 * pad, height + head + foot);
  pen.fillStyle = colours.ink;
  pen.font = `600 17px ${colours.sans}`;
  pen.fillText(spec.title, pad, 32);
  const titled = pen.measureText(spec.title).width;
  pen.fillStyle = colours.soft;
  pen.font = `400 14px ${colours.sans}`;
  if (spec.unit) pen.fillText(spec.unit, pad + titled + 10, 32);
  pen.drawImage(lines, pad, head, width, height);
  pen.drawImage(words, pad, head, width, height);
  pen.fillText('Pneumothorax.Lab. Teaching only, not for diagnosis.', pad, head + height + 26);
  sheet.toBlob(blob => save(`${fileName(spec)}.png`, blob));
}
