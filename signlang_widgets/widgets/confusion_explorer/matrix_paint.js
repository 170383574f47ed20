// How a confusion matrix of 2 to 200 classes fits into a room, and how it is painted: letters and numbers only where they fit.

import { swatch } from "../common/colours.js";
import { shareWords } from "./confusion_numbers.js";

/**
 * `shown` are class indices; `map` colours 0 to `most`; `recall` and `precision` go by class index.
 * @typedef {{
 *   counts: import("./confusion_numbers.js").Counts, shown: number[], pinned: import("./confusion_numbers.js").Pin | null,
 *   look: {mode: import("./confusion_numbers.js").Mode, pairs: boolean, hideDiagonal: boolean}, figures: boolean,
 *   recall: (number | null)[], precision: (number | null)[], most: number, map: Int32Array, colours: {ink: string, quiet: string, line: string},
 * }} Scene
 */

const [LARGEST_CELL, LONGEST_LABEL, LINE, FIGURE] = [64, 96, 14, 56];
const FONT = "12px system-ui, sans-serif";
const SMALL = "10px system-ui, sans-serif";

/**
 * @param {number} room pixels there are @param {string[]} names @param {(text: string, font: string) => number} measure
 * @param {boolean} wanted whether recall and precision stand beside the matrix
 */
export function matrixLayout(room, names, measure, wanted) {
  const label = Math.min(LONGEST_LABEL, Math.max(8, ...names.map((name) => measure(name, FONT))));
  const left = Math.ceil(label) + LINE + 8;
  const cellFor = (/** @type {number} */ side) =>
    Math.max(1, Math.min(LARGEST_CELL, (room - left - side - 2) / Math.max(1, names.length)));
  const figures = wanted && cellFor(2 * FIGURE) >= LINE;
  const exact = cellFor(figures ? 2 * FIGURE : 0);
  const cell = exact >= 8 ? Math.floor(exact) : exact;
  const every = Math.ceil(LINE / cell);
  const upright = label <= cell * every;
  const top = (upright ? LINE : Math.ceil(label)) + LINE + 8;
  const size = Math.ceil(cell * names.length);
  const width = left + size + (figures ? 2 * FIGURE : 0) + 2;
  return { left, top, cell, size, figures, upright, width, height: top + size + 2, every };
}

/** @typedef {ReturnType<typeof matrixLayout>} Layout */

/** @param {HTMLCanvasElement} canvas @param {Scene} scene @param {Layout} layout */
export function paintMatrix(canvas, scene, layout) {
  const sharp = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: Math.round(layout.width * sharp), height: Math.round(layout.height * sharp) });
  Object.assign(canvas.style, { width: `${layout.width}px`, height: `${layout.height}px` });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(sharp, sharp);
  context.textBaseline = "middle";
  paintCells(context, scene, layout);
  paintLabels(context, scene, layout);
  if (layout.figures) paintFigures(context, scene, layout);
}

/** What stands in a cell; empty for none. @param {number | null} value @param {string} mode */
export function cellText(value, mode) {
  if (!value) return "";
  if (mode === "count") return String(value);
  const whole = Math.round(100 * value);
  return whole ? String(whole) : "<1";
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Layout} layout */
function paintCells(context, { counts, shown, look, most, map, colours }, { left, top, cell, size }) {
  const gap = cell >= 8 ? 1 : 0;
  const values = shown.map((i) =>
    shown.map((j) => (look.hideDiagonal && i === j ? null : counts.value(i, j, look.mode, look.pairs))),
  );
  const texts = new Set(values.flat().map((value) => cellText(value, look.mode)));
  const font = [FONT, SMALL].find((f) => {
    context.font = f;
    return [...texts].every((text) => context.measureText(text).width <= cell - 3);
  });
  const numbers = font !== undefined && cell >= 12;
  Object.assign(context, { font: font ?? SMALL, textAlign: "center" });
  values.forEach((line, y) => {
    line.forEach((value, x) => {
      if (!value) return;
      const { background, ink } = swatch(value, { low: 0, high: most, map });
      context.fillStyle = background;
      context.fillRect(left + x * cell, top + y * cell, cell - gap, cell - gap);
      context.fillStyle = ink;
      if (numbers) context.fillText(cellText(value, look.mode), left + (x + 0.5) * cell, top + (y + 0.5) * cell);
    });
  });
  context.strokeStyle = colours.line;
  context.strokeRect(left - 0.5, top - 0.5, size + 1, size + 1);
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Layout} layout */
function paintLabels(context, { counts, shown, colours }, { left, top, cell, size, upright, every }) {
  Object.assign(context, { font: FONT, fillStyle: colours.ink });
  shown.forEach((i, at) => {
    if (at % every) return;
    const text = shortened(context, counts.names[i]);
    context.textAlign = "right";
    context.fillText(text, left - 5, top + (at + 0.5) * cell);
    context.save();
    context.translate(left + (at + 0.5) * cell, top - (upright ? 9 : 5));
    if (!upright) context.rotate(-Math.PI / 2);
    context.textAlign = upright ? "center" : "left";
    context.fillText(text, 0, 0);
    context.restore();
  });
  Object.assign(context, { fillStyle: colours.quiet, textAlign: "center" });
  context.fillText("taken for", left + size / 2, LINE / 2);
  context.save();
  context.translate(LINE / 2, top + size / 2);
  context.rotate(-Math.PI / 2);
  context.fillText("true", 0, 0);
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {string} name */
function shortened(context, name) {
  let text = name;
  while (text.length > 1 && context.measureText(text).width > LONGEST_LABEL) text = `${text.slice(0, -2)}\u2026`;
  return text;
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Layout} layout */
function paintFigures(context, { shown, recall, precision, colours }, { left, top, cell, size, every }) {
  context.textAlign = "right";
  [recall, precision].forEach((figures, k) => {
    const right = left + size + (k + 1) * FIGURE;
    Object.assign(context, { font: SMALL, fillStyle: colours.quiet });
    context.fillText(["recall", "precision"][k], right, top - 9);
    Object.assign(context, { font: FONT, fillStyle: colours.ink });
    shown.forEach((i, at) => {
      if (at % every === 0) context.fillText(shareWords(figures[i]), right, top + (at + 0.5) * cell);
    });
  });
}
