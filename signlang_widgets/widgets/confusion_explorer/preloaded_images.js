// The images of a page without Python: all in the page, sorted here. What did not fit is counted, so that the page can say so.

import { bytesOf, queryName, tilesOf } from "./tiles.js";

/** @typedef {import("./tiles.js").Query} Query */
/** @typedef {import("./tiles.js").Tile} Tile */
/** @typedef {import("./tiles.js").Portrait} Portrait */

/**
 * @param {any} page
 * @returns {import("./image_store.js").ImageStore}
 */
export function preloadedImages(page) {
  const tiles = tilesOf(page.tiles, page.length);
  const places = new Map(tiles.map((tile, place) => [tile.index, place]));
  /** @type {Record<string, Float32Array>} */
  const keys = Object.fromEntries(
    Object.entries(page.sorts).map(([name, view]) => [name, new Float32Array(bytesOf(view).buffer)]),
  );
  /** @type {Map<string, number[]>} */
  const orders = new Map();
  /** @param {Query} query */
  const ordered = (query) => {
    const name = queryName(query);
    const order = orders.get(name) ?? sortedPlaces(tiles, keys[query.sort], query);
    orders.set(name, order);
    return order;
  };
  return {
    late: () => false,
    kept: () => page.length,
    reachable: (query) => ordered(query).length,
    at: (query, place) => tiles[ordered(query)[place]],
    want() {},
    portrait(_version, index) {
      const place = places.get(index);
      return place === undefined ? undefined : portraitInPage(page, tiles[place], place, keys.loss[place]);
    },
    wantPortrait() {},
    listen: () => () => true,
  };
}

/** @param {Tile[]} tiles @param {ArrayLike<number>} values @param {Query} query */
export function sortedPlaces(tiles, values, { pin: [i, j], pairs, descending }) {
  /** @param {Tile} tile @param {number | null} from @param {number | null} to */
  const fits = (tile, from, to) => (from === null || tile.true === from) && (to === null || tile.predicted === to);
  const both = pairs && i !== null && j !== null;
  const found = [...tiles.keys()].filter((p) => fits(tiles[p], i, j) || (both && fits(tiles[p], j, i)));
  const sign = descending ? -1 : 1;
  return found.sort((a, b) => sign * (values[a] - values[b])); // stable: equals stay in the order of their indices
}

/** @param {any} page @param {Tile} tile @param {number} place @param {number} loss @returns {Portrait} */
function portraitInPage({ top: [classes, probabilities, each], shape }, tile, place, loss) {
  const class_ = (/** @type {number} */ i) => classes.getInt32(4 * (place * each + i), true);
  const share = (/** @type {number} */ i) => probabilities.getFloat32(4 * (place * each + i), true);
  return {
    tile,
    shape,
    pixels: tile.pixels,
    top: Array.from({ length: each }, (_, i) => /** @type {[number, number]} */ ([class_(i), share(i)])),
    loss,
    letters: [...new Set([tile.true, tile.predicted])],
    near: null,
    shrunk: null,
  };
}
