// A picture of bytes under a brush: paint, bring back, cover, shift, and the way back. All channels of a picture get the same.

import { makeHistory } from "../common/undo.js";
import { paintPicture } from "../drawing/image_canvas.js";

/** @typedef {{channels: number, height: number, width: number}} Size */

/**
 * Fills a square of `side` pixels around a pixel with a grey value, or with what `source` has there.
 * @param {Uint8Array<ArrayBuffer>} pixels @param {Size} size @param {{row: number, column: number, side: number}} square
 * @param {number | Uint8Array} source
 */
export function filled(pixels, { channels, height, width }, { row, column, side }, source) {
  const out = pixels.slice();
  const [top, left] = [row - Math.floor((side - 1) / 2), column - Math.floor((side - 1) / 2)];
  for (let c = 0; c < channels; c++)
    for (let y = Math.max(0, top); y < Math.min(height, top + side); y++)
      for (let x = Math.max(0, left); x < Math.min(width, left + side); x++) {
        const at = (c * height + y) * width + x;
        out[at] = typeof source === "number" ? source : source[at];
      }
  return out;
}

/**
 * Fills along a line of pixels, so that a quick hand leaves no gaps.
 * @param {Uint8Array<ArrayBuffer>} pixels @param {Size} size @param {{row: number, column: number}} from @param {{row: number, column: number}} to
 * @param {number} side @param {number | Uint8Array} source
 */
export function stroked(pixels, size, from, to, side, source) {
  const steps = Math.max(Math.abs(to.row - from.row), Math.abs(to.column - from.column), 1);
  let out = pixels;
  for (let i = 0; i <= steps; i++) {
    const row = Math.round(from.row + ((to.row - from.row) * i) / steps);
    const column = Math.round(from.column + ((to.column - from.column) * i) / steps);
    out = filled(out, size, { row, column, side }, source);
  }
  return out;
}

/**
 * Moves a picture by whole pixels; what comes in at an edge repeats that edge.
 * @param {Uint8Array<ArrayBuffer>} pixels @param {Size} size @param {number} down @param {number} right
 */
export function shifted(pixels, { height, width }, down, right) {
  const inside = (/** @type {number} */ at, /** @type {number} */ side) => Math.max(0, Math.min(side - 1, at));
  const out = new Uint8Array(pixels.length);
  for (let i = 0; i < out.length; i++) {
    const [c, rest] = [Math.floor(i / (height * width)), i % (height * width)];
    const row = inside(Math.floor(rest / width) - down, height);
    out[i] = pixels[(c * height + row) * width + inside((rest % width) - right, width)];
  }
  return out;
}

/** The mean grey of a picture. @param {Uint8Array<ArrayBuffer>} pixels */
export function meanOf(pixels) {
  return Math.round(pixels.reduce((a, b) => a + b, 0) / pixels.length);
}

/** @param {Uint8Array<ArrayBuffer>} a @param {Uint8Array<ArrayBuffer>} b */
function samePixels(a, b) {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** Shows a picture of bytes. @param {HTMLCanvasElement} canvas @param {Uint8Array} pixels @param {Size} size */
export function showPicture(canvas, pixels, { channels, height, width }) {
  paintPicture(canvas, pixels, [channels, height, width]);
}

/** The picture under the brush: the untouched image, and what the hand made of it. */
export class PaintedPicture {
  /** @param {Size} size */
  constructor(size) {
    this.size = size;
    /** Which image it is. @type {number | null} */
    this.image = null;
    /** The untouched image. */
    this.origin = new Uint8Array(size.channels * size.height * size.width);
    this.pixels = this.origin;
    this.history = makeHistory(this.pixels, samePixels);
    this.serial = 0; // one for each state of the picture
  }

  /** Whether anything was painted on it. */
  get touched() {
    return this.pixels !== this.origin && !samePixels(this.pixels, this.origin);
  }

  /** Another image, unless it is the same; true if it is another. @param {number} image @param {Uint8Array<ArrayBuffer>} origin */
  begin(image, origin) {
    if (this.image === image) return false;
    this.image = image;
    this.origin = origin;
    this.show(origin);
    this.history = makeHistory(origin, samePixels);
    return true;
  }

  /** Somebody painted. @param {Uint8Array<ArrayBuffer>} pixels @param {unknown} [gesture] one step of undo a gesture */
  paint(pixels, gesture = null) {
    this.history.record(pixels, gesture);
    this.show(pixels);
  }

  /** @param {1 | -1} direction */
  go(direction) {
    this.show(this.history.go(direction));
  }

  /** @param {Uint8Array<ArrayBuffer>} pixels */
  show(pixels) {
    this.pixels = pixels;
    this.serial += 1;
  }
}
