// How large the output is, and why a window does not fit: the size formula with its numbers.

import { outputSide } from "../drawing/ops.js";

/** @typedef {{height: number, width: number}} Sides */
/** @typedef {{stride: number, padding: number, dilation: number}} Moves */

/**
 * The size formula along one side, with its numbers.
 * @param {number} side @param {number} size @param {Moves} moves @param {boolean} ceil
 */
export function formula(side, size, { stride, padding, dilation }, ceil = false) {
  const span = side + 2 * padding - dilation * (size - 1) - 1;
  const result = (ceil ? Math.ceil(span / stride) : Math.floor(span / stride)) + 1;
  const text = `${ceil ? "ceil" : "floor"}((${side} + 2\u00b7${padding} \u2212 ${dilation}\u00b7(${size} \u2212 1) \u2212 1) / ${stride}) + 1 = ${result}`;
  return text.replace("= -", "= \u2212");
}

/**
 * What the output's size comes from, in one line.
 * @param {Sides} image @param {Sides} window @param {Moves} moves @param {boolean} ceil
 */
export function sizeWords(image, window, moves, ceil = false) {
  const height = formula(image.height, window.height, moves, ceil);
  const places = outputSide(image.height, window.height, moves, ceil);
  const dropped = ceil && !height.endsWith(`= ${places}`) ? ", less the last: it would begin outside" : "";
  if (image.height === image.width && window.height === window.width) return `Output side: ${height}${dropped}`;
  return `Output height: ${height}${dropped}; width: ${formula(image.width, window.width, moves, ceil)}`;
}

/**
 * Why a window has no place on the padded image, or null when it has one.
 * @param {Sides} image @param {Sides} window @param {Moves} moves @param {string} name
 */
export function misfit(image, window, moves, name) {
  /** @type {["height", "width"]} */
  const sides = ["height", "width"];
  const side = sides.find((s) => outputSide(image[s], window[s], moves) < 1);
  if (!side) return null;
  const cells = moves.dilation * (window[side] - 1) + 1;
  return `The ${name} spans ${cells} cells, the padded image has ${image[side] + 2 * moves.padding}: ${formula(image[side], window[side], moves)}. The old setting stays.`;
}

/**
 * Where the window of a step lies: its place in the output and its corner on the image.
 * @param {{columns: number, moves: Moves}} plan @param {number} step
 */
export function placeOf({ columns, moves }, step) {
  const [row, column] = [Math.floor(step / columns), step % columns];
  return { row, column, top: row * moves.stride - moves.padding, left: column * moves.stride - moves.padding };
}

/**
 * The step whose window has an image cell nearest to its middle.
 * @param {{rows: number, columns: number, window: Sides, moves: Moves}} plan @param {number} y @param {number} x
 */
export function stepOver({ rows, columns, window, moves: { stride, padding, dilation } }, y, x) {
  /** @param {number} at @param {number} size @param {number} places */
  const nearest = (at, size, places) => {
    const place = Math.round((at + padding - (dilation * (size - 1)) / 2) / stride);
    return Math.max(0, Math.min(places - 1, place));
  };
  return nearest(y, window.height, rows) * columns + nearest(x, window.width, columns);
}
