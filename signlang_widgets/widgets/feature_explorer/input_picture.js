// The image, large, under a brush: paint, bring back, cover, shift; and a sweep of the cover over all of it.

import { button, choice, keepKeys, leaveToNotebook, make, setIdle } from "../common/controls.js";
import { filled, meanOf, shifted, showPicture, stroked } from "./painting.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./feature_store.js").FeatureStore} FeatureStore */
/** @typedef {"paint" | "erase" | "cover" | "shift"} Tool */
/** @typedef {Uint8Array<ArrayBuffer>} Pixels */
/** @typedef {{row: number, column: number}} Cell */

/** @type {[Tool, string, string][]} */
const TOOLS = [
  ["paint", "Paint", "Paint over the image"],
  ["erase", "Erase", "Erase the paint: bring the original pixels back"],
  ["cover", "Cover", "Cover a square with the image's mean grey"],
  ["shift", "Shift", "Drag the whole image; at its edges the last pixels repeat"],
];

/** @type {Record<string, [number, number]>} */
const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const INKS = /** @type {[string, string][]} */ ([
  ["255", "White"],
  ["128", "Grey"],
  ["0", "Black"],
]);

/** @param {number} at @param {number} side */
function inside(at, side) {
  return Math.max(0, Math.min(side - 1, at));
}

export class InputPicture {
  /** @param {View} view @param {FeatureStore} store @param {{say: (text: string, problem?: boolean) => void, sweep: (size: number) => void}} hand */
  constructor(view, store, hand) {
    this.store = store;
    this.painted = store.painted;
    this.hand = hand;
    const { height, width } = this.painted.size;
    /** @type {Tool} */
    this.tool = "paint";
    this.sides = { paint: 2, erase: 3, cover: Math.max(2, Math.round(Math.min(height, width) / 4)), shift: 1 };
    this.ink = 255;
    /** @type {Cell} */
    this.cursor = { row: Math.floor(height / 2), column: Math.floor(width / 2) };
    /** @type {{from: Cell, last: Cell, pixels: Pixels} | null} */
    this.drag = null;
    this.canvas = make("canvas", { class: "slw-fx-input", role: "application", tabIndex: 0, "aria-label": "" });
    this.brushBox = make("div", { class: "slw-fx-brush", hidden: true });
    this.windowBox = make("div", { class: "slw-window", hidden: true });
    this.second = new SecondPicture();
    this.spokenLine = make("div", { class: "slw-spoken", role: "status" });
    this.tools = TOOLS.map(([name, words, title]) => button(view, name, words, () => this.take(name), title));
    const most = String(Math.floor(Math.min(height, width) / 2));
    this.size = make("input", { type: "range", min: "1", max: most, "aria-label": "Side of the brush in pixels" });
    this.sizeWords = make("output", {});
    this.inks = choice(view, "paint", "Ink", INKS, (value) => {
      this.ink = Number(value);
    });
    this.undo = button(view, "undo_paint", "Undo", () => store.go(-1), "Undo the last stroke");
    const untouch = () => store.paint(this.painted.origin);
    this.restore = button(view, "restore", "Restore", untouch, "Show the untouched image again");
    const slide = "Slide the cover over the whole image and map how far the score falls";
    this.sweep = button(view, "sweep", "Sweep the cover", () => hand.sweep(this.sides.cover), slide);
    this.el = this.lay();
    this.listen(view);
  }

  lay() {
    const frame = make("div", { class: "slw-frame slw-fx-paper" }, this.canvas, this.brushBox, this.windowBox);
    const row = (/** @type {HTMLElement[]} */ ...parts) => make("div", { class: "slw-fx-tools" }, ...parts);
    return make(
      "section",
      { class: "slw-fx-left", "aria-label": "Image" },
      make("div", { class: "slw-fx-pair" }, frame, this.second.el),
      make("div", { class: "slw-fx-tools", role: "group", "aria-label": "Tool" }, ...this.tools),
      row(make("label", { class: "slw-choice" }, "Size", this.size, this.sizeWords), this.inks.label),
      row(this.undo, this.restore, this.sweep),
      this.spokenLine,
    );
  }

  /** @param {View} view */
  listen(view) {
    const { canvas } = this;
    view.on(canvas, "pointerdown", (event) => this.press(event));
    view.on(canvas, "pointermove", (event) => this.move(event));
    for (const type of ["pointerup", "pointercancel"])
      view.on(canvas, type, () => {
        this.drag = null;
        this.refresh();
      });
    view.on(canvas, "pointerleave", () => this.drag || this.brush(false));
    view.on(canvas, "blur", () => this.brush(false));
    view.on(canvas, "keydown", (event) => this.key(event));
    keepKeys(view, canvas);
    view.on(this.size, "input", () => {
      this.sides[this.tool] = Number(this.size.value);
      this.refresh();
    });
    view.cleanup(this.store.source.watch(() => this.refresh()));
  }

  /** @param {Tool} name */
  take(name) {
    this.tool = name;
    this.refresh();
  }

  refresh() {
    const { tool, sides, inks, painted } = this;
    const away = !this.store.source.ready;
    for (const [i, [name]] of TOOLS.entries()) this.tools[i].setAttribute("aria-pressed", String(name === tool));
    this.size.value = String(sides[tool]);
    this.size.disabled = tool === "shift" || away;
    this.sizeWords.textContent = `${sides[tool]} px`;
    inks.select.disabled = tool !== "paint" || away || inks.label.hasAttribute("data-locked");
    for (const el of [...this.tools, this.sweep]) setIdle(el, away);
    setIdle(this.undo, away || !painted.history.canUndo());
    setIdle(this.restore, away || painted.pixels === painted.origin);
    const keys = tool === "shift" ? "Arrow keys shift it." : `Arrow keys move, Space uses ${tool}.`;
    const { height, width } = painted.size;
    this.canvas.setAttribute("aria-label", `The image, ${height} by ${width} pixels. ${keys}`);
    this.brush();
  }

  get usable() {
    const at = TOOLS.findIndex(([name]) => name === this.tool);
    return this.store.source.ready && !this.tools[at].hasAttribute("data-locked");
  }

  /** @param {PointerEvent} event @returns {Cell} */
  cellAt(event) {
    const { height, width } = this.painted.size;
    const box = this.canvas.getBoundingClientRect();
    return {
      row: inside(Math.floor(((event.clientY - box.top) / box.height) * height), height),
      column: inside(Math.floor(((event.clientX - box.left) / box.width) * width), width),
    };
  }

  /** What the tool makes of the picture as it was when the hand came down. @param {Cell} to */
  apply(to) {
    const { drag, painted, store, tool } = this;
    if (!drag) return;
    const { from, last, pixels } = drag;
    const square = { ...to, side: this.sides[tool] };
    const source = tool === "paint" ? this.ink : painted.origin;
    if (tool === "cover") store.paint(filled(pixels, painted.size, square, meanOf(painted.origin)), drag);
    else if (tool === "shift") this.shift(pixels, to.row - from.row, to.column - from.column, drag);
    else store.paint(stroked(painted.pixels, painted.size, last, to, this.sides[tool], source), drag);
    drag.last = to;
  }

  /** @param {Pixels} pixels @param {number} down @param {number} right @param {unknown} gesture */
  shift(pixels, down, right, gesture) {
    this.store.paint(shifted(pixels, this.painted.size, down, right), gesture);
  }

  /** @param {Cell} cell */
  grab(cell) {
    this.drag = { from: cell, last: cell, pixels: this.painted.pixels };
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0) return;
    const why = this.store.source.ready ? "This tool is locked." : "Painting needs Python: run the cell.";
    if (!this.usable) return this.hand.say(why, true);
    this.canvas.setPointerCapture(event.pointerId);
    this.cursor = this.cellAt(event);
    this.grab(this.cursor);
    if (this.tool !== "shift") this.apply(this.cursor);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const cell = this.cellAt(event);
    const { row, column } = this.cursor;
    if (cell.row === row && cell.column === column && !this.brushBox.hidden) return;
    this.cursor = cell;
    this.brush(true);
    this.apply(cell);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = KEYS[event.key];
    const undoing = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    if (event.key === "Escape") return leaveToNotebook(this.canvas);
    if ((!step && event.key !== " " && !undoing) || !this.usable) return;
    event.preventDefault();
    if (undoing) return this.store.go(event.shiftKey ? 1 : -1);
    if (step && this.tool === "shift") this.shift(this.painted.pixels, step[0], step[1], null);
    else if (step) this.walk(step);
    else this.dab();
  }

  /** @param {[number, number]} step */
  walk([down, right]) {
    const { height, width } = this.painted.size;
    const [row, column] = [inside(this.cursor.row + down, height), inside(this.cursor.column + right, width)];
    this.cursor = { row, column };
    this.brush(true);
    this.spokenLine.textContent = `row ${row}, column ${column}: grey ${this.painted.pixels[row * width + column]}`;
  }

  dab() {
    this.grab(this.cursor);
    this.apply(this.cursor);
    this.drag = null;
    this.spokenLine.textContent = `${this.tool} at row ${this.cursor.row}, column ${this.cursor.column}`;
  }

  /** Shows which pixels the tool would meet. @param {boolean} [shown] */
  brush(shown = !this.brushBox.hidden) {
    this.brushBox.hidden = !shown || this.tool === "shift";
    const side = this.sides[this.tool];
    const before = Math.floor((side - 1) / 2);
    this.put(this.brushBox, [this.cursor.row - before, this.cursor.column - before, side, side]);
  }

  /** @param {HTMLElement} box @param {number[]} place top, left, height, width in pixels of the image */
  put(box, [top, left, tall, wide]) {
    const { height, width } = this.painted.size;
    const percent = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
    Object.assign(box.style, { top: percent(top, height), left: percent(left, width) });
    Object.assign(box.style, { height: percent(tall, height), width: percent(wide, width) });
  }

  show() {
    showPicture(this.canvas, this.painted.pixels, this.painted.size);
    this.refresh();
  }

  /** The second image beside the first. @param {number | null} image @param {Pixels | null} pixels */
  beside(image, pixels) {
    this.second.show(image, pixels, this.painted.size);
  }

  /** Outlines what a first-layer number was made of. @param {number[] | null} window top, left, height, width */
  outline(window) {
    this.windowBox.hidden = !window;
    if (window) this.put(this.windowBox, window);
  }
}

/** The image that the first is compared with. */
class SecondPicture {
  constructor() {
    this.canvas = make("canvas", { class: "slw-fx-other", role: "img" });
    this.words = make("figcaption", {});
    const frame = make("div", { class: "slw-frame" }, this.canvas);
    this.el = make("figure", { class: "slw-fx-paper", hidden: true }, frame, this.words);
  }

  /** @param {number | null} image @param {Pixels | null} pixels @param {import("./painting.js").Size} size */
  show(image, pixels, size) {
    this.el.hidden = !pixels;
    if (!pixels) return;
    showPicture(this.canvas, pixels, size);
    this.words.textContent = `less image ${image}`;
    this.canvas.setAttribute("aria-label", `Image ${image}, the second one`);
  }
}
