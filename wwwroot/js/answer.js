// <lab-answer>: an answer in words that saves as one types. Every keystroke is kept in this browser before it is sent, so neither a lost
// connection nor a reload nor Blazor drawing the page anew can take it. Windows of one browser show the same text; a text that another
// browser has changed meanwhile is shown beside this one, and the writer says what becomes of the two.

const PAUSE = 900;                                          // ms without a key before a text is sent
const RETRY = [2000, 4000, 8000, 15000, 30000, 60000];      // ms between tries while nothing answers
const MOST = 20000;                                         // letters, as the server counts them: UTF-16 units
const NEAR = 18000;                                         // from here on the count is shown

/** Names what belongs to whoever this page was drawn for: drafts of others in the same browser stay unread. */
const writer = () => document.querySelector('meta[name="lab-writer"]')?.content ?? '';
const prefix = () => `lab-answer:${writer()}:`;

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });
const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const when = time => new Date(time).toDateString() === new Date().toDateString() ? `at ${hour.format(time)}` : `on ${day.format(time)}, ${hour.format(time)}`;

/** One text of one writer: what it is, on which stored version it builds, and whether it still waits to be stored. */
class Draft {
  static all = new Map();

  static of(question) {
    const key = prefix() + question;
    if (!Draft.all.has(key)) Draft.all.set(key, new Draft(key, question));
    return Draft.all.get(key);
  }

  constructor(key, question) {
    Object.assign(this, { key, question, writer: writer(), version: 0, waiting: false, tries: 0, timer: 0, sending: false, other: null, trouble: null, savedAt: null, views: new Set() });
    const kept = read(key);
    if (kept?.waiting) Object.assign(this, { text: kept.text, version: kept.version, waiting: true });
  }

  /** What the server had when it drew the page, or has now. */
  offer(text, version, savedAt) {
    if (this.text !== undefined && (this.waiting || version <= this.version)) return;
    Object.assign(this, { text, version, savedAt: savedAt || null, trouble: null });
    this.tell();
  }

  type(text) {
    if (text === this.text) return;
    this.text = text;
    this.waiting = true;
    if (this.trouble !== 'offline') this.trouble = null;
    this.keep();
    if (!this.other) this.soon(this.trouble === 'offline' ? RETRY[0] : PAUSE);
    this.tell();
  }

  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.waiting ? { waiting: true, text: this.text, version: this.version } : { version: this.version }));
      this.unkept = false;
    } catch { this.unkept = true; }         // full, or switched off: then this page is all there is
  }

  soon(after) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), after);
  }

  async send() {
    clearTimeout(this.timer);
    if (!this.waiting || this.sending || this.other || this.writer !== writer()) return;
    if (this.text.length > MOST) { this.tell(); return; }
    if (!navigator.onLine) { this.fail('offline'); return; }

    this.sending = true;
    const sent = this.text;
    let response, said = {};
    try {
      response = await fetch(`/api/answers/${encodeURIComponent(this.question)}`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ text: sent, version: this.version, writer: this.writer }),
        signal: AbortSignal.timeout(20000),
        keepalive: document.visibilityState === 'hidden',       // the page may be closing
      });
      said = await response.json();
    } catch { response = null; }
    this.sending = false;

    if (response?.ok) this.stored(sent, said);
    else if (response?.status === 409) this.meet(said);
    else if (response?.status === 401) this.fail('signed-out');
    else if (response && response.status < 500 && response.status !== 429) this.fail('refused', said.detail);
    else this.fail(response ? 'failing' : 'offline');
  }

  stored(text, { version, savedAt }) {
    Object.assign(this, { version, savedAt, tries: 0, trouble: null, waiting: this.text !== text });
    this.keep();
    if (this.waiting) this.soon(PAUSE);
    this.tell();
  }

  /** Somebody was faster. Where they wrote the same there is nothing to choose. */
  meet({ text, version, savedAt }) {
    if (text === this.text) { this.stored(text, { version, savedAt }); return; }
    this.other = { text, version, savedAt };
    this.trouble = null;
    this.tell();
  }

  settle(text) {
    Object.assign(this, { version: this.other.version, savedAt: this.other.savedAt, waiting: text !== this.other.text, text, other: null, tries: 0 });
    this.keep();
    this.send();
    this.tell();
  }

  fail(trouble, detail) {
    this.trouble = trouble;
    this.detail = detail;
    if (trouble === 'offline' || trouble === 'failing') this.soon(RETRY[Math.min(this.tries++, RETRY.length - 1)]);
    this.tell();
  }

  /** Another window of this browser has typed, or saved. */
  mirror(kept) {
    if (!kept) return;
    if (kept.waiting) {
      Object.assign(this, { text: kept.text, version: kept.version, waiting: true, trouble: null });
      if (!this.other) this.soon(RETRY[2]);         // should that window be closed before it has sent it
    } else {
      Object.assign(this, { version: kept.version, waiting: false, other: null, trouble: null, savedAt: Date.now() });
    }
    this.tell();
  }

  tell() { for (const view of this.views) view.show(); }

  get state() {
    if (this.other) return ['This answer has been changed elsewhere. Choose below which text to keep.', 'warn'];
    if (!this.waiting) return [this.savedAt ? `Saved ${when(new Date(this.savedAt))}` : '', ''];
    if (this.text.length > MOST) return [`Too long to be saved: ${this.text.length.toLocaleString('en')} letters, and at most ${MOST.toLocaleString('en')} fit. Kept in this browser meanwhile.`, 'bad'];
    const kept = this.unkept ? 'This browser cannot store it. Leave the page open, and it will be sent' : 'kept in this browser, will be sent';
    switch (this.trouble) {
      case 'offline': return [`No connection: ${kept}.`, 'warn'];
      case 'failing': return [`The lab does not answer: ${kept}.`, 'warn'];
      case 'signed-out': return ['You are signed out. The text is kept in this browser and will be sent when you sign in again.', 'warn'];
      case 'refused': return [`${this.detail ?? 'The lab did not accept it.'} The text is kept in this browser.`, 'bad'];
      default: return ['Saving…', ''];
    }
  }
}

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** Where the caret was in an answer that was just taken off the page: Blazor replaces what it drew on the server. */
let caret = null;
let typedAt = -1e9;

class LabAnswer extends HTMLElement {
  static observedAttributes = ['version', 'text'];

  connectedCallback() {
    if (!this.box) this.build();
    this.draft = Draft.of(this.getAttribute('question'));
    this.draft.views.add(this);
    this.take();
    this.show();
    if (this.draft.waiting) this.draft.soon(PAUSE);
    if (caret?.question === this.draft.question && performance.now() < caret.until) this.goOn(caret);
    caret = null;
  }

  goOn({ start, end }) {
    this.box.focus({ preventScroll: true });
    this.box.setSelectionRange(start, end);
  }

  disconnectedCallback() {
    this.draft?.views.delete(this);
    if (!this.focused && performance.now() - (this.left ?? -1e9) > 50) return;
    const at = { question: this.draft.question, start: this.box.selectionStart, end: this.box.selectionEnd, until: performance.now() + 3000 };
    const heir = [...this.draft.views].at(-1);          // Blazor may put the new one there before it takes the old one away
    if (heir) heir.goOn(at);
    else caret = at;
  }

  attributeChangedCallback() {
    if (!this.draft || this.pending) return;
    this.pending = true;
    queueMicrotask(() => { this.pending = false; this.take(); });       // all attributes of one drawing
  }

  /** Before the page has read the answer it has no version to tell. */
  take() { if (this.hasAttribute('version')) this.draft.offer(this.getAttribute('text') ?? '', Number(this.getAttribute('version') ?? 0), this.getAttribute('saved-at')); }

  build() {
    const name = `answer-${this.getAttribute('question')}`;
    this.box = element('textarea', { id: name, className: 'input', rows: 6, placeholder: this.getAttribute('placeholder') ?? '' });
    this.box.setAttribute('aria-labelledby', this.getAttribute('labelledby'));
    this.box.setAttribute('aria-describedby', `${name}-state`);
    this.box.addEventListener('input', () => { typedAt = performance.now(); this.draft.type(this.box.value); });
    this.box.addEventListener('focus', () => { this.focused = true; });
    this.box.addEventListener('blur', event => {
      this.focused = false;
      this.left = performance.now();
      // Once the connection stands, the router gives the focus to the heading: not while somebody writes.
      if (event.relatedTarget?.matches('h1') && performance.now() - typedAt < 3000) setTimeout(() => this.box.focus({ preventScroll: true }));
      else this.draft.send();
    });
    this.line = element('span', { id: `${name}-state`, className: 'state' });
    this.count = element('span', { className: 'count' });
    this.spoken = element('span', { className: 'visually-hidden' });
    this.spoken.setAttribute('role', 'status');
    this.append(this.box, element('div', { className: 'below' }, this.line, this.count), this.spoken);
  }

  show() {
    const { draft } = this;
    const text = draft.text ?? '';
    this.box.readOnly = draft.text === undefined;
    if (this.box.value !== text) {
      const { selectionStart, selectionEnd } = this.box;
      this.box.value = text;
      if (this.focused) this.box.setSelectionRange(Math.min(selectionStart, text.length), Math.min(selectionEnd, text.length));
    }
    const [says, colour] = draft.state;
    this.line.textContent = says;
    this.line.className = `state ${colour}`;
    // Read aloud where something has happened, not at every pause between two words.
    if (says !== 'Saving…' && this.spoken.textContent !== says) this.spoken.textContent = says;
    this.count.textContent = text.length < NEAR ? '' : `${text.length.toLocaleString('en')} of ${MOST.toLocaleString('en')} letters`;
    this.showOther();
  }

  showOther() {
    const { other } = this.draft;
    if (this.shown === other) return;
    this.shown = other;
    this.choice?.remove();
    this.choice = null;
    if (!other) return;
    const button = (title, settle) => element('button', { type: 'button', className: 'button outlined small', textContent: title, onclick: () => { this.draft.settle(settle()); this.box.focus(); } });
    const theirs = element('div', { className: 'theirs', tabIndex: 0, textContent: other.text || 'Nothing: it was emptied.' });
    theirs.setAttribute('role', 'group');
    theirs.setAttribute('aria-label', 'The other text');
    this.choice = element('div', { className: 'choice' },
      element('h4', { textContent: `Saved elsewhere ${when(new Date(other.savedAt))}` }), theirs,
      element('div', { className: 'row' },
        button('Keep mine', () => this.draft.text),
        button('Use the other', () => other.text),
        button('Keep both', () => [other.text, this.draft.text].filter(part => part.trim()).join('\n\n'))),
      element('p', { className: 'least', textContent: 'Your text is above, as you typed it. Nothing is sent until you choose.' }));
    this.append(this.choice);
  }
}

customElements.define('lab-answer', LabAnswer);

// What waits is sent from any page, as soon as there is a chance.
function sendWaiting() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(prefix()) && read(key)?.waiting) Draft.of(key.slice(prefix().length));
    }
  } catch { /* no storage: then only this page's own */ }
  for (const draft of Draft.all.values()) if (draft.waiting) draft.send();
}
addEventListener('online', sendWaiting);
addEventListener('offline', () => { for (const draft of Draft.all.values()) if (draft.waiting) draft.fail('offline'); });
addEventListener('pageshow', sendWaiting);
document.addEventListener('visibilitychange', sendWaiting);
addEventListener('storage', event => Draft.all.get(event.key)?.mirror(read(event.key)));
addEventListener('beforeunload', event => { if ([...Draft.all.values()].some(draft => draft.waiting && draft.unkept)) event.preventDefault(); });
sendWaiting();
