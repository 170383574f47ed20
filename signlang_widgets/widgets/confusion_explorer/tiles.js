// What travels between Python and the gallery: a question, the tiles that answer it, one image in full.

/** @typedef {{version: number, pin: import("./confusion_numbers.js").Pin, pairs: boolean, sort: string, descending: boolean}} Query */
/** @typedef {{index: number, true: number, predicted: number, confidence: number, pixels: Uint8Array}} Tile */
/** @typedef {{tile: Tile, shape: number[], pixels: Uint8Array, top: [number, number][], loss: number, letters: number[], near: Tile[][] | null, shrunk: number[] | null}} Portrait */

/** The bytes of a message's buffer. @param {any} view */
export function bytesOf(view) {
  if (!ArrayBuffer.isView(view)) return new Uint8Array(view);
  return new Uint8Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/**
 * Tiles as Python sends them: indices, true and predicted classes, confidences, pixels.
 * @param {any[]} buffers @param {number} length @returns {Tile[]}
 */
export function tilesOf(buffers, length) {
  const [indices, trues, predicted, confidence, pixels] = buffers.map(bytesOf);
  const whole = (/** @type {Uint8Array} */ bytes) => new Int32Array(bytes.buffer);
  const size = length ? pixels.length / length : 0;
  const [at, from, to] = [whole(indices), whole(trues), whole(predicted)];
  const sure = new Float32Array(confidence.buffer);
  return Array.from({ length }, (_, i) => ({
    index: at[i],
    true: from[i],
    predicted: to[i],
    confidence: sure[i],
    pixels: pixels.subarray(i * size, (i + 1) * size),
  }));
}

/** A name for a question, whatever the order of its parts. @param {Query} query */
export function queryName({ version, pin, pairs, sort, descending }) {
  return JSON.stringify([version, pin, pairs, sort, descending]);
}
