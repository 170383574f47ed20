// The images of a page without Python: all in the page, sorted here. What did not fit is counted, so that the page can say so.

import { unpacked } from "../common/wire.js";
import { queryName, tilesOf } from "./tiles.js";

/** @typedef {import("./tiles.js").ImageSource} ImageSource */
/** @typedef {import("./tiles.js").Query} Query */
/** @typedef {import("./tiles.js").Tile} Tile */
/** @typedef {import("./tiles.js").Portrait} Portrait */
/** @typedef {import("../common/wire.js").Packed} Packed */

/** @implements {ImageSource} */
export class PreloadedImages {
  /**
   * @param {{length: number, shape: number[], tiles: DataView[], sorts: Record<string, Packed>, classes: Packed, probabilities: Packed}} page
   */
  constructor(page) {
    this.late = false;
    this.problem = "";
    this.kept = page.length;
    this.shape = page.shape;
    this.tiles = tilesOf(page.tiles, page.length);
    this.places = new Map(this.tiles.map((tile, place) => [tile.index, place]));
    this.sorts = Object.fromEntries(Object.entries(page.sorts).map(([name, values]) => [name, unpacked(values)]));
    this.classes = unpacked(page.classes);
    this.probabilities = unpacked(page.probabilities);
    this.each = page.classes.shape[1];
    /** @type {Map<string, number[]>} */
    this.orders = new Map();
  }

  /** @param {Query} query */
  ordered(query) {
    const name = queryName(query);
    const order = this.orders.get(name) ?? sortedPlaces(this.tiles, this.sorts[query.sort], query);
    this.orders.set(name, order);
    return order;
  }

  /** @param {Query} query */
  reachable(query) {
    return this.ordered(query).length;
  }

  /** @param {Query} query @param {number} place @returns {Tile | undefined} */
  at(query, place) {
    return this.tiles[this.ordered(query)[place]];
  }

  want() {}

  /** @param {number} _version @param {number} index @returns {Portrait | undefined} */
  portrait(_version, index) {
    const place = this.places.get(index);
    if (place === undefined) return undefined;
    const tile = this.tiles[place];
    const likeliest = Array.from({ length: this.each }, (_, i) => place * this.each + i);
    return {
      tile,
      shape: this.shape,
      pixels: tile.pixels,
      top: likeliest.map((i) => [this.classes[i], this.probabilities[i]]),
      loss: this.sorts.loss[place],
      letters: [...new Set([tile.true, tile.predicted])],
      near: null,
      shrunk: null,
    };
  }

  wantPortrait() {}

  /** Nothing comes later. */
  listen() {
    return () => {};
  }
}

/**
 * Python's order (`Confusions.order`) of the images in the page.
 * @param {Tile[]} tiles @param {ArrayLike<number>} values @param {Query} query
 */
export function sortedPlaces(tiles, values, { pin: [i, j], pairs, descending }) {
  /** @param {Tile} tile @param {number | null} from @param {number | null} to */
  const fits = (tile, from, to) => (from === null || tile.true === from) && (to === null || tile.predicted === to);
  const both = pairs && i !== null && j !== null;
  const found = [...tiles.keys()].filter((p) => fits(tiles[p], i, j) || (both && fits(tiles[p], j, i)));
  const sign = descending ? -1 : 1;
  return found.sort((a, b) => sign * (values[a] - values[b])); // stable: equals stay in the order of their indices
}
