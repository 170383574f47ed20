// A page without a kernel: the few lines that stand in for Jupyter's model, so that a widget's own code runs unchanged.

/** Text of the page's state, with bytes as base64. @param {any} value @returns {any} */
function revived(value) {
  if (Array.isArray(value)) return value.map(revived);
  if (value === null || typeof value !== "object") return value;
  if ("$bytes" in value) return new DataView(Uint8Array.from(atob(value.$bytes), (c) => c.charCodeAt(0)).buffer);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, revived(part)]));
}

/** @param {Record<string, any>} state */
function standInModel(state) {
  /** @type {Map<string, Set<(...args: any[]) => void>>} */
  const listeners = new Map();
  return {
    /** @param {string} name */
    get: (name) => state[name],
    /** @param {string} name @param {any} value */
    set(name, value) {
      if (state[name] === value) return;
      state[name] = value;
      for (const callback of [...(listeners.get(`change:${name}`) ?? [])]) callback();
    },
    /** @param {string} event @param {() => void} callback */
    on(event, callback) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(callback));
    },
    /** @param {string} event @param {() => void} callback */
    off: (event, callback) => listeners.get(event)?.delete(callback),
    save_changes() {},
    send() {},
    alone: true,
  };
}

/**
 * Brings every widget of one class on the page to life.
 * @param {string} kind @param {{initialize: (context: any) => void, render: (context: any) => void}} widget
 */
export function showAll(kind, widget) {
  for (const el of document.querySelectorAll(`[data-widget="${kind}"]`)) {
    const model = standInModel(revived(JSON.parse(el.querySelector("script")?.textContent ?? "{}")));
    widget.initialize({ model });
    widget.render({ model, el });
  }
}
