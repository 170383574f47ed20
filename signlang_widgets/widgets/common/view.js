// What every widget's view shares: one root element, one clean-up, errors that can be read.

import { keepKeys, leaveToNotebook } from "./controls.js";
import { SharedModel } from "./shared_model.js";
import { followTheme } from "./theme.js";

/** @typedef {import("./shared_model.js").Model} Model */
/** @typedef {import("./shared_model.js").View} View */

/**
 * What a widget file exports: `start` runs once a model and returns what its views share, `draw` once a view.
 *
 * Jupyter loads the script anew for each model; a page of its own (and MyST) loads it once for all of them. And Jupyter hands
 * out another proxy of the model at each call, but always the same layout. So what views share is found by either.
 * @template T
 * @param {string} stem @param {{start?: (model: Model) => T, draw: (view: View, shared: T) => void}} parts
 */
export function defineWidget(stem, { start, draw }) {
  /** @type {WeakMap<object, {model: SharedModel, shared: T}>} */
  const begun = new WeakMap();
  /** @param {Model} model */
  const begin = (model) => {
    const key = model.get("layout") ?? model;
    const known = begun.get(key);
    if (known) return known;
    const own = new SharedModel(model);
    const entry = { model: own, shared: /** @type {T} */ (start?.(own)) };
    begun.set(key, entry);
    return entry;
  };
  return {
    /** @param {{model: Model}} context */
    initialize({ model }) {
      begin(model);
    },
    /** @param {{model: Model, el: HTMLElement}} context */
    render({ model, el }) {
      const entry = begin(model);
      const { view, dispose } = openView(stem, entry.model, el);
      try {
        draw(view, entry.shared);
      } catch (error) {
        view.root.textContent = `This widget could not be drawn (${error}). Run its cell again; if it stays, please report it.`;
        console.error(error);
      }
      return dispose;
    },
  };
}

/** @param {string} stem @param {SharedModel} model @param {HTMLElement} el */
function openView(stem, model, el) {
  const root = el.appendChild(document.createElement("div"));
  root.className = `slw slw-${stem}`;
  const ending = new AbortController();
  const cleanups = [() => model.flush()];
  /** @type {View} */
  const view = {
    model,
    root,
    send: () => model.save_changes(),
    on: (target, type, listener, options) =>
      target.addEventListener(type, listener, { ...options, signal: ending.signal }),
    follow(names, callback) {
      const events = names.split(" ").map((name) => `change:${name}`);
      for (const event of events) model.on(event, callback);
      cleanups.push(() => {
        for (const event of events) model.off(event, callback);
      });
    },
    cleanup: (callback) => cleanups.push(callback),
  };
  // On the element around the view, so that every key is the widget's own before it is the notebook's.
  view.on(el, "keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && !event.defaultPrevented) leaveToNotebook(/** @type {HTMLElement} */ (event.target));
  });
  keepKeys(view, el);
  followTheme(view);
  const dispose = () => {
    ending.abort();
    for (const cleanup of cleanups) cleanup();
    root.remove();
  };
  return { view, dispose };
}

/**
 * Calls `redraw` when the theme, the size or the visibility of the view changes: what is on a canvas may be lost or wrong then.
 * @param {View} view @param {(reason: "theme" | "size" | "seen") => void} redraw
 */
export function watchSurroundings(view, redraw) {
  view.on(view.root, "slw-theme", () => redraw("theme"));
  const sizes = new ResizeObserver(() => redraw("size"));
  sizes.observe(view.root);
  const sight = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && redraw("seen"));
  sight.observe(view.root);
  for (const observer of [sizes, sight]) view.cleanup(() => observer.disconnect());
}
