// The images that the browser has got: asked of Python when they come on screen, kept for the next time.

import { Requests } from "../common/requests.js";
import { numbersIn } from "../common/wire.js";
import { PreloadedImages } from "./preloaded_images.js";
import { queryName, tilesOf } from "./tiles.js";

/** @typedef {import("../common/view.js").Model} Model */
/** @typedef {import("./tiles.js").ImageSource} ImageSource */
/** @typedef {import("./tiles.js").Query} Query */
/** @typedef {import("./tiles.js").Tile} Tile */
/** @typedef {import("./tiles.js").Portrait} Portrait */

const KEPT_BYTES = 64_000_000;
const MOST_PORTRAITS = 100;
const AHEAD = 24; // tiles asked for before they come on screen

/**
 * One source a model, for all its views. @param {Model} model @returns {ImageSource}
 */
export function imagesOf(model) {
  const inPage = model.get("preloaded");
  return inPage ? new PreloadedImages(inPage) : new AskedImages(model);
}

/** @implements {ImageSource} */
export class AskedImages {
  /** @param {Model} model @param {import("../common/throttle.js").Clock} [clock] */
  constructor(model, clock) {
    this.model = model;
    this.requests = new Requests(model, clock);
    this.requests.watch(() => this.tellSoon());
    this.telling = false;
    this.kept = Number.POSITIVE_INFINITY;
    this.problem = "";
    /** Whether something is wanted where no Python is. */
    this.lacking = false;
    /** @type {Map<string, Map<number, Tile>>} */
    this.cells = new Map();
    /** @type {Map<string, Portrait>} */
    this.portraits = new Map();
    /** The tiles asked for last. @type {{name: string, start: number, stop: number} | null} */
    this.coming = null;
    /** The image asked for last. */
    this.opening = "";
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    for (const { buffers, ...told } of model.get("first") ?? []) {
      if (told.ask === "tiles") this.keepTiles(told, told, buffers);
      else this.keepPortrait(told, buffers);
    }
  }

  get late() {
    return this.requests.late || this.lacking;
  }

  /** @param {Query} _query @param {number} held */
  reachable(_query, held) {
    return held;
  }

  /** @param {Query} query @param {number} place */
  at(query, place) {
    return this.cellOf(query).get(place);
  }

  /**
   * Asks for the missing tiles around `first` to `last`; the last wish wins.
   * @param {Query} query @param {number} first @param {number} last @param {number} count
   */
  want(query, first, last, count) {
    const cell = this.cellOf(query);
    let start = first;
    while (start < last && cell.has(start)) start++;
    if (start >= last) return;
    const name = queryName(query);
    const { coming } = this;
    if (coming?.name === name && coming.start <= start && last <= coming.stop) return;
    const asked = { name, start, stop: Math.min(count, last + AHEAD) };
    this.coming = asked;
    this.ask("tiles", { ...query, start, stop: asked.stop }, (answer, buffers) => {
      this.keepTiles(query, answer, buffers);
      if (this.coming === asked && answer.length) this.coming = null;
    });
  }

  /** @param {number} version @param {number} index */
  portrait(version, index) {
    return this.portraits.get(`${version} ${index}`);
  }

  /** @param {number} version @param {number} index */
  wantPortrait(version, index) {
    const name = `${version} ${index}`;
    if (this.portraits.has(name) || this.opening === name) return;
    this.opening = name;
    this.ask("portrait", { version, index }, (answer, buffers) => {
      this.keepPortrait({ ...answer, index }, buffers);
      if (this.opening === name) this.opening = "";
    });
  }

  /** @param {() => void} callback */
  listen(callback) {
    this.listeners.add(callback);
    return () => this.listeners.delete(callback);
  }

  /**
   * An answer about another evaluation than asked for is dropped: the page is about to hear of that one, and asks again.
   * What Python refuses is not asked again until something else was.
   * @param {string} kind @param {Record<string, any>} question @param {import("../common/requests.js").Then} keep
   */
  ask(kind, question, keep) {
    if (this.requests.alone) {
      if (!this.lacking) this.tellSoon();
      this.lacking = true;
      return;
    }
    this.requests.ask(kind, question, (answer, buffers) => {
      this.problem = answer.problem ?? "";
      if (answer.version === question.version) keep(answer, buffers);
      this.tellSoon();
    });
  }

  /** Not amid an answer: who is told asks for the next images. */
  tellSoon() {
    if (this.telling) return;
    this.telling = true;
    queueMicrotask(() => {
      this.telling = false;
      for (const callback of [...this.listeners]) callback();
    });
  }

  /** @param {Query} query */
  cellOf(query) {
    const name = queryName(query);
    const cell = this.cells.get(name) ?? new Map();
    this.cells.delete(name); // the cell looked at last is the last one to go
    this.cells.set(name, cell);
    return cell;
  }

  /** @param {Query} query @param {Record<string, any>} told @param {DataView[]} buffers */
  keepTiles(query, told, buffers) {
    const cell = this.cellOf(query);
    for (const [i, tile] of tilesOf(buffers, told.length).entries()) cell.set(told.start + i, tile);
    this.makeRoom();
  }

  /** @param {Record<string, any>} told @param {DataView[]} buffers */
  keepPortrait(told, buffers) {
    this.portraits.set(`${told.version} ${told.index}`, portraitOf(told, buffers));
    if (this.portraits.size > MOST_PORTRAITS) this.portraits.delete([...this.portraits.keys()][0]);
  }

  /** Lets go of the cells looked at longest ago. */
  makeRoom() {
    const [channels, height, width] = this.model.get("figures").tile;
    const weight = (/** @type {Map<number, Tile>} */ cell) => cell.size * channels * height * width;
    let bytes = [...this.cells.values()].reduce((sum, cell) => sum + weight(cell), 0);
    for (const [name, cell] of [...this.cells].slice(0, -1)) {
      if (bytes < KEPT_BYTES) return;
      bytes -= weight(cell);
      this.cells.delete(name);
    }
    if (bytes < KEPT_BYTES) return;
    const [last] = this.cells.values();
    for (const place of [...last.keys()].slice(0, last.size >> 1)) last.delete(place);
  }
}

/** @param {any} told @param {DataView[]} buffers @returns {Portrait} */
function portraitOf(told, [large, ...rest]) {
  const count = told.near.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 1);
  const [tile, ...near] = tilesOf(rest, count);
  return {
    ...told,
    tile,
    pixels: numbersIn(large, "uint8"),
    near: told.near.map((/** @type {number} */ n) => near.splice(0, n)),
  };
}
