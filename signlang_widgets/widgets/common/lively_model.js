// A model whose changes show at once in every view and travel to Python at a civil pace.
//
// Jupyter answers each message with an echo of what it was sent. A value set here but not sent yet would be overwritten by
// the echo of an older one, so unsent values are kept apart as drafts: while a trait has a draft, the draft is the truth.

/** @typedef {import("./view.js").Model} Model */
/** @typedef {Model & {flush: () => void}} LivelyModel */

const PACE = 50; // milliseconds between messages to Python: 20 a second at most

/** @param {Model} model @returns {LivelyModel} */
export function livelyModel(model) {
  /** @type {Map<string, any>} */
  const drafts = new Map();
  /** @type {Map<string, Set<() => void>>} */
  const listeners = new Map();
  let last = Number.NEGATIVE_INFINITY;
  let timer = 0;
  let sending = false;

  /** @param {string} event */
  const tell = (event) => {
    for (const callback of [...(listeners.get(event) ?? [])]) callback();
  };

  const now = () => {
    timer = 0;
    last = performance.now();
    sending = true;
    for (const [name, value] of drafts) model.set(name, value);
    drafts.clear();
    sending = false;
    model.save_changes();
  };

  /** Listens to a trait of the real model once, for all views. @param {string} event */
  const relay = (event) => {
    const name = event.slice("change:".length);
    model.on(event, () => sending || drafts.has(name) || tell(event));
  };

  return {
    get: (name) => (drafts.has(name) ? drafts.get(name) : model.get(name)),
    set(name, value) {
      drafts.set(name, value);
      tell(`change:${name}`);
    },
    save_changes() {
      if (timer) return;
      const wait = last + PACE - performance.now();
      if (wait <= 0) now();
      else timer = window.setTimeout(now, wait);
    },
    flush() {
      if (!timer) return;
      clearTimeout(timer);
      now();
    },
    on(event, callback) {
      if (!event.startsWith("change:")) return model.on(event, callback);
      if (!listeners.has(event)) {
        listeners.set(event, new Set());
        relay(event);
      }
      listeners.get(event)?.add(callback);
    },
    off(event, callback) {
      if (event?.startsWith("change:")) listeners.get(event)?.delete(/** @type {() => void} */ (callback));
      else model.off(event, callback);
    },
    send: (content) => model.send(content),
  };
}
