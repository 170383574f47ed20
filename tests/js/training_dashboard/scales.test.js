import assert from "node:assert/strict";
import test from "node:test";
import {
  axisOver,
  linearTicks,
  logTicks,
  nearestPlace,
  roundStep,
  share,
} from "../../../signlang_widgets/widgets/training_dashboard/scales.js";

test("ticks are round, inside, evenly spaced and few", () => {
  assert.deepEqual(linearTicks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(linearTicks(0, 3.5, 5), [0, 1, 2, 3]);
  assert.deepEqual(linearTicks(0, 30, 8), [0, 5, 10, 15, 20, 25, 30]);
  for (let seed = 1; seed < 300; seed++) {
    const high = 10 ** (Math.sin(seed) * 4);
    const ticks = linearTicks(0, high, 5);
    assert.ok(ticks.length >= 2 && ticks.length <= 6, `${ticks}`);
    assert.ok(ticks[0] === 0 && (ticks.at(-1) ?? 0) <= high * (1 + 1e-9));
    for (let i = 2; i < ticks.length; i++)
      assert.ok(Math.abs(ticks[i] - 2 * ticks[i - 1] + ticks[i - 2]) <= 1e-9 * high);
  }
});

test("a step is 1, 2 or 5 times a power of ten", () => {
  assert.equal(roundStep(1, 5), 0.2);
  assert.equal(roundStep(3.5, 5), 1);
  assert.equal(roundStep(0.09, 5), 0.02);
  assert.equal(roundStep(51, 5), 20);
});

test("logarithmic ticks", () => {
  assert.deepEqual(logTicks(0.05, 3), [0.05, 0.1, 0.2, 0.5, 1, 2]);
  assert.deepEqual(logTicks(1.6, 3.8), [2, 3]);
  assert.deepEqual(logTicks(1.1, 1.9), [1.2, 1.4, 1.6, 1.8]);
  assert.deepEqual(logTicks(1e-4, 1e4), [0.0001, 0.01, 1, 100, 10000]);
});

test("a place on an axis", () => {
  assert.equal(share({ low: 0, high: 4, log: false }, 1), 0.25);
  assert.ok(Math.abs(share({ low: 0.01, high: 100, log: true }, 1) - 0.5) < 1e-12);
  assert.ok(Number.isFinite(share({ low: 0.01, high: 100, log: true }, 0)));
});

test("an axis holds every finite value", () => {
  assert.deepEqual(axisOver([0.3, 3.26, Number.NaN, Number.POSITIVE_INFINITY], false), { low: 0, high: 4, log: false });
  assert.deepEqual(axisOver([], false), { low: 0, high: 1, log: false });
  const { low, high } = axisOver([0.02, 3], true);
  assert.ok(low > 0 && low < 0.02 && high > 3);
});

test("the nearest place", () => {
  const xs = [0.5, 1, 1.5, 4];
  assert.deepEqual(
    [-3, 0.7, 0.8, 1.4, 2.7, 2.8, 9].map((x) => nearestPlace(xs, x)),
    [0, 0, 1, 2, 2, 3, 3],
  );
  assert.equal(nearestPlace([], 1), -1);
});
