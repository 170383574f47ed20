import assert from "node:assert/strict";
import test from "node:test";
import { agrees, missed } from "../../../signlang_widgets/widgets/steppers/predict.js";
import { windowMistakes } from "../../../signlang_widgets/widgets/steppers/wrong_window.js";

test("whole values are met exactly, others to half a percent", () => {
  assert.ok(agrees(25, 25));
  assert.ok(!agrees(25.1, 25));
  assert.ok(agrees(0.333, 1 / 3));
  assert.ok(!agrees(0, 1 / 3));
  assert.ok(!agrees(-0.333, 1 / 3));
});

test("the first mistake that leads to the answer is named, or none", () => {
  /** @type {[number, string][]} */
  const mistakes = [
    [1, "a"],
    [2, "b"],
    [2, "c"],
  ];
  assert.equal(missed(2, mistakes), "b");
  assert.equal(missed(7, mistakes), null);
});

test("a window one cell off is named by where it lies", () => {
  const image = { height: 5, width: 7, channels: 1, data: [] };
  const moves = { stride: 2, padding: 0, dilation: 1 };
  const plan = {
    image,
    moves,
    window: { height: 2, width: 2 },
    rows: 2,
    columns: 3,
    output: [0, 0, 0, 0, 0, 0],
    problem: null,
    ceil: false,
  };
  const value = (/** @type {number} */ top, /** @type {number} */ left) => 100 * top + left;
  assert.equal(missed(3, windowMistakes(plan, 1, value)), "Wrong window: yours lies 1 cell too far right.");
  assert.equal(missed(202, windowMistakes(plan, 1, value)), "Wrong window: yours lies 2 cells too low.");
});
