import assert from "node:assert/strict";
import test from "node:test";
import { EpochStore } from "../../../signlang_widgets/widgets/training_dashboard/epoch_store.js";

const picture = (/** @type {any} */ data) => ({ confusion: null, kernels: { shape: [1, 2, 3], dtype: "uint8", data } });

/** A run at rest after `done` epochs whose newest pictures are there; questions are kept, not sent. */
function stored(done = 20, state = "finished") {
  /** @type {Record<string, any>} */
  const traits = {
    ...{ epochs_done: done, status: { state } },
    pictures: { run: 1, limit: 2, epochs: { [done]: picture("newest") } },
  };
  /** @type {any[]} */
  const asked = [];
  /** @type {() => void} */
  let changed = () => {};
  const model = {
    get: (/** @type {string} */ name) => traits[name],
    on: (/** @type {string} */ _, /** @type {() => void} */ act) => {
      changed = act;
    },
  };
  const ask = (/** @type {string} */ kind, /** @type {any} */ question, /** @type {any} */ then, way = {}) =>
    asked.push({ kind, ...question, then, way });
  const store = new EpochStore(/** @type {any} */ (model), /** @type {any} */ ({ ask }));
  /** @param {any} pictures */
  const tell = (pictures) => {
    traits.pictures = pictures;
    changed();
  };
  return { store, asked, traits, tell };
}

test("an epoch that is not here is asked for, and its numbers find their place", () => {
  const { store, asked } = stored();
  let drawn = 0;
  store.watch(() => drawn++);
  store.want(3);
  assert.deepEqual([asked[0].kind, asked[0].run, asked[0].epochs], ["pictures", 1, [3]]);
  assert.equal(store.get(3), undefined);
  asked[0].then({ run: 1, epochs: { 3: picture(null) } }, ["bytes"]);
  assert.deepEqual(store.get(3), picture("bytes"));
  assert.equal(drawn, 1);
});

test("neighbours are fetched ahead, the nearest first, each once, and only at rest", () => {
  const { store, asked } = stored();
  store.want(20);
  assert.deepEqual(asked[0].epochs, [19, 18, 17, 16, 15, 14, 13, 12]);
  assert.ok(asked[0].way.quiet && asked[0].way.once);
  store.want(20);
  assert.equal(asked.length, 1);
  asked[0].then({ run: 1, epochs: { 19: picture(null), 18: picture(null) } }, ["a", "b"]);
  store.want(20);
  assert.deepEqual(asked[1].epochs, [17, 16, 15, 14, 13, 12]);
  const busy = stored(20, "running");
  busy.store.want(20);
  assert.deepEqual(busy.asked, []);
});

test("another run's pictures are not mixed with this one's", () => {
  const { store, asked, tell } = stored();
  store.want(3);
  tell({ run: 2, limit: 1, epochs: { 0: picture("other") } });
  asked[0].then({ run: 1, epochs: { 3: picture(null) } }, ["late"]);
  assert.equal(store.get(3), undefined);
  assert.equal(store.get(20), undefined);
  assert.deepEqual(store.get(0), picture("other"));
});

test("what was seen stays when the trait holds newer epochs", () => {
  const { store, tell } = stored(1);
  tell({ run: 1, limit: 2, epochs: { 2: picture("two") } });
  assert.deepEqual([store.get(1), store.get(2)], [picture("newest"), picture("two")]);
});
