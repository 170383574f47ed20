// Numbers to colours to canvas. One diverging map for signed values, one sequential map for unsigned, grey for photographs.

import { shown } from "./numbers.js";

/** @typedef {{zero: number[], negative: number[], positive: number[]}} Palette */

const STEPS = 256;
export const MIDDLE = 0.179; // luminance: black is read better on lighter colours, white on darker ones

/**
 * The theme's colours as the canvas needs them; black until the view is on the page (its first resize redraws it).
 * @param {Element} root @returns {Palette}
 */
export function paletteOf(root) {
  const probe = root.appendChild(document.createElement("i"));
  /** @param {string} name */
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    return (getComputedStyle(probe).color.match(/\d+/g) ?? [0, 0, 0]).slice(0, 3).map(Number);
  };
  const palette = {
    zero: colour("--slw-zero"),
    negative: colour("--slw-negative"),
    positive: colour("--slw-positive"),
  };
  probe.remove();
  return palette;
}

/** @param {number[]} from @param {number[]} to @param {number} t */
function mixed(from, to, t) {
  return from.map((a, i) => Math.round(a + (to[i] - a) * t));
}

/** @param {number[]} rgb */
function packed([r, g, b]) {
  return (255 << 24) | (b << 16) | (g << 8) | r;
}

/**
 * 2 * STEPS + 1 packed colours from -1 (blue) over 0 (paper or ink) to +1 (orange).
 * @param {Palette} palette
 */
export function divergingMap({ zero, negative, positive }) {
  const map = new Int32Array(2 * STEPS + 1);
  for (let i = 0; i <= STEPS; i++) {
    map[STEPS - i] = packed(mixed(zero, negative, i / STEPS));
    map[STEPS + i] = packed(mixed(zero, positive, i / STEPS));
  }
  return map;
}

/** Unsigned values: the blue half of the diverging map, from 0 to 1. @param {Palette} palette */
export function sequentialMap({ zero, negative }) {
  return Int32Array.from({ length: STEPS + 1 }, (_, i) => packed(mixed(zero, negative, i / STEPS)));
}

/** Photographs: black to white. */
export function greyMap() {
  return Int32Array.from({ length: STEPS }, (_, i) => packed([i, i, i]));
}

/**
 * The CSS colour of a signed value and an ink that is readable on it.
 * @param {number} value @param {number} limit @param {Palette} palette
 */
export function tint(value, limit, { zero, negative, positive }) {
  const t = limit > 0 ? Math.min(1, Math.abs(value) / limit) : 0;
  const [r, g, b] = mixed(zero, value < 0 ? negative : positive, t);
  return { background: `rgb(${r}, ${g}, ${b})`, ink: luminance([r, g, b]) > MIDDLE ? "#000000" : "#ffffff" };
}

/**
 * The colour that a value has in a picture painted with `map`, and an ink that is readable on it.
 * @param {number} value @param {{low: number, high: number, map: Int32Array}} look
 */
export function swatch(value, { low, high, map }) {
  const t = high > low ? (value - low) / (high - low) : 0;
  const colour = map[Math.round(Math.max(0, Math.min(1, t)) * (map.length - 1))];
  const rgb = [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  return { background: `rgb(${rgb.join(", ")})`, ink: luminance(rgb) > MIDDLE ? "#000000" : "#ffffff" };
}

/** Relative luminance, 0..1. @param {number[]} rgb */
export function luminance(rgb) {
  const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * Paints values on a canvas of the same number of pixels: value `low` takes the first colour of `map`, `high` the last.
 * @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} values @param {number} low @param {number} high
 * @param {Int32Array} map @param {number} width @param {number} height
 */
export function paint(canvas, values, low, high, map, width, height) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(width, height);
  const colours = new Int32Array(picture.data.buffer);
  const last = map.length - 1;
  const scale = high > low ? last / (high - low) : 0;
  for (let i = 0; i < colours.length; i++) {
    const at = Math.round((values[i] - low) * scale);
    colours[i] = map[Math.max(0, Math.min(last, at))];
  }
  context.putImageData(picture, 0, 0);
}

/** Largest absolute value. @param {ArrayLike<number>} values */
export function extent(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/**
 * A colour bar with numbers at its ends and words for its scope.
 * @param {HTMLElement} el
 */
export function legend(el) {
  const [low, bar, high, scope] = ["span", "canvas", "span", "span"].map((tag) =>
    el.appendChild(document.createElement(tag)),
  );
  el.classList.add("slw-legend");
  bar.setAttribute("aria-hidden", "true");
  const ramp = Float64Array.from({ length: 129 }, (_, i) => i / 128);
  /** @param {{low: string, high: string, words: string, map: Int32Array}} view */
  const update = ({ low: least, high: most, words, map }) => {
    low.textContent = least;
    high.textContent = most;
    scope.textContent = words;
    paint(/** @type {HTMLCanvasElement} */ (bar), ramp, 0, 1, map, 129, 1);
  };
  return update;
}

/** The words for a symmetric range. @param {number} limit */
export function symmetric(limit) {
  return { low: shown(-limit), high: `+${shown(limit)}` };
}
