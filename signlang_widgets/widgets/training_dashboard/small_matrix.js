// A small confusion matrix: blue for counts, rows true, columns taken for; hover or arrow keys read a cell.

import { legend, paint, sequentialMap } from "../common/colours.js";
import { leaveToNotebook, make } from "../common/controls.js";
import { unpacked } from "../common/wire.js";

/** @typedef {import("../common/view.js").View} View */

const LONGEST_NAME = 2; // letters that fit beside a row

/** What a cell says. @param {string[]} names @param {ArrayLike<number>} counts @param {number} row @param {number} column */
export function cellWords(names, counts, row, column) {
  const count = counts[row * names.length + column];
  const images = `${count} image${count === 1 ? "" : "s"}`;
  const verdict = row === column ? `true ${names[row]}, read right` : `true ${names[row]}, taken for ${names[column]}`;
  return `${verdict}: ${images} of ${rowSum(counts, names.length, row)}`;
}

/** @param {ArrayLike<number>} counts @param {number} side @param {number} row */
function rowSum(counts, side, row) {
  let sum = 0;
  for (let i = 0; i < side; i++) sum += counts[row * side + i];
  return sum;
}

export class SmallMatrix {
  /** @param {View} view */
  constructor(view) {
    this.canvas = make("canvas", { tabIndex: 0, role: "application", class: "slw-matrix-canvas" });
    this.canvas.setAttribute("aria-label", "Confusion matrix. Arrow keys walk from cell to cell.");
    this.box = make("div", { class: "slw-window", hidden: true });
    this.frame = make("div", { class: "slw-frame slw-matrix-frame" }, this.canvas, this.box);
    this.rows = make("div", { class: "slw-matrix-rows", "aria-hidden": "true" });
    this.columns = make("div", { class: "slw-matrix-columns", "aria-hidden": "true" });
    this.readout = make("p", { class: "slw-chart-reading" });
    this.aloud = make("div", { class: "slw-spoken", role: "status" });
    const scale = make("div");
    this.showScale = legend(scale);
    const grid = make("div", { class: "slw-matrix" }, this.columns, this.rows, this.frame);
    const caption = make("figcaption", {}, "Confusion matrix of the test images (row: true, column: taken for)");
    this.el = make(
      "figure",
      { class: "slw-chart", "data-control": "confusion" },
      caption,
      grid,
      scale,
      this.readout,
      this.aloud,
    );
    /** @type {string[]} */
    this.names = [];
    /** @type {ArrayLike<number> | null} */
    this.counts = null;
    this.at = { row: 0, column: 0, shown: false };
    view.on(this.canvas, "pointermove", (event) => this.hover(event));
    view.on(this.canvas, "pointerdown", (event) => this.hover(event));
    view.on(this.canvas, "pointerleave", (event) => event.pointerType === "mouse" && this.leave()); // a finger that lifts leaves too
    view.on(this.canvas, "blur", () => this.leave());
    view.on(this.canvas, "keydown", (event) => this.press(event));
  }

  /**
   * @param {string[]} names @param {any} table counts as they travel, or null before there are any
   * @param {import("../common/colours.js").Palette} palette @param {string} otherwise what to say without a table
   */
  show(names, table, palette, otherwise) {
    this.label(names);
    this.otherwise = otherwise;
    this.counts = table ? unpacked(table) : null;
    const side = names.length;
    const counts = this.counts ?? new Float32Array(side * side);
    const most = Math.max(1, ...names.map((_, row) => rowSum(counts, side, row)));
    const map = sequentialMap(palette);
    // Square roots: one image in a hundred that is misread still shows.
    paint(this.canvas, Array.from(counts, Math.sqrt), 0, Math.sqrt(most), map, side, side);
    this.showScale({ low: "0", high: String(most), map, words: "images, on a square-root scale" });
    this.say();
  }

  /** @param {string[]} names */
  label(names) {
    if (names === this.names) return;
    this.names = names;
    const short = names.every((name) => name.length <= LONGEST_NAME) && names.length <= 26;
    for (const strip of [this.rows, this.columns])
      strip.replaceChildren(...(short ? names.map((name) => make("span", {}, name)) : []));
    this.el.style.setProperty("--classes", String(names.length));
  }

  /** @param {PointerEvent} event */
  hover(event) {
    const box = this.canvas.getBoundingClientRect();
    const side = this.names.length;
    this.go(
      Math.floor(((event.clientY - box.top) / box.height) * side),
      Math.floor(((event.clientX - box.left) / box.width) * side),
    );
  }

  /** @param {number} row @param {number} column @param {boolean} [aloud] */
  go(row, column, aloud = false) {
    const inside = (/** @type {number} */ i) => Math.max(0, Math.min(this.names.length - 1, i));
    this.at = { row: inside(row), column: inside(column), shown: true };
    this.say();
    if (aloud) this.aloud.textContent = this.readout.textContent;
  }

  leave() {
    this.at.shown = false;
    this.say();
  }

  say() {
    const { row, column, shown } = this.at;
    const visible = shown && this.counts !== null;
    this.box.hidden = !visible;
    this.readout.textContent = this.counts
      ? visible
        ? cellWords(this.names, this.counts, row, column)
        : this.summary()
      : (this.otherwise ?? "");
    const percent = (/** @type {number} */ i) => `${(100 * i) / this.names.length}%`;
    Object.assign(this.box.style, { top: percent(row), left: percent(column), width: percent(1), height: percent(1) });
  }

  /** The commonest mistake. */
  summary() {
    const counts = /** @type {ArrayLike<number>} */ (this.counts);
    const side = this.names.length;
    let worst = -1;
    for (let i = 0; i < side * side; i++) if (i % (side + 1) && counts[i] > (worst < 0 ? 0 : counts[worst])) worst = i;
    if (worst < 0) return "No mistake at all.";
    return `Commonest mistake: ${cellWords(this.names, counts, Math.floor(worst / side), worst % side)}`;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { row, column, shown } = this.at;
    /** @type {Record<string, [number, number]>} */
    const moves = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      Home: [0, -column],
      End: [0, this.names.length],
    };
    const move = moves[event.key];
    const reveal = !shown && event.key.startsWith("Arrow"); // the first arrow shows where the walk begins
    if (move) this.go(row + (reveal ? 0 : move[0]), column + (reveal ? 0 : move[1]), true);
    else if (event.key === "Escape" && shown) this.leave();
    else if (event.key === "Escape") leaveToNotebook(this.canvas);
    else return;
    event.preventDefault();
  }
}
