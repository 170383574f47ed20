// The one confusion matrix of the page: a picture under one focusable grid; the keyboard's cell is spoken.

import { keepKeys, leaveToNotebook, make } from "../common/controls.js";
import { paletteOf, sequentialMap } from "./colours.js";
import { largest } from "./confusion_numbers.js";
import { matrixLayout, paintMatrix } from "./confusion_paint.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./confusion_numbers.js").Pin} Pin */

/** @typedef {import("./confusion_paint.js").Scene} Scene */

/** @type {Record<string, [number, number]>} */
const MOVES = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
  PageUp: [Number.NEGATIVE_INFINITY, 0],
  PageDown: [Number.POSITIVE_INFINITY, 0],
};

export class ConfusionCanvas {
  /**
   * @param {View} view
   * @param {{pin: (pin: Pin | null) => void, words: (pin: Pin) => string, look: (pin: Pin | null, aloud: boolean) => void}} hand
   * @param {string} keys what the keys do, beside the arrows
   */
  constructor(view, hand, keys) {
    this.root = view.root;
    this.hand = hand;
    this.canvas = make("canvas", { "aria-hidden": "true", class: "slw-matrix-canvas" });
    this.boxes = ["hover", "pin", "pin", "cursor"].map((kind) => make("div", { class: `slw-window slw-cm-${kind}` }));
    this.cell = make("div", { role: "gridcell", id: `slw-cm-${Math.random().toString(36).slice(2)}` });
    const row = make("div", { role: "row", class: "slw-spoken" }, this.cell);
    this.el = make(
      "div",
      { class: "slw-cm-grid", role: "grid", tabIndex: 0, "aria-label": `Confusion matrix. Arrow keys move, ${keys}.` },
      this.canvas,
      row,
      ...this.boxes,
    );
    this.row = row;
    this.el.setAttribute("aria-activedescendant", this.cell.id);
    /** @type {Scene | null} */
    this.scene = null;
    this.layout = matrixLayout(0, [], () => 0, false);
    /** The keyboard's place among the classes shown; -1 is a header. */
    this.at = { row: 0, column: 0 };
    this.listen(view);
  }

  /** @param {View} view */
  listen(view) {
    view.on(this.el, "pointermove", (event) => event.pointerType !== "touch" && this.hover(this.placeUnder(event)));
    view.on(this.el, "pointerleave", () => this.hover(null));
    view.on(this.el, "click", (event) => this.choose(this.placeUnder(event), true));
    view.on(this.el, "keydown", (event) => this.press(event));
    view.on(this.el, "focus", () => this.point(this.el.matches(":focus-visible")));
    view.on(this.el, "blur", () => this.point(false));
    keepKeys(view, this.el);
  }

  /** Draws the matrix anew for the room there is; returns what its scale runs to. @param {Scene} scene @param {number} room */
  lay(scene, room) {
    this.scene = scene;
    const names = scene.shown.map((i) => scene.counts.names[i]);
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    const measure = (/** @type {string} */ text, /** @type {string} */ font) => {
      context.font = font;
      return context.measureText(text).width;
    };
    this.layout = matrixLayout(room, names, measure, scene.figures);
    const { left, top, cell } = this.layout;
    const values = scene.counts.values(scene.shown, scene.look);
    const paint = { values, most: largest(values), map: sequentialMap(paletteOf(this.root)), ...inksOf(this.root) };
    paintMatrix(this.canvas, scene, paint, this.layout);
    Object.assign(this.el.dataset, { left, top, cell });
    this.el.setAttribute("aria-rowcount", String(names.length + 1));
    this.el.setAttribute("aria-colcount", String(names.length + 1));
    const last = names.length - 1;
    this.at = { row: Math.min(this.at.row, last), column: Math.min(this.at.column, last) };
    this.point(false);
    this.repin(scene.pinned);
    return { most: paint.most, map: paint.map };
  }

  /** @param {Pin | null} pinned */
  repin(pinned) {
    const scene = /** @type {Scene} */ (this.scene);
    const { look } = scene;
    scene.pinned = pinned;
    const [i, j] = pinned ?? [null, null];
    const both = look.pairs && i !== null && j !== null && i !== j;
    this.outline(1, pinned);
    this.outline(2, both ? [j, i] : null);
  }

  /** @param {number} which @param {Pin | null} pin */
  outline(which, pin) {
    const box = this.boxes[which];
    const { shown } = /** @type {Scene} */ (this.scene);
    const [row, column] = (pin ?? [null, null]).map((i) => (i === null ? null : shown.indexOf(i)));
    box.hidden = !pin || row === -1 || column === -1;
    if (box.hidden) return;
    const { left, top, cell } = this.layout;
    const [y, height] = row === null ? [0, shown.length] : [row, 1];
    const [x, width] = column === null ? [0, shown.length] : [column, 1];
    Object.assign(box.style, {
      left: `${left + x * cell}px`,
      top: `${top + y * cell}px`,
      width: `${width * cell}px`,
      height: `${height * cell}px`,
    });
  }

  /** The cell, row or column under the pointer. @param {PointerEvent} event @returns {Pin | null} */
  placeUnder(event) {
    if (!this.scene) return null;
    const box = this.canvas.getBoundingClientRect();
    const { left, top, cell } = this.layout;
    const column = Math.floor((event.clientX - box.left - left) / cell);
    const row = Math.floor((event.clientY - box.top - top) / cell);
    return this.pinAt(row, column < this.scene.shown.length ? column : -1);
  }

  /** @param {number} row @param {number} column -1 is a header @returns {Pin | null} */
  pinAt(row, column) {
    const { shown } = /** @type {Scene} */ (this.scene);
    const [i, j] = [row, column].map((at) => (at < 0 ? null : shown[at]));
    return i === undefined || j === undefined || (i === null && j === null) ? null : [i, j];
  }

  /** @param {Pin | null} pin */
  hover(pin) {
    this.outline(0, pin);
    this.hand.look(pin, false);
  }

  /** Pins a place, or lets it go when it is pinned already. @param {Pin | null} pin @param {boolean} move the keyboard goes there too */
  choose(pin, move) {
    if (!pin || !this.scene || this.el.hasAttribute("data-locked")) return;
    const [i, j] = pin;
    const { shown, pinned } = this.scene;
    if (move) this.at = { row: i === null ? -1 : shown.indexOf(i), column: j === null ? -1 : shown.indexOf(j) };
    this.point(false);
    this.hand.pin(pinned && pinned[0] === i && pinned[1] === j ? null : pin);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (!this.scene) return;
    const move = MOVES[event.key];
    if (move) this.move(move);
    else if (event.key === "Enter" || event.key === " ") this.choose(this.pinAt(this.at.row, this.at.column), false);
    else if (event.key !== "Escape") return;
    else if (this.scene.pinned && !this.el.hasAttribute("data-locked")) this.hand.pin(null);
    else leaveToNotebook(this.el);
    event.preventDefault();
  }

  /** @param {[number, number]} move */
  move([down, right]) {
    const last = /** @type {Scene} */ (this.scene).shown.length - 1;
    const inside = (/** @type {number} */ at) => Math.max(-1, Math.min(last, at));
    const next = { row: inside(this.at.row + down), column: inside(this.at.column + right) };
    if (next.row < 0 && next.column < 0) next[down ? "row" : "column"] = 0; // the corner holds nothing
    this.at = next;
    this.point(true);
    this.hand.look(this.pinAt(next.row, next.column), true);
  }

  /** Tells where the keyboard is; shows it while the grid has the focus. @param {boolean} moved */
  point(moved) {
    if (!this.scene) return;
    const pin = /** @type {Pin} */ (this.pinAt(this.at.row, this.at.column));
    const { row, column } = this.at;
    this.cell.setAttribute("role", column < 0 ? "rowheader" : row < 0 ? "columnheader" : "gridcell");
    this.row.setAttribute("aria-rowindex", String(row + 2));
    this.cell.setAttribute("aria-colindex", String(column + 2));
    this.cell.textContent = this.hand.words(pin);
    this.outline(3, moved || this.el.matches(":focus-visible") ? pin : null);
  }
}

/** The inks for text on the canvas. @param {Element} root */
function inksOf(root) {
  const probe = root.appendChild(document.createElement("i"));
  const [ink, quiet, line] = ["--slw-ink", "--slw-quiet", "--slw-line"].map((name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return { ink, quiet, line };
}
