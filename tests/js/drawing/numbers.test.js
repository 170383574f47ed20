import assert from "node:assert/strict";
import test from "node:test";
import {
  addedUp,
  fitted,
  fixed,
  matrixOf,
  parsed,
  shown,
  spoken,
} from "../../../signlang_widgets/widgets/drawing/numbers.js";

/** @param {string} text */
const value = (text) => Number(text.replace("\u2212", "-"));

test("whole products stay whole and add up", () => {
  const { terms, sum, rounded } = addedUp([-22, 48, 0, -3]);
  assert.deepEqual(terms, ["\u221222", "48", "0", "\u22123"]);
  assert.equal(sum, "23");
  assert.equal(rounded, false);
});

test("decimals that end are shown to the end", () => {
  const { terms, sum, rounded } = addedUp([0.25, -1.5, 0.1]);
  assert.deepEqual(terms, ["0.25", "\u22121.50", "0.10"]);
  assert.equal(sum, "\u22121.15");
  assert.equal(rounded, false);
});

test("rounded terms add up to the rounded sum, each within one unit", () => {
  for (let seed = 1; seed < 200; seed++) {
    const numbers = Array.from({ length: 1 + (seed % 81) }, (_, i) => Math.sin(seed * 7.3 + i * 1.7) * 40);
    const { terms, sum, rounded } = addedUp(numbers);
    const total = numbers.reduce((a, b) => a + b, 0);
    assert.equal(rounded, true);
    assert.ok(Math.abs(value(sum) - total) <= 0.0005 + 1e-9);
    const units = terms.map((t) => Math.round(value(t) * 1000));
    assert.equal(
      units.reduce((a, b) => a + b, 0),
      Math.round(value(sum) * 1000),
    );
    for (const [i, t] of terms.entries()) assert.ok(Math.abs(value(t) - numbers[i]) <= 0.001 + 1e-9);
  }
});

test("numbers are shown short and spoken in words", () => {
  assert.equal(shown(-1), "\u22121");
  assert.equal(shown(1 / 9), "0.111");
  assert.equal(shown(-0), "0");
  const narrow = [-0.838, 1.25, 10.5, 0, -3, 999999].map((v) => fitted(v, 4));
  assert.deepEqual(narrow, ["\u2212.84", "1.25", "10.5", "0", "\u22123", "1e6"]);
  const wide = [-0.00677, 0.123, -0.000012, 999999, 1 / 3].map((v) => fitted(v, 6));
  assert.deepEqual(wide, ["\u2212.0068", "0.123", "\u22121e-5", "999999", "0.333"]);
  assert.equal(fixed(-0.0001, 2), "0.00");
  assert.equal(spoken(-2.5), "minus 2.5");
});

test("typed text is a finite number of sensible size, or nothing", () => {
  assert.equal(parsed(" -1.5 "), -1.5);
  assert.equal(parsed("\u22122"), -2);
  assert.equal(parsed("0,5"), 0.5);
  assert.equal(parsed("1e3"), 1000);
  assert.equal(parsed("-1/9"), -1 / 9);
  assert.equal(parsed("1/0"), null);
  for (const text of ["", "-", "abc", "NaN", "Infinity", "1e9", "1 2", "0x10"]) assert.equal(parsed(text), null);
});

test("pasted matrices are read however they were written", () => {
  const rows = [
    [1, 2],
    [-3, 4.5],
  ];
  for (const text of [
    "1 2\n-3 4.5",
    "1\t2\r\n-3\t4.5\r\n",
    "[[1, 2], [-3, 4.5]]",
    "1,2;-3,4.5",
    "tensor([[1., 2.],\n [-3., 4.5]])",
  ])
    assert.deepEqual(matrixOf(text), rows);
  assert.equal(matrixOf("7"), null);
  assert.ok(Number.isNaN(matrixOf("1 x")?.[0][1]));
});
