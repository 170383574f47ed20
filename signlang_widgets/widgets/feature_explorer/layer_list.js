// The layers in the order in which they work: each with a small picture of all its maps, its shape and its size.

import { keepKeys, make } from "../common/controls.js";
import { colourTile, layerEnds, scaleOf } from "./feature_maps.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./feature_maps.js").Layer} Layer */

const MOST_CELLS_SHOWN = 90_000;

/**
 * @param {View} view @param {(name: string) => void} choose
 */
export function layerList(view, choose) {
  /** @type {{name: string, type: string, shape: number[], parameters: number}[]} */
  const layers = view.model.get("layers");
  const el = make("div", {
    class: "slw-fx-layers",
    role: "radiogroup",
    "aria-label": "Layer",
    "data-control": "layers",
  });
  const cards = layers.map(({ name, type, shape, parameters }) => {
    const canvas = make("canvas", { "aria-hidden": "true" });
    const sides = shape.join("\u00d7");
    const count = parameters ? `${parameters.toLocaleString("en")} parameters` : "no parameters";
    const card = make(
      "button",
      { type: "button", class: "slw-fx-layer", role: "radio", title: `${name || type}: ${count}` },
      make("span", { class: "slw-fx-thumb" }, canvas),
      make("span", {}, type),
      make("small", {}, sides),
      make("small", {}, parameters ? `${parameters.toLocaleString("en")} par.` : "\u2013"),
    );
    card.setAttribute("aria-label", `${name || type}, ${type}, ${sides}, ${count}`);
    view.on(card, "click", () => choose(name));
    return { name, card, canvas };
  });
  el.append(...cards.map(({ card }) => card));
  view.on(el, "keydown", (event) => {
    const at = cards.findIndex(({ card }) => card === document.activeElement);
    const to = {
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      Home: 0,
      End: cards.length - 1,
    }[/** @type {string} */ (event.key)];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = cards[Math.max(0, Math.min(cards.length - 1, to))];
    if (next.card.disabled) return;
    choose(next.name);
    next.card.focus();
  });
  keepKeys(view, el);
  /** @type {string | null} */
  let marked = null;
  /** Scrolls the row alone, never the page. @param {HTMLElement} card */
  const bring = (card) => {
    const [left, right] = [card.offsetLeft - el.offsetLeft, card.offsetLeft - el.offsetLeft + card.offsetWidth];
    if (left < el.scrollLeft) el.scrollLeft = left - 4;
    else if (right > el.scrollLeft + el.clientWidth) el.scrollLeft = right + 4 - el.clientWidth;
  };
  return {
    el,
    /** @param {string} chosen */
    mark(chosen) {
      if (chosen === marked) return;
      marked = chosen;
      for (const { name, card } of cards) {
        card.setAttribute("aria-checked", String(name === chosen));
        card.tabIndex = name === chosen ? 0 : -1;
        if (name === chosen) bring(card);
      }
    },
    /** Paints every layer's small picture. @param {Map<string, Layer>} found @param {{signed: Int32Array, unsigned: Int32Array}} colours */
    paint(found, colours) {
      for (const { name, canvas } of cards) {
        const layer = found.get(name);
        canvas.hidden = !layer;
        if (layer) paintWhole(canvas, layer, colours);
      }
    },
  };
}

/** All maps of a layer side by side, a canvas pixel a cell. @param {HTMLCanvasElement} canvas @param {Layer} layer @param {{signed: Int32Array, unsigned: Int32Array}} colours */
function paintWhole(canvas, layer, { signed, unsigned }) {
  const { rows, columns } = layer;
  const count = Math.max(1, Math.min(layer.count, Math.floor(MOST_CELLS_SHOWN / (rows * columns))));
  const across = Math.max(1, Math.round(Math.sqrt((count * rows * 1.3) / columns)));
  const [width, height] = [across * columns, Math.ceil(count / across) * rows];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(width, height);
  const out = new Int32Array(picture.data.buffer);
  const ends = layerEnds(layer);
  const { low, high } = scaleOf("layer", ends, ends, ends);
  const map = low < 0 ? signed : unsigned;
  for (let tile = 0; tile < count; tile++) {
    const at = Math.floor(tile / across) * rows * width + (tile % across) * columns;
    colourTile({ out, at, across: width }, layer, tile, { low, high }, map);
  }
  context.putImageData(picture, 0, 0);
}
