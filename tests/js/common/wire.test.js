import assert from "node:assert/strict";
import test from "node:test";
import { numbersIn, packed, unpacked } from "../../../signlang_widgets/widgets/common/wire.js";

test("what was packed comes back, in memory of its own", () => {
  for (const numbers of [
    Uint8Array.of(0, 7, 255),
    Int32Array.of(-5, 0, 70_000),
    Float32Array.of(-0.5, 0, Infinity),
    Float64Array.of(1e-300, 2, NaN),
  ]) {
    const there = packed([3], numbers);
    assert.deepEqual(unpacked(there), numbers);
    numbers[0] = 9;
    assert.notEqual(unpacked(there)[0], 9);
  }
});

test("bytes that begin anywhere in a buffer are read", () => {
  const bytes = new Uint8Array(9);
  new DataView(bytes.buffer).setFloat32(1, 2.5, true);
  assert.deepEqual(numbersIn(new DataView(bytes.buffer, 1, 4), "float32"), Float32Array.of(2.5));
});
