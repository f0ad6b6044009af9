// On a page that will draw charts: fetches and compiles what draws them while the page still waits for its data.
import { plotlyOnce } from './chart-figure.js';

// Where that fails, the first chart tries again, and says so.
plotlyOnce(document.querySelector('script[data-plotly]').dataset.plotly).catch(() => {});
