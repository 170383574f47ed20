import assert from "node:assert/strict";
import test from "node:test";
import { Throttle } from "../../../signlang_widgets/widgets/common/throttle.js";
import { handTurnedClock } from "../clock.js";

/** @param {number} every @param {any} [limits] */
function throttled(every, limits = {}) {
  const clock = handTurnedClock();
  const throttle = new Throttle(every, { ...limits, clock });
  /** @type {[number, any][]} */
  const done = [];
  const act = (/** @type {any} */ what, name = "") => throttle.run(() => done.push([clock.now(), what]), name);
  return { clock, throttle, done, act };
}

test("the first at once, then one in a while, and the last one always", () => {
  const { clock, done, act } = throttled(50);
  for (const value of [1, 2, 3]) act(value);
  assert.deepEqual(done, [[0, 1]]);
  clock.pass(200);
  assert.deepEqual(done.at(-1), [50, 3]);
  assert.equal(done.length, 2);
});

test("after a rest several may go at once, over a second no more than the limit", () => {
  const { clock, done, act } = throttled(145, { burst: 3 });
  for (let time = 0; time < 3000; time += 10) {
    act(time);
    clock.pass(10);
  }
  for (const [at] of done) assert.ok(done.filter(([other]) => other >= at && other < at + 1000).length <= 10);
  assert.ok(done.length >= 20, `${done.length}`);
});

test("of one name the newest stays, of several each gets its turn", () => {
  const { clock, done, act } = throttled(100);
  act("a1", "a");
  act("b1", "b");
  act("c1", "c");
  act("b2", "b");
  clock.pass(1000);
  assert.deepEqual(done, [
    [0, "a1"],
    [100, "b2"],
    [200, "c1"],
  ]);
});

test("heavy answers make the next question wait until there is room for another", () => {
  const { clock, throttle, done, act } = throttled(1, { bytes: { most: 1000, aMillisecond: 10 } });
  act("first");
  throttle.spend(900);
  act("second");
  assert.equal(done.length, 1);
  clock.pass(79);
  assert.equal(done.length, 1);
  clock.pass(2);
  assert.equal(done.length, 2);
});

test("flush does now what waits, stop never", () => {
  const flushed = throttled(50);
  flushed.act(1);
  flushed.act(2);
  flushed.throttle.flush();
  assert.deepEqual(
    flushed.done.map(([, what]) => what),
    [1, 2],
  );
  flushed.clock.pass(1000);
  assert.equal(flushed.done.length, 2);
  const stopped = throttled(50);
  stopped.act(1);
  stopped.act(2);
  stopped.throttle.stop();
  stopped.act(3);
  stopped.clock.pass(1000);
  assert.deepEqual(
    stopped.done.map(([, what]) => what),
    [1],
  );
});
