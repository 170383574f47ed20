import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Player } from "../../../signlang_widgets/widgets/steppers/player.js";
import { handTurnedClock } from "../clock.js";

/** @type {((now: number) => void)[]} */
let frames = [];
let now = 0;
let clock = handTurnedClock();
Object.assign(globalThis, {
  matchMedia: () => ({ matches: false }),
  requestAnimationFrame: (/** @type {(now: number) => void} */ callback) => frames.push(callback),
});
performance.now = () => now;

beforeEach(() => {
  frames = [];
  now = 1000;
  clock = handTurnedClock();
});

/** Lets the clock run, 16 ms a frame. @param {number} milliseconds */
function run(milliseconds) {
  for (const end = now + milliseconds; now < end; now += 16) {
    for (const frame of frames.splice(0)) frame(now);
    clock.pass(16);
  }
}

function walkOver(state = {}) {
  /** @type {Record<string, any>} */
  const traits = { step: 0, predict: false, size: 60, ...state };
  /** @type {Map<string, () => void>} */
  const listeners = new Map();
  const model = /** @type {any} */ ({
    sent: /** @type {number[]} */ ([]),
    get: (/** @type {string} */ name) => traits[name],
    set(/** @type {string} */ name, /** @type {any} */ value) {
      traits[name] = value;
      listeners.get(`change:${name}`)?.();
    },
    on: (/** @type {string} */ event, /** @type {() => void} */ callback) => listeners.set(event, callback),
    save_changes() {
      this.sent.push(traits.step);
    },
  });
  const player = new Player(
    model,
    ["size"],
    (m) => /** @type {any} */ ({ rows: m.get("size") / 10, columns: 10, output: [] }),
    clock,
  );
  return { player, model };
}

test("it plays at its speed, tells Python at most ten times a second, and stops at the end", () => {
  const { player, model } = walkOver();
  player.setSpeed(30);
  player.play();
  run(1000);
  assert.ok(Math.abs(player.step - 30) <= 1, `${player.step}`);
  assert.ok(model.sent.length >= 9 && model.sent.length <= 10, `${model.sent}`);
  run(1200);
  assert.equal(player.step, 59);
  assert.equal(player.playing, false);
  assert.equal(model.get("step"), 59);
  assert.equal(model.sent.at(-1), 59);
});

test("a pause tells Python at once where it stands", () => {
  const { player, model } = walkOver();
  player.setSpeed(60);
  player.play();
  run(360);
  player.pause();
  assert.equal(model.sent.at(-1), player.step);
  const told = model.sent.length;
  run(500);
  assert.equal(model.sent.length, told);
});

test("play at the end begins again; a jump pauses", () => {
  const { player } = walkOver({ step: 59 });
  player.play();
  run(450);
  assert.equal(player.step, 2);
  player.jump(1);
  run(1000);
  assert.deepEqual([player.playing, player.step], [false, 1]);
  player.jump(999);
  assert.equal(player.step, 59);
});

test("a hidden page goes on from where it was", () => {
  const { player } = walkOver();
  player.play();
  run(450);
  now += 60_000;
  run(32);
  assert.ok(player.step <= 3);
});

test("a step that a smaller output does not have starts again", () => {
  const { player, model } = walkOver({ step: 45 });
  model.set("size", 50);
  assert.equal(player.step, 45);
  model.set("size", 20);
  assert.deepEqual([player.step, model.get("step")], [0, 0]);
});

test("predict mode does not play and forgets what it told when it is switched", () => {
  const { player, model } = walkOver({ predict: true });
  player.play();
  assert.equal(player.playing, false);
  player.told.add(0);
  assert.equal(player.hidden, false);
  model.set("predict", false);
  model.set("predict", true);
  assert.equal(player.hidden, true);
});
