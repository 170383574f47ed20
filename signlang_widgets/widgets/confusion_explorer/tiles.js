// What travels between Python and the gallery: a question, the tiles that answer it, one image in full.

import { numbersIn } from "../common/wire.js";

/** @typedef {{version: number, pin: import("../drawing/confusion_numbers.js").Pin, pairs: boolean, sort: string, descending: boolean}} Query */
/** @typedef {{index: number, true: number, predicted: number, confidence: number, pixels: Uint8Array}} Tile */
/** @typedef {{tile: Tile, shape: number[], pixels: Uint8Array, top: [number, number][], loss: number, letters: number[], near: Tile[][] | null, shrunk: number[] | null}} Portrait */
/** The evaluation as it travels. @typedef {{version: number, names: string[], tile: [number, number, number], total: number, matrix: import("../common/wire.js").Packed}} Figures */

/**
 * Where images come from: Python (image_store.js), or the page itself (preloaded_images.js).
 *
 * `late`: an answer is overdue. `problem`: what Python refused. `kept`: how many images can be had in all. `reachable`: how many
 * of a place's images can be shown. `at`, `portrait`: an image that is here. `want`, `wantPortrait`: fetches what is not.
 * `listen`: tells when images have come; returns a way to stop.
 * @typedef {{
 *   readonly late: boolean, readonly problem: string, readonly kept: number,
 *   reachable: (query: Query, held: number) => number,
 *   at: (query: Query, place: number) => Tile | undefined,
 *   want: (query: Query, first: number, last: number, count: number) => void,
 *   portrait: (version: number, index: number) => Portrait | undefined,
 *   wantPortrait: (version: number, index: number) => void,
 *   listen: (callback: () => void) => () => void,
 * }} ImageSource
 */

/**
 * Tiles as Python sends them: indices, true and predicted classes, confidences, pixels.
 * @param {DataView[]} buffers @param {number} length @returns {Tile[]}
 */
export function tilesOf(buffers, length) {
  const [at, from, to] = buffers.slice(0, 3).map((buffer) => numbersIn(buffer, "int32"));
  const sure = numbersIn(buffers[3], "float32");
  const pixels = numbersIn(buffers[4], "uint8");
  const size = length ? pixels.length / length : 0;
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
