// What Python sent of one image's maps: bytes with the range of each map. Everything here is arithmetic.

import { numbersIn } from "../common/wire.js";
import { extent, symmetric } from "../drawing/colours.js";
import { shown } from "../drawing/numbers.js";

/**
 * One layer as `count` tiles of rows x columns; a vector is one tile a number. `shared` says that one range serves all tiles.
 * @typedef {{
 *   name: string, count: number, rows: number, columns: number, step: number, strip: boolean, broken: number,
 *   data: Uint8Array, ranges: Float32Array,
 * }} Layer
 */

/**
 * The maps of one input: `picture` is the untouched image, where it was wanted.
 * @typedef {{
 *   image: number, epoch: number | null, version: number, edited: boolean, scores: number[], picture: import("../common/wire.js").Packed | null,
 *   layers: Record<string, {shape: number[], step: number, at: number, range: number, broken: number}>, data: DataView, ranges: DataView,
 * }} MapsMessage
 */

/** @typedef {{low: number, high: number}} Ends */

/**
 * The layers of one message.
 * @param {Pick<MapsMessage, "layers" | "data" | "ranges">} message
 * @returns {Map<string, Layer>}
 */
export function layersOf(message) {
  const data = numbersIn(message.data, "uint8");
  const ranges = numbersIn(message.ranges, "float32");
  const entries = Object.entries(message.layers).map(([name, { shape, step, at, range, broken }]) => {
    const [maps, rows, columns] = shape;
    const strip = maps === 1 && rows === 1;
    const size = strip ? { count: columns, rows: 1, columns: 1 } : { count: maps, rows, columns };
    const part = data.subarray(at, at + maps * rows * columns);
    const ends = ranges.subarray(range, range + 2 * maps);
    return /** @type {[string, Layer]} */ ([name, { name, ...size, step, strip, broken, data: part, ranges: ends }]);
  });
  return new Map(entries);
}

/** The least and largest value of one tile. @param {Layer} layer @param {number} tile @returns {Ends} */
export function endsOf({ ranges, strip }, tile) {
  const at = strip ? 0 : 2 * tile;
  return { low: ranges[at], high: ranges[at + 1] };
}

/** A value, to one of 256 steps. @param {Layer} layer @param {number} tile @param {number} cell */
export function levelAt(layer, tile, cell) {
  const { low, high } = endsOf(layer, tile);
  return low + (layer.data[tile * layer.rows * layer.columns + cell] / 255) * (high - low);
}

/** The least and largest value of a layer. @param {Layer} layer @returns {Ends} */
export function layerEnds({ ranges }) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < ranges.length; i += 2) {
    low = Math.min(low, ranges[i]);
    high = Math.max(high, ranges[i + 1]);
  }
  return { low, high };
}

/**
 * Colours one tile into a picture `across` cells wide. Its 256 colours are worked out once, where that is less work.
 * @param {{out: Int32Array, at: number, across: number}} place @param {Layer} layer @param {number} tile
 * @param {Ends} scale @param {Int32Array} map
 */
export function colourTile({ out, at, across }, layer, tile, { low, high }, map) {
  const { rows, columns, data } = layer;
  const own = endsOf(layer, tile);
  const last = map.length - 1;
  const base = ((own.low - low) / (high - low)) * last;
  const factor = (((own.high - own.low) / 255) * last) / (high - low);
  const colour = (/** @type {number} */ byte) => map[Math.max(0, Math.min(last, Math.round(base + byte * factor)))];
  const colours = rows * columns >= 256 ? Int32Array.from({ length: 256 }, (_, byte) => colour(byte)) : null;
  let from = tile * rows * columns;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const byte = data[from++];
      out[at + row * across + column] = colours ? colours[byte] : colour(byte);
    }
}

/**
 * One layer less another, as a layer of its own with exact floats instead of bytes.
 * @param {Layer} a @param {Layer} b
 */
export function differenceOf(a, b) {
  const size = a.rows * a.columns;
  const values = new Float32Array(a.count * size);
  for (let tile = 0; tile < a.count; tile++)
    for (let cell = 0; cell < size; cell++)
      values[tile * size + cell] = levelAt(a, tile, cell) - levelAt(b, tile, cell);
  return values;
}

/**
 * What a tile's colours run over: symmetric around 0 where the layer has negative values, from 0 up otherwise.
 * @param {"map" | "layer" | "network"} range @param {Ends} map @param {Ends} layer @param {Ends} network @returns {Ends}
 */
export function scaleOf(range, map, layer, network) {
  const most = (/** @type {Ends} */ { low, high }) => Math.max(Math.abs(low), Math.abs(high)) || 1;
  const limit = most(range === "map" ? map : range === "layer" ? layer : network);
  return { low: layer.low < 0 ? -limit : 0, high: limit };
}

/**
 * The order in which tiles are shown: as numbered, or the one with the largest value first.
 * @param {Layer} layer @param {"channel" | "strength"} order
 */
export function orderOf(layer, order) {
  const numbers = Array.from({ length: layer.count }, (_, i) => i);
  if (order === "channel") return numbers;
  const strength = numbers.map((tile) => {
    if (layer.strip) return Math.abs(levelAt(layer, tile, 0));
    const { low, high } = endsOf(layer, tile);
    return Math.max(Math.abs(low), Math.abs(high));
  });
  return numbers.sort((a, b) => strength[b] - strength[a] || a - b);
}

/** Softmax of scores. @param {number[]} scores */
export function softmax(scores) {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/**
 * What the colours of each tile run over, and what the legend says of it.
 * @param {"map" | "layer" | "network"} chosen @param {Layer} layer @param {Float32Array | null} difference @param {Map<string, Layer>} layers
 */
export function scalesOf(chosen, layer, difference, layers) {
  const range = layer.strip && chosen === "map" ? "layer" : chosen;
  const { scale, signed, low, high } = difference ? between(range, layer, difference) : within(range, layer, layers);
  const words =
    range === "map"
      ? "each map has its own scale"
      : chosen === "network"
        ? "one scale for all layers"
        : "one scale for this layer";
  const numbers = signed ? symmetric(high) : { low: shown(low), high: shown(high) };
  const ends = range === "map" ? { low: signed ? "\u2212" : "0", high: "+" } : numbers;
  return { scale, signed, words, ends };
}

/** @param {string} range @param {Layer} layer @param {Float32Array} difference */
function between(range, layer, difference) {
  const size = layer.rows * layer.columns;
  const whole = extent(difference) || 1;
  const scale = (/** @type {number} */ tile) => {
    const own = () => extent(difference.subarray(tile * size, (tile + 1) * size)) || 1;
    const limit = range === "map" ? own() : whole;
    return { low: -limit, high: limit };
  };
  return { scale, signed: true, low: -whole, high: whole };
}

/** @param {"map" | "layer" | "network"} range @param {Layer} layer @param {Map<string, Layer>} layers */
function within(range, layer, layers) {
  const all = layerEnds(layer);
  const network = networkEnds(layers);
  const { low, high } = scaleOf(range === "map" ? "layer" : range, all, all, network);
  const scale = (/** @type {number} */ tile) => scaleOf(range, endsOf(layer, tile), all, network);
  return { scale, signed: low < 0, low, high };
}

/** @param {Map<string, Layer>} layers */
function networkEnds(layers) {
  const ends = [...layers.values()].map(layerEnds);
  return { low: Math.min(...ends.map(({ low }) => low)), high: Math.max(...ends.map(({ high }) => high)) };
}
