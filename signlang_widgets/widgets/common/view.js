// What every widget's view shares: one root element, one clean-up, errors that can be read.

import { keepKeys, leaveToNotebook } from "./controls.js";
import { livelyModel } from "./lively_model.js";

/**
 * The part of anywidget's model that the project uses; page.js has a stand-in for pages without a kernel.
 * @typedef {{
 *   get(name: string): any, set(name: string, value: any): void, save_changes(): void,
 *   on(name: string, callback: (...args: any[]) => void): void, off(name?: string | null, callback?: ((...args: any[]) => void) | null): void,
 *   send(content: any): void,
 * }} Model
 */

/**
 * One drawing of a model. `on` and `follow` are undone when the view goes.
 * @typedef {{
 *   model: Model, root: HTMLElement, send: () => void,
 *   on: (target: EventTarget, type: string, listener: (event: any) => void, options?: AddEventListenerOptions) => void,
 *   follow: (names: string, callback: () => void) => void,
 *   cleanup: (callback: () => void) => void,
 * }} View
 */

/**
 * What a widget file exports: `start` runs once a model and returns what its views share, `draw` once a view.
 * @template T
 * @param {string} stem @param {{start?: (model: Model) => T, draw: (view: View, shared: T) => void}} parts
 */
export function defineWidget(stem, { start, draw }) {
  return () => {
    /** @type {T} */
    let shared;
    /** @type {import("./lively_model.js").LivelyModel} */
    let lively;
    return {
      /** @param {{model: Model}} context */
      initialize({ model }) {
        lively = livelyModel(model);
        shared = /** @type {T} */ (start?.(lively));
      },
      /** @param {{el: HTMLElement}} context */
      render({ el }) {
        const { view, dispose } = openView(stem, lively, el);
        try {
          draw(view, shared);
        } catch (error) {
          view.root.textContent = `This widget could not be drawn (${error}). Run its cell again; if it stays, please report it.`;
          console.error(error);
        }
        return dispose;
      },
    };
  };
}

/** @param {string} stem @param {import("./lively_model.js").LivelyModel} model @param {HTMLElement} el */
function openView(stem, model, el) {
  const root = el.appendChild(document.createElement("div"));
  root.className = `slw slw-${stem}`;
  const ending = new AbortController();
  const cleanups = [model.flush];
  /** @type {View} */
  const view = {
    model,
    root,
    send: model.save_changes,
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
  const themes = new MutationObserver(() => redraw("theme"));
  for (const host of [document.documentElement, document.body])
    themes.observe(host, { attributes: true, attributeFilter: ["data-jp-theme-light", "theme", "class"] });
  view.on(matchMedia("(prefers-color-scheme: dark)"), "change", () => redraw("theme"));
  const sizes = new ResizeObserver(() => redraw("size"));
  sizes.observe(view.root);
  const sight = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && redraw("seen"));
  sight.observe(view.root);
  for (const observer of [themes, sizes, sight]) view.cleanup(() => observer.disconnect());
}

/**
 * The numbers of a trait that travels as {shape, dtype, data}: bytes become 0..255, floats stay as they are.
 * @param {{shape: number[], dtype: "uint8" | "float32" | "float64", data: DataView}} array
 */
export function numbersOf({ dtype, data }) {
  const copy = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  if (dtype === "uint8") return new Uint8Array(copy);
  return dtype === "float64" ? new Float64Array(copy) : new Float32Array(copy);
}
