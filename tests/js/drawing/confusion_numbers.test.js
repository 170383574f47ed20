import assert from "node:assert/strict";
import test from "node:test";
import {
  Counts,
  cellText,
  grouped,
  level,
  percent,
  pinWords,
  placeWords,
  scaleWords,
  written,
} from "../../../signlang_widgets/widgets/drawing/confusion_numbers.js";

// true M: 350 read, 37 predicted N, 7 for S; true N: 25 predicted M, 300 read; S never occurs.
const counts = new Counts([350, 37, 7, 25, 300, 0, 0, 0, 0], ["M", "N", "S"]);
const words = (/** @type {any} */ pin, mode = "count", pairs = false) =>
  placeWords(counts, pin, { mode: /** @type {any} */ (mode), pairs });

test("a cell in words", () => {
  assert.equal(words([0, 1]), "true M, predicted N: 37 of 394 (9.4 %)");
  assert.equal(words([0, 1], "recall"), words([0, 1]));
  assert.equal(words([0, 1], "precision"), "predicted N, true M: 37 of 337 (11.0 %)");
  assert.equal(words([0, 0]), "true M, predicted M: 350 of 394 (88.8 %)");
  assert.equal(words([2, 0]), "true S, predicted M: no image");
});

test("rows, columns and pairs in words", () => {
  assert.equal(words([0, null]), "true M: 394 images, recall 88.8 %");
  assert.equal(words([2, null]), "true S: 0 images, recall \u2013");
  assert.equal(words([null, 1]), "predicted N: 337 images, precision 89.0 %");
  assert.equal(words([0, 1], "count", true), "M and N mixed up: 62 of 719 (8.6 %); M for N 25, N for M 37");
  assert.equal(words([1, 1], "count", true), "true N, predicted N: 300 of 325 (92.3 %)");
  assert.equal(pinWords(["M", "N"], [0, 0], false), "M, read correctly");
  assert.equal(pinWords(["M", "N"], [null, 0], true), "predicted M");
});

test("a place holds as many images as its cells", () => {
  const held = (/** @type {any} */ pin, pairs = false) => counts.held(pin, pairs);
  assert.deepEqual([held([0, 1]), held([0, 1], true), held([0, null]), held([null, 1])], [37, 62, 394, 337]);
  assert.deepEqual([held([1, 1], true), held(null), held([2, null])], [300, 0, 0]);
});

test("a share of nothing is no number", () => {
  assert.equal(counts.value(2, 0, "recall", false), null);
  assert.equal(counts.value(2, 0, "count", false), 0);
  assert.equal(counts.value(0, 2, "precision", false), 1);
  assert.equal(counts.value(0, 1, "recall", true), 62 / 719);
  assert.equal(counts.value(0, 1, "precision", true), 62 / 712);
});

test("the commonest mistakes, each pair once in the pair view", () => {
  assert.deepEqual(counts.mistakes(false, 2), [
    { pin: [0, 1], count: 37 },
    { pin: [1, 0], count: 25 },
  ]);
  assert.deepEqual(counts.mistakes(true, 9), [
    { pin: [0, 1], count: 62 },
    { pin: [0, 2], count: 7 },
  ]);
});

test("a share is 0 % or 100 % only when it is", () => {
  assert.deepEqual([0, 0.0001, 0.0939, 0.9999, 1].map(percent), ["0.0 %", "< 0.1 %", "9.4 %", "> 99.9 %", "100.0 %"]);
  assert.deepEqual([0, 999, 1000, 1234567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
});

test("classes that neither occur nor are predicted are left out", () => {
  assert.deepEqual(counts.occurring(), [0, 1, 2]); // S never occurs, but is predicted
  assert.deepEqual(new Counts([0, 0, 0, 0, 2, 0, 0, 1, 0], ["J", "M", "N"]).occurring(), [1, 2]);
});

test("what stands in a cell", () => {
  assert.deepEqual(
    [0, 37, null].map((v) => cellText(v, "count")),
    ["", "37", ""],
  );
  assert.deepEqual(
    [0, 0.094, 0.001, 1, null].map((v) => cellText(v, "recall")),
    ["", "9", "<1", "100", ""],
  );
  assert.deepEqual([40, 41].map(written), [true, false]);
});

test("one image in a hundred that is misread shows, and the scale says how", () => {
  assert.deepEqual(
    [0, 1, 25, 100].map((count) => level(count, 100)),
    [0, 0.1, 0.5, 1],
  );
  const look = { mode: /** @type {const} */ ("count"), pairs: false, hideDiagonal: true };
  assert.deepEqual(scaleWords(look, 1350), {
    low: "0",
    high: "1,350",
    words: "images a cell, diagonal left out, square-root scale",
  });
});
