import assert from "node:assert/strict";
import test from "node:test";
import { imageStore } from "../../../signlang_widgets/widgets/confusion_explorer/image_store.js";

globalThis.window = /** @type {any} */ (globalThis);

/** @param {Record<string, any>} [state] */
function stubModel(state = {}) {
  /** @type {any[]} */
  const asked = [];
  /** @type {any} */
  let receive;
  return {
    asked,
    get: (/** @type {string} */ name) => ({ figures: { tile: [1, 2, 2] }, ...state })[name],
    on: (/** @type {string} */ _, /** @type {any} */ callback) => {
      receive = callback;
    },
    send: (/** @type {any} */ content) => void asked.push(content),
    set() {},
    off() {},
    save_changes() {},
    /** Answers like Python: image 10 * place at each place. @param {any} question @param {number} length */
    answer(question, length, side = 4) {
      const places = Array.from({ length }, (_, i) => question.start + i);
      receive(
        { ...question, length },
        buffersOf(
          places.map((p) => 10 * p),
          side,
        ),
      );
    },
  };
}

/** @param {number[]} indices @param {number} side bytes a picture */
function buffersOf(indices, side = 4) {
  const views = [
    Int32Array.from(indices),
    Int32Array.from(indices, () => 1),
    Int32Array.from(indices, () => 2),
    Float32Array.from(indices, () => 0.5),
    Uint8Array.from({ length: indices.length * side }, (_, i) => i),
  ];
  return views.map((view) => new DataView(view.buffer));
}

/** @type {any} */
const query = { version: 0, pin: [1, 2], pairs: false, sort: "loss", descending: true };

test("asks once for what is on screen, keeps it, and asks no more", () => {
  const model = stubModel();
  const store = imageStore(/** @type {any} */ (model));
  let told = 0;
  store.listen(() => told++);
  store.want(query, 0, 6, 100);
  assert.deepEqual(model.asked, [{ ask: "tiles", version: 0, query, start: 0, stop: 30 }]);
  model.answer(model.asked[0], 30);
  assert.equal(told, 1);
  assert.deepEqual(
    { ...store.at(query, 3), pixels: [...(store.at(query, 3)?.pixels ?? [])] },
    {
      ...{ index: 30, true: 1, predicted: 2, confidence: 0.5, pixels: [12, 13, 14, 15] },
    },
  );
  store.want({ ...query }, 3, 9, 100);
  assert.equal(model.asked.length, 1);
});

test("while the hand scrolls, only what is on screen at last is asked for", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const model = stubModel();
  const store = imageStore(/** @type {any} */ (model));
  for (const first of [0, 50, 100, 150]) store.want(query, first, first + 6, 1000);
  assert.deepEqual(
    model.asked.map(({ start }) => start),
    [0],
  );
  t.mock.timers.tick(250);
  assert.deepEqual(
    model.asked.map(({ start }) => start),
    [0, 150],
  );
});

test("the end of a cell is the end of a question", () => {
  const model = stubModel();
  imageStore(/** @type {any} */ (model)).want(query, 0, 6, 7);
  assert.equal(model.asked[0].stop, 7);
});

test("the cell looked at longest ago goes first", () => {
  const model = stubModel({ figures: { tile: [1, 2000, 2000] } });
  const store = imageStore(/** @type {any} */ (model));
  const [a, b, c] = [0, 1, 2].map((i) => ({ ...query, pin: [i, i] }));
  for (const q of [a, b, c]) {
    model.answer({ ask: "tiles", version: 0, query: q, start: 0 }, 7);
    store.at(a, 0);
  }
  assert.deepEqual(
    [a, b, c].map((q) => store.at(q, 0) !== undefined),
    [true, false, true],
  );
});

test("what came with the notebook is there before Python is", () => {
  const { version, ...sorted } = query; // a stored notebook sorts the names of a question
  const first = [
    { ask: "tiles", version: 0, query: { ...sorted, version }, start: 0, length: 2, buffers: buffersOf([7, 8]) },
  ];
  const store = imageStore(/** @type {any} */ (stubModel({ first })));
  assert.deepEqual(
    [0, 1, 2].map((place) => store.at(query, place)?.index),
    [7, 8, undefined],
  );
});

test("an overdue answer is told, and forgotten once it comes", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const model = stubModel();
  const store = imageStore(/** @type {any} */ (model));
  store.want(query, 0, 6, 100);
  t.mock.timers.tick(2900);
  assert.equal(store.late(), false);
  t.mock.timers.tick(200);
  assert.equal(store.late(), true);
  model.answer(model.asked[0], 30);
  assert.equal(store.late(), false);
});

test("an opened image is asked for once an evaluation", () => {
  const model = stubModel();
  const store = imageStore(/** @type {any} */ (model));
  store.wantPortrait(0, 7);
  assert.deepEqual(model.asked, [{ ask: "portrait", version: 0, index: 7 }]);
  assert.equal(store.portrait(0, 7), undefined);
});

test("a page without Python sorts by itself", () => {
  const values = Float32Array.from([0.5, 0.1, 0.5, 0.9]);
  const preloaded = {
    length: 4,
    shape: [1, 2, 2],
    tiles: buffersOf([3, 5, 8, 9]),
    sorts: { loss: new DataView(values.buffer), confidence: new DataView(values.buffer) },
    top: [new DataView(Int32Array.from([2, 1, 2, 1, 2, 1, 2, 1]).buffer), new DataView(new Float32Array(8).buffer), 2],
  };
  const model = stubModel({ preloaded });
  const store = imageStore(/** @type {any} */ (model));
  const shown = (/** @type {any} */ q) => [0, 1, 2, 3].map((place) => store.at(q, place)?.index);
  assert.deepEqual(shown(query), [9, 3, 8, 5]); // equals keep the order of their indices
  assert.deepEqual(shown({ ...query, descending: false }), [5, 3, 8, 9]);
  assert.equal(store.reachable({ ...query, pin: [2, 1] }, 7), 0);
  assert.equal(store.reachable({ ...query, pin: [2, 1], pairs: true }, 7), 4);
  assert.equal(store.reachable({ ...query, pin: [null, 2] }, 7), 4);
  assert.deepEqual(store.portrait(0, 5)?.top, [
    [2, 0],
    [1, 0],
  ]);
  assert.equal(store.portrait(0, 4), undefined);
  store.want(query, 0, 4, 4);
  assert.deepEqual(model.asked, []);
});
