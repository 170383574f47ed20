// A square of numbers that can be typed, nudged, dragged and pasted. It knows nothing of images or models.

import { focusedAround, leaveToNotebook, make } from "../common/controls.js";
import { fitted, matrixOf, parsed, shown, spoken } from "../drawing/numbers.js";
import { dragSideways } from "./drag.js";

/** @typedef {import("../common/view.js").View} View */

/**
 * What the grid asks for. Changes with the same gesture belong together: one step of undo.
 * @typedef {{
 *   change: (row: number, column: number, value: number, gesture: object | null) => void,
 *   paste: (rows: number[][]) => void, problem: (text: string) => void, undo: () => void, redo: () => void,
 * }} Hand
 */

const MINUS_WAITS = 1500; // milliseconds in which a digit after "-" makes a negative number of it
const UNFINISHED = /^\s*[-+\u2212]?(\d+\/|[.,])?\s*$/;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class KernelGrid {
  /** @param {View} view @param {Hand} hand */
  constructor(view, hand) {
    this.hand = hand;
    this.el = make("div", { class: "slw-kernel-grid", role: "grid", "aria-label": "Kernel", "data-control": "grid" });
    /** @type {number[][]} */
    this.kernel = [];
    /** @type {HTMLInputElement[][]} */
    this.cells = [];
    /** The cell whose text is being typed: `caret` when arrows move inside the text. */
    this.typing = { cell: /** @type {HTMLInputElement | null} */ (null), before: 0, caret: false, gesture: {} };
    this.minus = { at: Number.NEGATIVE_INFINITY, before: 0 };
    view.on(this.el, "focusin", ({ target }) => this.enter(target));
    view.on(this.el, "focusout", () => this.settle());
    view.on(this.el, "input", ({ target }) => this.type(target));
    view.on(this.el, "keydown", (event) => this.press(event));
    view.on(this.el, "paste", (event) => this.paste(event));
    view.on(this.el, "dblclick", ({ target }) => target instanceof HTMLInputElement && this.toggleCaret(target));
    dragSideways(view, this.el, {
      begin: (cell) => {
        this.settle();
        return this.valueAt(cell);
      },
      editing: (cell) => this.typing.cell === cell,
      step: () => this.step() / 10,
      change: (cell, value, gesture) => this.change(cell, value, gesture),
    });
  }

  /** Shows a kernel, except where the same number is just being typed. @param {number[][]} kernel */
  show(kernel) {
    const resized = kernel.length !== this.kernel.length;
    this.kernel = kernel;
    const at = resized ? this.whereIs(focusedAround(this.el)) : null;
    if (resized) this.build();
    if (at) this.focus(...at);
    for (const cell of this.cells.flat()) if (!this.isBeingTyped(cell)) this.showCell(cell);
    this.el.style.fontSize = this.cells.flat().some(({ value }) => value.length > 5) ? "12px" : "";
  }

  /** Whether the text in a cell is half a number, or this very number written by hand. @param {HTMLInputElement} cell */
  isBeingTyped(cell) {
    const value = parsed(cell.value);
    return cell === this.typing.cell && (value === null || value === this.valueAt(cell));
  }

  /** @param {(value: number) => {background: string, ink: string}} tint */
  colour(tint) {
    for (const cell of this.cells.flat()) {
      const { background, ink } = tint(this.valueAt(cell));
      Object.assign(cell.style, { background, color: ink });
    }
  }

  build() {
    const middle = (this.kernel.length - 1) / 2;
    this.cells = this.kernel.map((line, row) => line.map((_, column) => this.makeCell(row, column)));
    this.el.style.setProperty("--side", String(this.kernel.length));
    const inCell = (/** @type {HTMLInputElement} */ cell) => make("div", { role: "gridcell" }, cell);
    this.el.replaceChildren(...this.cells.map((line) => make("div", { role: "row" }, ...line.map(inCell))));
    this.cells[middle][middle].tabIndex = 0;
  }

  /** @param {number} row @param {number} column */
  makeCell(row, column) {
    const label = `row ${row + 1}, column ${column + 1}`;
    const cell = make("input", { type: "text", inputMode: "decimal", role: "spinbutton", "aria-label": label });
    Object.assign(cell, { autocomplete: "off", tabIndex: -1, readOnly: this.el.hasAttribute("data-locked") });
    Object.assign(cell.dataset, { row, column });
    return cell;
  }

  /** @param {HTMLInputElement} cell */
  showCell(cell) {
    const value = this.valueAt(cell);
    cell.value = fitted(value, this.kernel.length > 5 ? 4 : 6);
    cell.title = cell.readOnly
      ? shown(value)
      : `${shown(value)}. Type, drag sideways (Shift coarse, Alt fine), or press + and -.`;
    cell.removeAttribute("aria-invalid");
    cell.setAttribute("aria-valuenow", String(value));
    cell.setAttribute("aria-valuetext", spoken(value));
  }

  /** @param {Element | null} el @returns {[number, number] | null} */
  whereIs(el) {
    return el instanceof HTMLInputElement && this.el.contains(el) ? this.place(el) : null;
  }

  /** What one press of + changes: 1, or less where all numbers are small. */
  step() {
    const most = Math.max(...this.kernel.flat().map(Math.abs));
    return most > 0 && most < 1 ? 10 ** Math.floor(Math.log10(most)) : 1;
  }

  /** @param {HTMLInputElement} cell @returns {[number, number]} */
  place(cell) {
    return [Number(cell.dataset.row), Number(cell.dataset.column)];
  }

  /** @param {HTMLInputElement} cell */
  valueAt(cell) {
    const [row, column] = this.place(cell);
    return this.kernel[row][column];
  }

  /** @param {HTMLInputElement} cell @param {number} value @param {object | null} gesture */
  change(cell, value, gesture) {
    const [row, column] = this.place(cell);
    if (!cell.readOnly) this.hand.change(row, column, rounded(value), gesture);
  }

  /** Moves the focus, stopping at the edges. @param {number} row @param {number} column */
  focus(row, column) {
    const inside = (/** @type {number} */ i) => Math.max(0, Math.min(this.kernel.length - 1, i));
    this.cells[inside(row)][inside(column)].focus();
  }

  /** @param {HTMLInputElement} cell */
  enter(cell) {
    for (const other of this.cells.flat()) other.tabIndex = other === cell ? 0 : -1;
    cell.select();
  }

  /** Ends typing: the cell shows the kernel's number again. */
  settle() {
    const { cell } = this.typing;
    Object.assign(this.typing, { cell: null, caret: false });
    if (cell?.isConnected) this.showCell(cell);
  }

  /** @param {HTMLInputElement} cell */
  beginTyping(cell) {
    if (this.typing.cell === cell) return;
    Object.assign(this.typing, { cell, before: this.valueAt(cell), gesture: {} });
  }

  /** @param {HTMLInputElement} cell */
  type(cell) {
    this.beginTyping(cell);
    const value = parsed(cell.value);
    const wrong = value === null && !UNFINISHED.test(cell.value);
    if (wrong) cell.setAttribute("aria-invalid", "true");
    else cell.removeAttribute("aria-invalid");
    if (wrong) this.hand.problem(`"${cell.value}" is not a number the kernel can hold. Type one such as -1 or 0.5.`);
    if (value !== null) this.change(cell, value, this.typing.gesture);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const cell = /** @type {HTMLInputElement} */ (event.target);
    const act = this.commandFor(event, cell) ?? this.moveFor(event, cell) ?? this.nudgeFor(event, cell);
    if (act) {
      event.preventDefault();
      act();
    } else this.digitAfterMinus(cell, event);
    if (!["-", "_"].includes(event.key)) this.minus.at = Number.NEGATIVE_INFINITY;
  }

  /** @param {KeyboardEvent} event @param {HTMLInputElement} cell @returns {(() => void) | undefined} */
  commandFor(event, cell) {
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (control && (key === "y" || (key === "z" && event.shiftKey))) return () => this.hand.redo();
    if (control && key === "z") return () => this.hand.undo();
    if (key === "escape") return () => this.cancel(cell);
    if (key === "enter" || key === "f2") return () => this.toggleCaret(cell);
  }

  /** @param {KeyboardEvent} event @param {HTMLInputElement} cell @returns {(() => void) | undefined} */
  moveFor(event, cell) {
    if (this.typing.caret && this.typing.cell === cell) return;
    const [row, column] = this.place(cell);
    const wide = event.ctrlKey || event.metaKey;
    const arrow = ARROWS[event.key];
    if (arrow) return () => this.focus(row + arrow[0], column + arrow[1]);
    if (event.key === "Home") return () => this.focus(wide ? 0 : row, 0);
    if (event.key === "End") return () => this.focus(wide ? this.kernel.length : row, this.kernel.length);
  }

  /** @param {KeyboardEvent} event @param {HTMLInputElement} cell @returns {(() => void) | undefined} */
  nudgeFor(event, cell) {
    if (event.ctrlKey || event.metaKey || this.typing.cell === cell) return;
    const by = { "+": 1, "=": 1, "-": -1, _: -1 }[event.key];
    if (by) return () => this.nudge(cell, by * this.step() * (event.altKey ? 0.1 : 1), event.timeStamp);
  }

  /** @param {HTMLInputElement} cell @param {number} by @param {number} now */
  nudge(cell, by, now) {
    const before = this.valueAt(cell);
    this.change(cell, before + by, null);
    cell.select();
    this.minus = { at: by < 0 ? now : Number.NEGATIVE_INFINITY, before };
  }

  /** A digit soon after "-" was meant as a negative number: take the nudge back and type on. */
  digitAfterMinus(/** @type {HTMLInputElement} */ cell, /** @type {KeyboardEvent} */ event) {
    if (!/^[\d.]$/.test(event.key) || event.timeStamp - this.minus.at > MINUS_WAITS || cell.readOnly) return;
    this.hand.undo();
    this.beginTyping(cell);
    cell.value = "-";
    cell.setSelectionRange(1, 1);
  }

  /** Escape: first takes back what was typed, then gives the keyboard to the notebook. */
  cancel(/** @type {HTMLInputElement} */ cell) {
    if (this.typing.cell !== cell) return leaveToNotebook(cell);
    this.change(cell, this.typing.before, this.typing.gesture);
    this.settle();
    cell.select();
  }

  /** @param {HTMLInputElement} cell */
  toggleCaret(cell) {
    const typing = this.typing.cell === cell;
    if (typing) {
      this.settle();
      cell.select();
    } else {
      this.beginTyping(cell);
      this.typing.caret = true;
      cell.setSelectionRange(cell.value.length, cell.value.length);
    }
  }

  /** A pasted matrix replaces the kernel; one pasted number goes into the cell as if typed. */
  paste(/** @type {ClipboardEvent} */ event) {
    const rows = matrixOf(event.clipboardData?.getData("text") ?? "");
    event.stopPropagation();
    if (!rows) return;
    event.preventDefault();
    if (this.el.hasAttribute("data-locked")) return;
    this.settle();
    this.hand.paste(rows);
  }
}

/** Keeps 0.1 + 0.2 from becoming 0.30000000000000004, and the kernel within bounds. @param {number} value */
function rounded(value) {
  return Math.max(-1e6, Math.min(1e6, Number(value.toPrecision(12)))) || 0;
}
