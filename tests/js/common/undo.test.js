import assert from "node:assert/strict";
import test from "node:test";
import { makeHistory } from "../../../signlang_widgets/widgets/common/undo.js";

/** @param {number} a @param {number} b */
const same = (a, b) => a === b;

test("undo and redo walk through what was recorded", () => {
  const history = makeHistory(0, same);
  history.record(1);
  history.record(2);
  assert.equal(history.go(-1), 1);
  assert.equal(history.go(-1), 0);
  assert.equal(history.canUndo(), false);
  assert.equal(history.go(1), 1);
  history.record(5);
  assert.equal(history.canRedo(), false);
  assert.equal(history.go(-1), 1);
});

test("one gesture is one step, and the state before it survives", () => {
  const history = makeHistory(0, same);
  const drag = {};
  for (const value of [1, 2, 3]) history.record(value, drag);
  history.record(4, {});
  assert.equal(history.go(-1), 3);
  assert.equal(history.go(-1), 0);
});

test("a value that did not change is no step", () => {
  const history = makeHistory(7, same);
  history.record(7);
  assert.equal(history.canUndo(), false);
});
