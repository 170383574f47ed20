import assert from "node:assert/strict";
import test from "node:test";
import { Requests } from "../../../signlang_widgets/widgets/common/requests.js";
import { RunDriver } from "../../../signlang_widgets/widgets/training_dashboard/run_driver.js";
import { handTurnedClock } from "../clock.js";

function driving(ticking = false, alone = false) {
  const clock = handTurnedClock();
  /** @type {any[]} */
  const sent = [];
  /** @type {Map<string, any>} */
  const listeners = new Map();
  const status = { ticking };
  /** @type {any} */
  const model = {
    alone,
    get: () => status,
    on: (/** @type {string} */ event, /** @type {any} */ act) => listeners.set(event, act),
    send: (/** @type {any} */ content) => sent.push(content),
  };
  const requests = new Requests(model, clock);
  const driver = new RunDriver(model, requests);
  const answer = (/** @type {any} */ { id }) => listeners.get("msg:custom")({ id }, []);
  return { clock, sent, status, requests, driver, answer, change: () => listeners.get("change:status")() };
}

test("a tick is asked for when the last one's answer is here, never by a timer", () => {
  const { clock, sent, status, answer, change } = driving(true);
  assert.deepEqual(
    sent.map(({ ask }) => ask),
    ["tick"],
  );
  change();
  clock.pass(60_000);
  assert.equal(sent.length, 1);
  for (let i = 0; i < 50; i++) answer(sent[i]);
  assert.equal(sent.length, 51);
  status.ticking = false;
  answer(sent[50]);
  assert.equal(sent.length, 51);
});

test("a slice that takes long is not a silence", () => {
  const { clock, requests } = driving(true);
  clock.pass(60_000);
  assert.equal(requests.late, false);
});

test("every command goes at once, each one time, and a silence is told", () => {
  const { clock, sent, driver, requests, answer } = driving();
  for (const act of ["start", "pause", "start", "stop", "reset", "stop"]) driver.command(act);
  assert.deepEqual(
    sent.map(({ ask }) => ask),
    ["start", "pause", "start", "stop", "reset", "stop"],
  );
  clock.pass(60_000);
  assert.equal(sent.length, 6);
  assert.equal(requests.late, true);
  answer(sent[0]);
  assert.equal(requests.late, false);
});

test("a page without Python trains nothing", () => {
  const { sent, driver } = driving(true, true);
  driver.command("start");
  assert.deepEqual(sent, []);
});
