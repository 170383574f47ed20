// How a confusion matrix of 2 to 200 classes fits into a room, and how it is painted: letters and numbers only where they fit.
// plots/confusions.py draws the same in Python.

import { swatch } from "./colours.js";
import { cellText, level, shareWords, written } from "./confusion_numbers.js";

/**
 * `shown` are class indices; `figures` says whether recall and precision stand beside the matrix.
 * @typedef {{
 *   counts: import("./confusion_numbers.js").Counts, shown: number[], pinned: import("./confusion_numbers.js").Pin | null,
 *   look: import("./confusion_numbers.js").Look, figures: boolean,
 * }} Scene
 */
/** @typedef {{values: (number | null)[][], most: number, map: Int32Array, ink: string, quiet: string, line: string}} Paint */

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

/** @param {HTMLCanvasElement} canvas @param {Scene} scene @param {Paint} paint @param {Layout} layout */
export function paintMatrix(canvas, scene, paint, layout) {
  const sharp = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: Math.round(layout.width * sharp), height: Math.round(layout.height * sharp) });
  Object.assign(canvas.style, { width: `${layout.width}px`, height: `${layout.height}px` });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(sharp, sharp);
  context.textBaseline = "middle";
  paintCells(context, scene, paint, layout);
  paintLabels(context, scene, paint, layout);
  if (layout.figures) paintFigures(context, scene, paint, layout);
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Paint} paint @param {Layout} layout */
function paintCells(context, { shown, look }, paint, layout) {
  const { left, top, cell, size } = layout;
  const gap = cell >= 8 ? 1 : 0;
  const font = fontFor(context, paint.values, look.mode, cell);
  Object.assign(context, { font: font ?? SMALL, textAlign: "center" });
  paint.values.forEach((line, y) => {
    line.forEach((value, x) => {
      if (!value) return;
      const { background, ink } = swatch(level(value, paint.most), { low: 0, high: 1, map: paint.map });
      context.fillStyle = background;
      context.fillRect(left + x * cell, top + y * cell, cell - gap, cell - gap);
      context.fillStyle = ink;
      if (font && written(shown.length))
        context.fillText(cellText(value, look.mode), left + (x + 0.5) * cell, top + (y + 0.5) * cell);
    });
  });
  context.strokeStyle = paint.line;
  context.strokeRect(left - 0.5, top - 0.5, size + 1, size + 1);
}

/**
 * The largest font in which every number fits into its cell, if there is one.
 * @param {CanvasRenderingContext2D} context @param {(number | null)[][]} values
 * @param {import("./confusion_numbers.js").Mode} mode @param {number} cell
 */
function fontFor(context, values, mode, cell) {
  const texts = new Set(values.flat().map((value) => cellText(value, mode)));
  return [FONT, SMALL].find((font) => {
    context.font = font;
    return cell >= 12 && [...texts].every((text) => context.measureText(text).width <= cell - 3);
  });
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Paint} paint @param {Layout} layout */
function paintLabels(context, { counts, shown }, { ink, quiet }, { left, top, cell, size, upright, every }) {
  Object.assign(context, { font: FONT, fillStyle: ink });
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
  Object.assign(context, { fillStyle: quiet, textAlign: "center" });
  context.fillText("predicted", left + size / 2, LINE / 2);
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

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Paint} paint @param {Layout} layout */
function paintFigures(context, { counts, shown }, { ink, quiet }, { left, top, cell, size, every }) {
  context.textAlign = "right";
  /** @type {("recall" | "precision")[]} */ (["recall", "precision"]).forEach((figure, k) => {
    const right = left + size + (k + 1) * FIGURE;
    Object.assign(context, { font: SMALL, fillStyle: quiet });
    context.fillText(figure, right, top - 9);
    Object.assign(context, { font: FONT, fillStyle: ink });
    shown.forEach((i, at) => {
      if (at % every) return;
      context.fillText(shareWords(counts.value(i, i, figure, false)), right, top + (at + 0.5) * cell);
    });
  });
}
