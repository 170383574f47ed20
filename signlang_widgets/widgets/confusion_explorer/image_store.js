// The images that the browser has got: asked of Python when they come on screen, kept for the next time. Without Python (a page
// of its own) they are in the page, and sorted here.

import { preloadedImages } from "./preloaded_images.js";
import { bytesOf, queryName, tilesOf } from "./tiles.js";

/** @typedef {import("../common/view.js").Model} Model */
/** @typedef {import("./confusion_numbers.js").Figures} Figures */
/** @typedef {import("./tiles.js").Query} Query */
/** @typedef {import("./tiles.js").Tile} Tile */
/** @typedef {import("./tiles.js").Portrait} Portrait */

const KEPT_BYTES = 64_000_000;
const AHEAD = 24; // tiles asked for before they come on screen
const TILES_PACE = 200; // milliseconds between questions: with the portraits' pace under 10 answers a second
const PORTRAIT_PACE = 250;
const LATE = 3000; // milliseconds after which an answer is missed: a cell is running, or no kernel is

/**
 * A civil pace: acts at once, then at most every `wait` milliseconds; what came last is always done.
 * @param {number} wait
 */
export function civilPace(wait) {
  let last = Number.NEGATIVE_INFINITY;
  let timer = 0;
  /** @type {() => void} */
  let next = () => {};
  const now = () => {
    timer = 0;
    last = performance.now();
    next();
  };
  /** @param {() => void} act */
  return (act) => {
    next = act;
    if (timer) return;
    const rest = last + wait - performance.now();
    if (rest <= 0) now();
    else timer = window.setTimeout(now, rest);
  };
}

/** One store a model, for all its views. @param {Model} model */
export function imageStore(model) {
  const inPage = model.get("preloaded");
  return inPage ? preloadedImages(inPage) : askedImages(model);
}

/** @typedef {ReturnType<typeof askedImages>} ImageStore */

/** @param {Model} model */
function askedImages(model) {
  /** @type {Map<string, Map<number, Tile>>} */
  const cells = new Map();
  /** @type {Map<string, Portrait>} */
  const portraits = new Map();
  /** @type {Set<() => void>} */
  const listeners = new Set();
  const [tilesPace, portraitPace] = [civilPace(TILES_PACE), civilPace(PORTRAIT_PACE)];

  /** @param {Query} query */
  const cellOf = (query) => {
    const key = queryName(query);
    const cell = cells.get(key) ?? new Map();
    cells.delete(key); // the cell looked at last is the last one to go
    cells.set(key, cell);
    return cell;
  };

  let missed = 0;
  let late = false;

  const tell = () => {
    for (const callback of [...listeners]) callback();
  };

  /** @param {Record<string, any>} question */
  const ask = (question) => {
    model.send(question);
    if (!missed)
      missed = window.setTimeout(() => {
        late = true;
        tell();
      }, LATE);
  };

  /** @param {any} told @param {any[]} buffers */
  const receive = (told, buffers) => {
    if (told.ask === "tiles") {
      const cell = cellOf(told.query);
      for (const [i, tile] of tilesOf(buffers, told.length).entries()) cell.set(told.start + i, tile);
      makeRoom();
    } else if (told.ask === "portrait") {
      portraits.set(`${told.version} ${told.index}`, portraitOf(told, buffers));
      if (portraits.size > 100) portraits.delete(/** @type {string} */ (portraits.keys().next().value));
    } else return;
    clearTimeout(missed);
    missed = 0;
    late = false;
    tell();
  };
  model.on("msg:custom", receive);

  /** Lets go of the cells looked at longest ago. */
  const makeRoom = () => {
    const { tile } = /** @type {Figures} */ (model.get("figures"));
    let bytes = [...cells.values()].reduce((sum, cell) => sum + cell.size, 0) * tile[0] * tile[1] * tile[2];
    for (const [key, cell] of [...cells].slice(0, -1)) {
      if (bytes < KEPT_BYTES) return;
      bytes -= cell.size * tile[0] * tile[1] * tile[2];
      cells.delete(key);
    }
    if (bytes < KEPT_BYTES) return;
    const [last] = cells.values();
    for (const place of [...last.keys()].slice(0, last.size >> 1)) last.delete(place);
  };

  for (const { buffers, ...told } of model.get("first") ?? []) receive(told, buffers);

  return {
    /** Whether an answer is overdue. */
    late: () => late,
    /** How many images can be had in all. */
    kept: () => Number.POSITIVE_INFINITY,
    /** How many of a place's images can be shown. @param {Query} _query @param {number} held */
    reachable: (_query, held) => held,
    /** @param {Query} query @param {number} place @returns {Tile | undefined} */
    at: (query, place) => cellOf(query).get(place),
    /**
     * Asks for the missing tiles around `first` to `last`; the last wish wins.
     * @param {Query} query @param {number} first @param {number} last @param {number} count
     */
    want(query, first, last, count) {
      const cell = cellOf(query);
      const missing = (/** @type {number} */ from, /** @type {number} */ to) => {
        while (from < to && cell.has(from)) from++;
        return from;
      };
      if (missing(first, last) >= last) return;
      tilesPace(() => {
        const stop = Math.min(count, last + AHEAD);
        const start = missing(first, stop);
        if (start < stop) ask({ ask: "tiles", version: query.version, query, start, stop });
      });
    },
    /** @param {number} version @param {number} index @returns {Portrait | undefined} */
    portrait: (version, index) => portraits.get(`${version} ${index}`),
    /** @param {number} version @param {number} index */
    wantPortrait(version, index) {
      if (portraits.has(`${version} ${index}`)) return;
      portraitPace(() => ask({ ask: "portrait", version, index }));
    },
    /** Tells when images have come; returns a way to stop. @param {() => void} callback */
    listen(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
  };
}

/** @param {any} told @param {any[]} buffers @returns {Portrait} */
function portraitOf(told, buffers) {
  const [large, ...rest] = buffers;
  const [tile, ...near] = tilesOf(
    rest,
    1 + told.near.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0),
  );
  return {
    ...told,
    tile,
    pixels: bytesOf(large),
    near: told.near.map((/** @type {number} */ n) => near.splice(0, n)),
  };
}
