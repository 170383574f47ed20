// Photographs above, what the kernel makes of them below; the window behind an output pixel is outlined.

import { make } from "../common/controls.js";
import { unpacked } from "../common/wire.js";
import { extent, greyMap, paint } from "../drawing/colours.js";
import { shown, spoken } from "../drawing/numbers.js";
import { crossCorrelate, flipped, planeOf, windowOf } from "../drawing/ops.js";

/** @typedef {import("../common/view.js").View} View */

/**
 * @typedef {{
 *   input: HTMLCanvasElement, output: HTMLCanvasElement, above: HTMLElement, below: HTMLElement, note: HTMLElement,
 *   windowBox: HTMLElement, pixelBox: HTMLElement, plane: import("../drawing/ops.js").Planes, name: string,
 * }} Picture
 */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class FilteredPictures {
  /**
   * @param {View} view
   * @param {(index: number, row: number, column: number) => void} explain called when another pixel is looked at
   */
  constructor(view, explain) {
    this.model = view.model;
    this.explain = explain;
    /** @type {{shape: number[], dtype: string}} */
    const { shape, dtype } = this.model.get("images");
    this.count = shape[0];
    this.height = shape[1];
    this.width = shape[2];
    this.unit = dtype === "uint8" ? 255 : 1;
    this.grey = greyMap();
    this.look = { index: 0, row: -1, column: -1, pinned: false };
    /** @type {{data: Float64Array, height: number, width: number}[]} */
    this.outputs = [];
    this.spokenLine = make("div", { class: "slw-spoken", role: "status" });
    this.el = make("div", { class: "slw-pictures" }, this.spokenLine);
    this.scopeWords = this.count === 1 ? "scale of the one image" : `one scale for all ${this.count} images`;
    this.pictures = this.makePictures();
    for (const i of this.pictures.keys()) this.listen(view, i);
  }

  makePictures() {
    const { count, height, width } = this;
    const numbers = unpacked(this.model.get("images"));
    return Array.from({ length: count }, (_, i) => {
      const data = numbers.subarray(i * height * width, (i + 1) * height * width);
      const picture = makePicture(this.model.get("names")[i], { data, channels: 1, height, width });
      const caption = make("figcaption", {}, picture.name, picture.note);
      this.el.append(make("figure", { class: "slw-picture" }, picture.above, picture.below, caption));
      size(picture.input, height, width);
      return picture;
    });
  }

  /** The kernel as it is laid on. */
  get kernel() {
    const kernel = planeOf(this.model.get("kernel"));
    return this.model.get("flip") ? flipped(kernel) : kernel;
  }

  /** @param {View} view @param {number} index */
  listen(view, index) {
    const { output } = this.pictures[index];
    view.on(output, "pointermove", (event) => this.look.pinned || this.moveTo(index, ...this.pixelAt(index, event)));
    view.on(output, "click", (event) => this.click(index, event));
    view.on(output, "focus", () => this.look.pinned || this.moveTo(index, this.look.row, this.look.column));
    view.on(output, "keydown", (event) => this.press(index, event));
  }

  /** @param {number} index @param {PointerEvent} event @returns {[number, number]} */
  pixelAt(index, event) {
    const box = this.pictures[index].output.getBoundingClientRect();
    const { height, width } = this.outputs[index];
    const row = Math.floor(((event.clientY - box.top) / box.height) * height);
    return [row, Math.floor(((event.clientX - box.left) / box.width) * width)];
  }

  /** @param {number} index @param {PointerEvent} event */
  click(index, event) {
    const [row, column] = this.pixelAt(index, event);
    const { look } = this;
    const again = look.pinned && look.index === index && look.row === row && look.column === column;
    this.moveTo(index, row, column);
    this.pin(!again);
  }

  /** @param {number} index @param {KeyboardEvent} event */
  press(index, event) {
    const { look, width } = this;
    const step = { ...ARROWS, Home: [0, -width], End: [0, width] }[event.key];
    if (step) this.moveTo(index, look.row + step[0], look.column + step[1], true);
    else if (event.key === "Enter") this.pin(!look.pinned);
    else if (event.key === "Escape" && look.pinned) this.pin(false);
    else return;
    event.preventDefault();
  }

  /** @param {boolean} pinned */
  pin(pinned) {
    this.look.pinned = pinned;
    this.say(pinned ? "Pinned: this pixel stays. Escape lets go." : "Let go: the window follows again.");
    this.outline();
  }

  /** @param {string} words */
  say(words) {
    this.spokenLine.textContent = words;
  }

  /** @param {number} index @param {number} row @param {number} column @param {boolean} [aloud] */
  moveTo(index, row, column, aloud = false) {
    const { look } = this;
    const { height, width, data } = this.outputs[index];
    Object.assign(look, { index, row: clamp(row, height), column: clamp(column, width) });
    this.outline();
    this.explain(index, look.row, look.column);
    const value = data[look.row * width + look.column] / this.unit;
    const { name } = this.pictures[index];
    if (aloud) this.say(`${name}, row ${look.row + 1}, column ${look.column + 1}: ${spoken(value, 4)}`);
  }

  outline() {
    const { look, height, width } = this;
    const side = this.model.get("kernel").length;
    this.pictures.forEach(({ windowBox, pixelBox, below }, i) => {
      windowBox.hidden = pixelBox.hidden = i !== look.index;
      if (i !== look.index) return;
      below.classList.toggle("slw-pinned", look.pinned);
      placeBox(windowBox, look.row, look.column, side, height, width);
      placeBox(pixelBox, look.row, look.column, 1, this.outputs[i].height, this.outputs[i].width);
    });
  }

  /** Filters and paints every picture; returns the largest absolute value. @param {Int32Array} map */
  redraw(map) {
    const { kernel, model, unit, pictures } = this;
    const relu = model.get("relu");
    this.outputs = pictures.map(({ plane }) => crossCorrelate(plane, kernel));
    const limits = this.outputs.map(({ data }) => extent(data));
    const most = Math.max(...limits);
    const shared = model.get("scale") === "shared";
    this.outputs.forEach((out, i) => {
      const limit = (shared ? most : limits[i]) || 1;
      const values = relu ? out.data.map((v) => Math.max(0, v)) : out.data;
      paint(pictures[i].output, values, -limit, limit, map, out.width, out.height);
      size(pictures[i].output, out.height, out.width);
      pictures[i].note.textContent = shared ? "" : ` \u00b1${shown(limit / unit)}`;
    });
    return most / unit;
  }

  /** Paints the photographs, at whole screen pixels a pixel, 3 at least. */
  fit() {
    const { unit, grey, width, height } = this;
    for (const { input, plane } of this.pictures) paint(input, plane.data, 0, unit, grey, width, height);
    const room = this.el.clientWidth || 560;
    const abreast = Math.min(this.count, 5);
    const side = Math.floor((room - 8 * abreast) / abreast / width);
    this.el.style.setProperty("--pixel", `${Math.max(3, Math.min(5, side))}px`);
  }

  explainAgain() {
    const { look } = this;
    const { height, width } = this.outputs[look.index];
    if (look.row < 0) Object.assign(look, { row: Math.floor(height / 2), column: Math.floor(width / 2) });
    this.moveTo(look.index, look.row, look.column);
  }

  /** What stands under the window of an output pixel. @param {number} index @param {number} row @param {number} column */
  windowAt(index, row, column) {
    const { kernel } = this;
    const cells = windowOf(this.pictures[index].plane, 0, row, column, kernel.height, kernel.width);
    return { cells: /** @type {number[]} */ (cells), kernel: Array.from(kernel.data) };
  }
}

/** Tells the style sheet how many pixels to make room for. @param {HTMLElement} canvas @param {number} rows @param {number} columns */
function size(canvas, rows, columns) {
  canvas.style.setProperty("--rows", String(rows));
  canvas.style.setProperty("--columns", String(columns));
}

/** @param {number} value @param {number} length */
function clamp(value, length) {
  return Math.max(0, Math.min(length - 1, value));
}

/**
 * @param {string} name @param {import("../drawing/ops.js").Planes} plane
 * @returns {Picture}
 */
function makePicture(name, plane) {
  const input = make("canvas", { role: "img", "aria-label": `${name}, the image` });
  const output = make("canvas", {
    role: "application",
    tabIndex: 0,
    "aria-label": `${name}, filtered. Arrow keys move the window, Enter pins it.`,
  });
  const [windowBox, pixelBox] = [make("div", { class: "slw-window" }), make("div", { class: "slw-window" })];
  const above = make("div", { class: "slw-frame" }, input, windowBox);
  const below = make("div", { class: "slw-frame" }, output, pixelBox);
  return { input, output, above, below, windowBox, pixelBox, plane, name, note: make("small") };
}

/**
 * @param {HTMLElement} box @param {number} row @param {number} column @param {number} side @param {number} rows @param {number} columns
 */
function placeBox(box, row, column, side, rows, columns) {
  const percent = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
  Object.assign(box.style, {
    top: percent(row, rows),
    left: percent(column, columns),
    height: percent(side, rows),
    width: percent(side, columns),
  });
}
