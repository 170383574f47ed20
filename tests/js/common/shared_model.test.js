import assert from "node:assert/strict";
import test from "node:test";
import { SharedModel } from "../../../signlang_widgets/widgets/common/shared_model.js";
import { handTurnedClock } from "../clock.js";

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

test("changes show at once, travel through a throttle, and the last one always goes", () => {
  const clock = handTurnedClock();
  const model = stubModel();
  const shared = new SharedModel(model, clock);
  /** @type {any[]} */
  const seen = [];
  shared.on("change:kernel", () => seen.push(shared.get("kernel")));
  for (const value of [1, 2, 3]) {
    shared.set("kernel", value);
    shared.save_changes();
  }
  assert.deepEqual(seen, [1, 2, 3]);
  assert.deepEqual(model.sent, [1]);
  clock.pass(60);
  assert.deepEqual(model.sent, [1, 3]);
});

test("an echo of an older value does not win over the hand", () => {
  const clock = handTurnedClock();
  const model = stubModel();
  const shared = new SharedModel(model, clock);
  shared.on("change:kernel", () => {});
  shared.set("kernel", 1);
  shared.save_changes();
  shared.set("kernel", 2);
  shared.save_changes();
  model.set("kernel", 1);
  assert.equal(shared.get("kernel"), 2);
  shared.flush();
  assert.deepEqual(model.sent, [1, 2]);
  model.set("kernel", 9);
  assert.equal(shared.get("kernel"), 9);
});

test("a front end that cannot send, save or forget costs no more than that", (t) => {
  t.mock.method(console, "warn", () => {});
  const model = stubModel();
  const refuse = () => {
    throw new Error("not here");
  };
  Object.assign(model, { save_changes: refuse, send: refuse, off: refuse });
  const shared = new SharedModel(model, handTurnedClock());
  shared.set("kernel", 5);
  shared.save_changes();
  shared.send({ ask: "anything" });
  shared.off("msg:custom", () => {});
  assert.equal(shared.get("kernel"), 5);
});
