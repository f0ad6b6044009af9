// Tells the guide what is being read, once the reader rests there, and finds the place again when an address names one.

let stop = () => {};

/** The last section, task or question that begins above the upper third of the window. */
function current() {
  const places = [...document.querySelectorAll('article h2[id], article [data-place]')];
  return places.findLast(place => place.getBoundingClientRect().top < innerHeight / 3)?.id ?? null;
}

/** What stands above may still be loading and push the place down: go there again until it rests, or the reader scrolls. */
function goToAnchor() {
  const anchor = decodeURIComponent(location.hash.slice(1));
  if (!anchor || window.lab?.isReturning?.()) return () => {};
  let moved = false, timer = 0;
  const until = performance.now() + 4000;
  const take = () => { moved = true; clearInterval(timer); };
  const go = () => {
    if (moved || performance.now() > until) { take(); return; }
    const place = document.getElementById(anchor);
    if (place && Math.abs(place.getBoundingClientRect().top - parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop)) > 40) place.scrollIntoView({ block: 'start' });
  };
  timer = setInterval(go, 200);
  for (const event of ['wheel', 'touchstart', 'keydown', 'pointerdown']) addEventListener(event, take, { once: true, passive: true });
  go();
  return take;
}

export function watch(page) {
  stop();
  const settle = goToAnchor();
  let timer = 0, told;
  const tell = () => {
    const place = current();
    if (place === told) return;
    told = place;
    page.invokeMethodAsync('KeepAsync', place).catch(() => { told = undefined; });    // no connection: the next rest tells it
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(tell, 700); };
  addEventListener('scroll', soon, { passive: true });
  soon();
  stop = () => { removeEventListener('scroll', soon); clearTimeout(timer); settle(); stop = () => {}; };
}

export function leave() { stop(); }
