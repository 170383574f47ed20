import assert from "node:assert/strict";
import test from "node:test";
import { livelyModel } from "../../../signlang_widgets/widgets/common/lively_model.js";

globalThis.window = /** @type {any} */ (globalThis);

/** A model that remembers what was sent and can speak for Python. */
function stubModel() {
  /** @type {Record<string, any>} */
  const state = { kernel: 0 };
  /** @type {Map<string, () => void>} */
  const listeners = new Map();
  /** @type {any[]} */
  const sent = [];
  return {
    sent,
    get: (/** @type {string} */ name) => state[name],
    set(/** @type {string} */ name, /** @type {any} */ value) {
      state[name] = value;
      listeners.get(`change:${name}`)?.();
    },
    on: (/** @type {string} */ event, /** @type {() => void} */ callback) => void listeners.set(event, callback),
    off() {},
    send() {},
    save_changes: () => void sent.push(state.kernel),
  };
}

test("changes show at once, travel at a civil pace, and the last one always goes", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const model = stubModel();
  const lively = livelyModel(model);
  /** @type {any[]} */
  const seen = [];
  lively.on("change:kernel", () => seen.push(lively.get("kernel")));
  for (const value of [1, 2, 3]) {
    lively.set("kernel", value);
    lively.save_changes();
  }
  assert.deepEqual(seen, [1, 2, 3]);
  assert.deepEqual(model.sent, [1]);
  t.mock.timers.tick(60);
  assert.deepEqual(model.sent, [1, 3]);
});

test("an echo of an older value does not win over the hand", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const model = stubModel();
  const lively = livelyModel(model);
  lively.on("change:kernel", () => {});
  lively.set("kernel", 1);
  lively.save_changes();
  lively.set("kernel", 2);
  lively.save_changes();
  model.set("kernel", 1);
  assert.equal(lively.get("kernel"), 2);
  lively.flush();
  assert.deepEqual(model.sent, [1, 2]);
  model.set("kernel", 9);
  assert.equal(lively.get("kernel"), 9);
});
