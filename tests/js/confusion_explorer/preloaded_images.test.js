import assert from "node:assert/strict";
import test from "node:test";
import { imagesOf } from "../../../signlang_widgets/widgets/confusion_explorer/image_store.js";
import { buffersOf, query } from "./tile_cases.js";

/** @param {number[]} shape @param {any} numbers */
function packed(shape, numbers) {
  const dtype = numbers instanceof Int32Array ? "int32" : "float32";
  return { shape, dtype, data: new DataView(numbers.buffer) };
}

test("a page without Python sorts by itself", () => {
  const values = packed([4], Float32Array.from([0.5, 0.1, 0.5, 0.9]));
  const preloaded = {
    length: 4,
    shape: [1, 2, 2],
    tiles: buffersOf([3, 5, 8, 9]),
    sorts: { loss: values, confidence: values },
    classes: packed([4, 2], Int32Array.from([2, 1, 0, 1, 2, 1, 2, 1])),
    probabilities: packed([4, 2], Float32Array.from([0, 0, 0.75, 0.25, 0, 0, 0, 0])),
  };
  /** @type {any} */
  const model = { get: (/** @type {string} */ name) => (name === "preloaded" ? preloaded : undefined) };
  const store = imagesOf(model);
  const shown = (/** @type {any} */ q) => [0, 1, 2, 3].map((place) => store.at(q, place)?.index);
  assert.deepEqual(shown(query), [9, 3, 8, 5]); // equals keep the order of their indices
  assert.deepEqual(shown({ ...query, descending: false }), [5, 3, 8, 9]);
  assert.equal(store.reachable({ ...query, pin: [2, 1] }, 7), 0);
  assert.equal(store.reachable({ ...query, pin: [2, 1], pairs: true }, 7), 4);
  assert.equal(store.reachable({ ...query, pin: [null, 2] }, 7), 4);
  assert.deepEqual(store.portrait(0, 5)?.top, [
    [0, 0.75],
    [1, 0.25],
  ]);
  assert.equal(store.portrait(0, 5)?.loss, Math.fround(0.1));
  assert.equal(store.portrait(0, 4), undefined);
  assert.deepEqual([store.late, store.kept], [false, 4]);
});
