// The connection to the lab: starts the page's circuit, notices within seconds that the lab no longer answers, says so, and comes back by itself
// as soon as it answers again. Blazor's own tries are replaced (reconnectionHandler): two of them at once leave the note standing for good.

const SILENCE = 10000;      // ms without a word after which a connection is given up: the lab says something every two seconds (Hosting/Pages.cs)
const PATIENCE = 4000;      // ms that the lab has for the answer to one try
const LONG = 20000;         // ms after which the note asks whether the lab is still running

let isAlive = false;        // the page has its circuit
let isDown = false;         // the connection is closed
let isCut = false;          // the connection looks open, but the lab does not answer
let isTrying = false;
let tryAtOnce = () => {};

const note = document.getElementById('components-reconnect-modal');
const say = state => { if (note.dataset.state !== state) note.dataset.state = state; };

Blazor.start({
  circuit: {
    circuitHandlers: [{ onCircuitOpened: () => { isAlive = true; document.documentElement.dataset.alive = ''; } }],
    configureSignalR: builder => builder.withUrl('_blazor', { timeout: 8000 }).withServerTimeout(SILENCE),
    reconnectionHandler: {
      onConnectionDown: () => { isDown = true; comeBack(); },
      onConnectionUp: () => { isDown = false; },
    },
  },
});

async function answers() {
  try { return (await fetch('healthz/live', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) })).ok; } catch { return false; }
}

function pause(ms) {
  return new Promise(done => {
    const timer = setTimeout(done, ms);
    tryAtOnce = () => { clearTimeout(timer); done(); };
  });
}

/** Tries until the page is connected again. A connection may be cut for as long as a lesson. */
async function comeBack() {
  if (!isAlive) return void openAnewOnceItAnswers();
  if (isTrying) return;
  isTrying = true;
  const since = performance.now();
  for (let tries = 0; isDown || isCut; tries++) {
    say(performance.now() - since > LONG ? 'failed' : 'show');
    if (tries > 0) await pause(Math.min(tries, 3) * 1000);
    if (!await answers()) continue;
    isCut = false;
    if (!isDown) continue;
    isDown = false;
    try {
      if (await Blazor.reconnect() || await Blazor.resumeCircuit()) continue;
      location.reload();        // the lab no longer knows this page: the address holds its state
      return;
    } catch { isDown = true; }
  }
  isTrying = false;
  say('hide');
}

// A page whose connection breaks off before it has come alive has nothing that Blazor could go on with: it opens anew, where it was.
let isOpening = false;
async function openAnewOnceItAnswers() {
  if (isOpening) return;
  isOpening = true;
  while (!isAlive) {
    if (await answers()) return void location.reload();
    say('show');
    await pause(2000);
  }
  isOpening = false;
  say('hide');
}
if (document.body.hasAttribute('data-comes-alive')) setTimeout(() => { if (!isAlive) openAnewOnceItAnswers(); }, 30000);

// A browser that is told that it is offline knows before the silence does. Where the lab runs on this very computer it may still answer.
addEventListener('offline', async () => {
  if (!isAlive || isDown || await answers()) return;
  isCut = true;
  comeBack();
});
addEventListener('online', () => tryAtOnce());
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') tryAtOnce(); });
note?.querySelector('button').addEventListener('click', () => tryAtOnce());
