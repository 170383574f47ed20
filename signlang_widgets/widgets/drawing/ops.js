// The small arithmetic that the pictures need while a hand moves. torch is its witness: tests/filters/test_ops.py.

/**
 * A stack of planes, row by row: data[(channel * height + row) * width + column].
 * @typedef {{data: ArrayLike<number>, channels: number, height: number, width: number}} Planes
 */

/** @typedef {{stride?: number, padding?: number, dilation?: number}} Stepping */

/**
 * How many places a window takes along one side; 0 or less when it does not fit.
 * @param {number} side @param {number} size @param {Stepping} stepping @param {boolean} [ceil]
 */
export function outputSide(side, size, { stride = 1, padding = 0, dilation = 1 } = {}, ceil = false) {
  const span = side + 2 * padding - dilation * (size - 1) - 1;
  if (span < 0) return 0;
  if (!ceil) return Math.floor(span / stride) + 1;
  const places = Math.ceil(span / stride) + 1;
  return (places - 1) * stride >= side + padding ? places - 1 : places;
}

/**
 * Cross-correlation, as torch computes it: the kernel is laid on, not flipped. All channels add into one plane.
 * @param {Planes} image @param {Planes} kernel @param {Stepping} [stepping]
 * @returns {{data: Float64Array, channels: number, height: number, width: number}}
 */
export function crossCorrelate(image, kernel, stepping = {}) {
  const height = outputSide(image.height, kernel.height, stepping);
  const width = outputSide(image.width, kernel.width, stepping);
  const out = { data: new Float64Array(Math.max(0, height * width)), channels: 1, height, width };
  let tap = 0;
  for (let c = 0; c < image.channels; c++)
    for (let y = 0; y < kernel.height; y++)
      for (let x = 0; x < kernel.width; x++) addTap(out, image, kernel.data[tap++], c, y, x, stepping);
  return out;
}

/**
 * Adds weight * (image, moved to one tap of the kernel) to `out`. Taps outside, rows inside: the inner loop stays tight.
 * @param {{data: Float64Array, height: number, width: number}} out @param {Planes} image @param {number} weight
 * @param {number} channel @param {number} tapRow @param {number} tapColumn @param {Stepping} stepping
 */
function addTap(out, image, weight, channel, tapRow, tapColumn, { stride = 1, padding = 0, dilation = 1 }) {
  if (weight === 0) return;
  const top = tapRow * dilation - padding;
  const left = tapColumn * dilation - padding;
  const [first, last] = insideRange(left, stride, image.width, out.width);
  for (let row = 0; row < out.height; row++) {
    const y = row * stride + top;
    if (y < 0 || y >= image.height) continue;
    const from = (channel * image.height + y) * image.width + left;
    const to = row * out.width;
    for (let column = first; column < last; column++)
      out.data[to + column] += weight * image.data[from + column * stride];
  }
}

/**
 * The output columns whose tap falls inside the image.
 * @param {number} offset @param {number} stride @param {number} side @param {number} places
 */
function insideRange(offset, stride, side, places) {
  const first = Math.max(0, Math.ceil(-offset / stride));
  const last = Math.min(places, Math.floor((side - 1 - offset) / stride) + 1);
  return [first, last];
}

/**
 * The kernel turned by 180 degrees: cross-correlation with it is convolution in the mathematicians' sense.
 * @param {Planes} kernel @returns {Planes}
 */
export function flipped(kernel) {
  const size = kernel.height * kernel.width;
  const data = new Float64Array(size * kernel.channels);
  for (let c = 0; c < kernel.channels; c++)
    for (let i = 0; i < size; i++) data[c * size + i] = kernel.data[(c + 1) * size - 1 - i];
  return { ...kernel, data };
}

/** @param {number[][]} rows @returns {Planes} */
export function planeOf(rows) {
  return { data: rows.flat(), channels: 1, height: rows.length, width: rows[0].length };
}

/**
 * The part of one plane under a window; null stands for a padding cell.
 * @param {Planes} image @param {number} channel @param {number} top @param {number} left
 * @param {number} height @param {number} width @param {number} [dilation]
 * @returns {(number | null)[]}
 */
export function windowOf(image, channel, top, left, height, width, dilation = 1) {
  const cells = [];
  for (let i = 0; i < height * width; i++) {
    const y = top + Math.floor(i / width) * dilation;
    const x = left + (i % width) * dilation;
    const inside = y >= 0 && x >= 0 && y < image.height && x < image.width;
    cells.push(inside ? image.data[(channel * image.height + y) * image.width + x] : null);
  }
  return cells;
}

/**
 * Max or average pooling of one plane, as torch computes it.
 * @param {Planes} image @param {number} size @param {Stepping} stepping @param {"max" | "average"} mode @param {boolean} ceil
 * @returns {{data: Float64Array, channels: number, height: number, width: number}}
 */
export function pooled(image, size, stepping, mode, ceil = false) {
  const { stride = 1, padding = 0 } = stepping;
  const height = outputSide(image.height, size, stepping, ceil);
  const width = outputSide(image.width, size, stepping, ceil);
  const data = new Float64Array(height * width);
  for (let i = 0; i < data.length; i++) {
    const top = Math.floor(i / width) * stride - padding;
    const left = (i % width) * stride - padding;
    data[i] =
      mode === "max" ? image.data[winnerOf(image, top, left, size)] : averageOf(image, top, left, size, padding);
  }
  return { data, channels: 1, height, width };
}

/**
 * The number of the largest cell under a window, the first of equals; -1 where the window covers no cell.
 * @param {Planes} image @param {number} top @param {number} left @param {number} size
 */
export function winnerOf(image, top, left, size) {
  let winner = -1;
  for (let y = Math.max(0, top); y < Math.min(image.height, top + size); y++)
    for (let x = Math.max(0, left); x < Math.min(image.width, left + size); x++) {
      const cell = y * image.width + x;
      if (winner < 0 || image.data[cell] > image.data[winner]) winner = cell;
    }
  return winner;
}

/**
 * The average under a window. Padding counts as 0; what lies beyond the padding does not count.
 * @param {Planes} image @param {number} top @param {number} left @param {number} size @param {number} padding
 */
export function averageOf(image, top, left, size, padding) {
  let sum = 0;
  for (const value of windowOf(image, 0, top, left, size, size)) sum += value ?? 0;
  return sum / averagedOver(image, top, left, size, padding);
}

/**
 * How many cells an average is taken over.
 * @param {Planes} image @param {number} top @param {number} left @param {number} size @param {number} padding
 */
export function averagedOver(image, top, left, size, padding) {
  const rows = Math.min(top + size, image.height + padding) - top;
  return rows * (Math.min(left + size, image.width + padding) - left);
}
