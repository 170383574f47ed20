// The layers in the order in which they work: each with a small picture of all its maps, its shape and its size.

import { keepKeys, make } from "../common/controls.js";
import { colourTile, layerEnds, scaleOf } from "./feature_maps.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./feature_maps.js").Layer} Layer */

const MOST_CELLS_SHOWN = 90_000;

/** @typedef {{name: string, type: string, shape: number[], parameters: number}} LayerFacts */

export class LayerList {
  /** @param {View} view @param {(name: string) => void} choose */
  constructor(view, choose) {
    this.choose = choose;
    const names = { class: "slw-fx-layers", role: "radiogroup", "aria-label": "Layer", "data-control": "layers" };
    this.el = make("div", names);
    /** @type {LayerFacts[]} */
    const layers = view.model.get("layers");
    this.cards = layers.map((facts) => cardOf(facts));
    for (const { name, card } of this.cards) view.on(card, "click", () => choose(name));
    this.el.append(...this.cards.map(({ card }) => card));
    view.on(this.el, "keydown", (event) => this.press(event));
    keepKeys(view, this.el);
    /** @type {string | null} */
    this.marked = null;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const at = this.cards.findIndex(({ card }) => card === document.activeElement);
    const last = this.cards.length - 1;
    const [back, forth] = [at - 1, at + 1];
    const places = { ArrowLeft: back, ArrowUp: back, ArrowRight: forth, ArrowDown: forth, Home: 0, End: last };
    const to = places[/** @type {keyof typeof places} */ (event.key)];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = this.cards[Math.max(0, Math.min(last, to))];
    if (next.card.disabled) return;
    this.choose(next.name);
    next.card.focus();
  }

  /** @param {string} chosen */
  mark(chosen) {
    if (chosen === this.marked) return;
    this.marked = chosen;
    for (const { name, card } of this.cards) {
      card.setAttribute("aria-checked", String(name === chosen));
      card.tabIndex = name === chosen ? 0 : -1;
      if (name === chosen) this.bring(card);
    }
  }

  /** Scrolls the row alone, never the page. @param {HTMLElement} card */
  bring(card) {
    const { el } = this;
    const [left, right] = [card.offsetLeft - el.offsetLeft, card.offsetLeft - el.offsetLeft + card.offsetWidth];
    if (left < el.scrollLeft) el.scrollLeft = left - 4;
    else if (right > el.scrollLeft + el.clientWidth) el.scrollLeft = right + 4 - el.clientWidth;
  }

  /** Paints every layer's small picture. @param {Map<string, Layer>} found @param {{signed: Int32Array, unsigned: Int32Array}} colours */
  paint(found, colours) {
    for (const { name, canvas } of this.cards) {
      const layer = found.get(name);
      canvas.hidden = !layer;
      if (layer) paintWhole(canvas, layer, colours);
    }
  }
}

/** @param {LayerFacts} facts */
function cardOf({ name, type, shape, parameters }) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  const sides = shape.join("\u00d7");
  const number = parameters.toLocaleString("en");
  const count = parameters ? `${number} parameters` : "no parameters";
  const card = make(
    "button",
    { type: "button", class: "slw-fx-layer", role: "radio", title: `${name || type}: ${count}` },
    make("span", { class: "slw-fx-thumb" }, canvas),
    make("span", {}, type),
    make("small", {}, sides),
    make("small", {}, parameters ? `${number} par.` : "\u2013"),
  );
  card.setAttribute("aria-label", `${name || type}, ${type}, ${sides}, ${count}`);
  return { name, card, canvas };
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
