import assert from "node:assert/strict";
import test from "node:test";
import { FeatureStore } from "../../../signlang_widgets/widgets/feature_explorer/feature_store.js";

/** One layer of one map, 2 x 3, whose every value is `level`. @param {string[]} names @param {number} level */
function mapsOf(names, level) {
  const entries = names.map((name, i) => [name, { shape: [1, 2, 3], step: 1, at: 6 * i, range: 2 * i, broken: 0 }]);
  const data = new Uint8Array(6 * names.length).fill(255);
  const ranges = new Float32Array(names.flatMap(() => [0, level]));
  return { layers: Object.fromEntries(entries), data: new DataView(data.buffer), ranges: new DataView(ranges.buffer) };
}

/** @param {number} value */
function picture(value) {
  return { shape: [1, 2, 3], dtype: "uint8", data: new DataView(new Uint8Array(6).fill(value).buffer) };
}

/** A page with two small pictures at hand, stored with the maps of image 0, and a source that answers when it is told to. */
function opened(more = {}) {
  const at = { image: 0, epoch: null, version: 0, edited: false, scores: [1, 2] };
  /** @type {Record<string, any>} */
  const traits = {
    thumbs: { shape: [2, 1, 2, 3], dtype: "uint8", data: new DataView(new Uint8Array(12).buffer) },
    maps: { ...at, ...mapsOf(["a"], 1), picture: picture(0) },
    ...{ other_maps: null, edited: null, selected_image: 0, compare_image: null, epoch: null, version: 0, layer: "a" },
    ...more,
  };
  /** @type {Map<string, Set<() => void>>} */
  const listeners = new Map();
  /** @type {any} */
  const model = {
    get: (/** @type {string} */ name) => traits[name],
    set(/** @type {string} */ name, /** @type {any} */ value) {
      traits[name] = value;
      for (const callback of listeners.get(`change:${name}`) ?? []) callback();
    },
    save_changes() {},
    on(/** @type {string} */ event, /** @type {() => void} */ callback) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(callback));
    },
  };
  /** @type {{input: any, wish: any, then: (found: any) => void}[]} */
  const asked = [];
  /** @type {any} */
  const source = {
    ready: true,
    maps: (/** @type {any} */ input, /** @type {any} */ wish, /** @type {any} */ then) =>
      asked.push({ input, wish, then }),
    pictures() {},
    keep() {},
  };
  const store = new FeatureStore(model, source);
  /** @param {{input: any, then: (found: any) => void}} question @param {string[]} names @param {number} level */
  const answer = ({ input, then }, names, level, told = {}) => {
    const { image, epoch, version, painted } = input;
    const edited = painted !== null;
    then({ image, epoch, version, edited, scores: [level], picture: null, ...mapsOf(names, level), ...told });
  };
  const end = () => {
    for (const callback of listeners.get("destroy") ?? []) callback();
  };
  return { model, store, asked, answer, end };
}

/** The level of a layer as it is shown, or undefined. @param {FeatureStore} store @param {string} name */
const level = (store, name) => store.maps().layers.get(name)?.ranges[1];

test("a page that has all asks once, for the scores alone, to hear whether anyone answers", () => {
  const { asked, store, end } = opened();
  assert.deepEqual(
    asked.map(({ wish }) => wish),
    [{ layer: "a", have: ["a"], picture: false, second: false }],
  );
  assert.equal(level(store, "a"), 1);
  end();
});

test("an image is asked for once; back at the first, its maps are here without a question", () => {
  const { asked, answer, store, end } = opened();
  answer(asked[0], [], 1);
  store.set({ edited: null, selected_image: 1 });
  assert.equal(asked.length, 2);
  assert.equal(level(store, "a"), 1); // the last that came, until the new ones are here
  answer(asked[1], ["a"], 5);
  assert.equal(level(store, "a"), 5);
  store.set({ selected_image: 0 });
  assert.equal(asked.length, 2);
  assert.equal(level(store, "a"), 1);
  end();
});

test("layers of one image come in several answers and stay", () => {
  const { asked, answer, store, end } = opened();
  answer(asked[0], [], 1);
  store.set({ layer: "b" });
  assert.deepEqual(asked[1].wish.have, ["a"]);
  answer(asked[1], ["b"], 3);
  store.set({ layer: "a" });
  assert.equal(asked.length, 2);
  assert.deepEqual([level(store, "a"), level(store, "b")], [1, 3]);
  end();
});

test("painted pixels go with the question, each state of the picture is one of its own", () => {
  const { asked, answer, store, end } = opened();
  answer(asked[0], [], 1);
  store.paint(new Uint8Array([9, 0, 0, 0, 0, 0]));
  store.paint(new Uint8Array([9, 8, 0, 0, 0, 0]));
  assert.deepEqual(
    asked.slice(1).map(({ input }) => [...input.painted.pixels]),
    [
      [9, 0, 0, 0, 0, 0],
      [9, 8, 0, 0, 0, 0],
    ],
  );
  answer(asked[1], ["a"], 2); // of a stroke, what lags behind shows too
  assert.equal(level(store, "a"), 2);
  answer(asked[2], ["a"], 4);
  assert.equal(level(store, "a"), 4);
  /** @type {(number | undefined)[]} */
  const seen = [];
  store.listen((news) => news === "maps" && seen.push(level(store, "a")));
  store.go(-1);
  store.go(-1);
  assert.deepEqual(seen, [1]);
  assert.equal(store.model.get("edited"), null);
  assert.equal(level(store, "a"), 1);
  assert.equal(asked.length, 4);
  end();
});

test("other weights are asked for anew, in all layers", () => {
  const { asked, answer, model, store, end } = opened();
  answer(asked[0], [], 1);
  model.set("version", 1);
  assert.deepEqual([asked[1].input.version, asked[1].wish.have], [1, []]);
  answer(asked[1], ["a"], 7);
  assert.equal(level(store, "a"), 7);
  end();
});

test("a compared image is asked for beside the first, and shown once it is the one that is wanted", () => {
  const { asked, answer, store, end } = opened();
  answer(asked[0], [], 1);
  store.set({ compare_image: 1 });
  assert.deepEqual([asked[1].input.image, asked[1].wish.second], [1, true]);
  assert.equal(store.second, null);
  answer(asked[1], ["a"], 6, { picture: picture(50) });
  assert.equal(store.second?.layers.get("a")?.ranges[1], 6);
  assert.equal(store.second?.picture?.[0], 50);
  store.set({ compare_image: null });
  assert.equal(store.second, null);
  end();
});

test("a page stored with paint on it asks for all, for nobody knows which paint that was", () => {
  const stored = {
    image: 0,
    epoch: null,
    version: 0,
    edited: true,
    scores: [1],
    ...mapsOf(["a"], 2),
    picture: picture(0),
  };
  const { asked, store, end } = opened({ maps: stored, edited: picture(3) });
  assert.equal(level(store, "a"), 2);
  assert.deepEqual([asked[0].wish.have, [...asked[0].input.painted.pixels]], [[], [3, 3, 3, 3, 3, 3]]);
  end();
});

test("what could not be computed leaves what is shown, and is asked for again when something changes", () => {
  const { asked, answer, store, end } = opened();
  answer(asked[0], [], 1);
  store.set({ selected_image: 1 });
  asked[1].then({ problem: "This layer reads 7 numbers." });
  assert.equal(level(store, "a"), 1);
  store.set({ selected_image: 1 });
  assert.equal(asked.length, 3);
  end();
});
