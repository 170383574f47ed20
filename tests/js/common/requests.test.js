import assert from "node:assert/strict";
import test from "node:test";
import { Requests } from "../../../signlang_widgets/widgets/common/requests.js";
import { handTurnedClock } from "../clock.js";

/** A page and a Python that answers when it is told to. */
function asking() {
  const clock = handTurnedClock();
  /** @type {any[]} */
  const sent = [];
  /** @type {Map<string, (...args: any[]) => void>} */
  const listeners = new Map();
  /** @type {any} */
  const model = {
    on: (/** @type {string} */ event, /** @type {any} */ callback) => listeners.set(event, callback),
    send: (/** @type {any} */ content, /** @type {any} */ _callbacks, /** @type {any} */ buffers) =>
      sent.push({ ...content, buffers }),
  };
  const requests = new Requests(model, clock);
  /** @param {any} question @param {any} [told] @param {DataView[]} [buffers] */
  const answer = (question, told = {}, buffers = []) =>
    listeners.get("msg:custom")?.({ ...told, id: question.id }, buffers);
  return { clock, sent, model, requests, answer, destroy: () => listeners.get("destroy")?.() };
}

test("an answer finds its question, whatever came between", () => {
  const { clock, sent, requests, answer } = asking();
  /** @type {any[]} */
  const heard = [];
  requests.ask("maps", { layer: "a" }, (told) => heard.push(["maps", told.value]));
  requests.ask("chain", { row: 3 }, (told) => heard.push(["chain", told.value]));
  clock.pass(1);
  assert.deepEqual(
    sent.map(({ ask, layer, row }) => [ask, layer, row]),
    [
      ["maps", "a", undefined],
      ["chain", undefined, 3],
    ],
  );
  answer(sent[1], { value: 2 });
  answer(sent[0], { value: 1 });
  answer(sent[0], { value: "again" });
  answer({ id: "another page's" }, { value: "theirs" });
  assert.deepEqual(heard, [
    ["chain", 2],
    ["maps", 1],
  ]);
});

test("of one kind one question is on its way; the last wish wins", () => {
  const { clock, sent, requests, answer } = asking();
  /** @type {any[]} */
  const heard = [];
  for (const layer of ["a", "b", "c"]) requests.ask("maps", { layer }, (told) => heard.push(told.layer));
  clock.pass(1000);
  assert.deepEqual(
    sent.map(({ layer }) => layer),
    ["a"],
  );
  answer(sent[0], { layer: "a" });
  clock.pass(1000);
  assert.deepEqual(
    sent.map(({ layer }) => layer),
    ["a", "c"],
  );
  answer(sent[1], { layer: "c" });
  assert.deepEqual(heard, ["a", "c"]);
});

test("two pages that look at one model never share an id", () => {
  const [one, other] = [asking(), asking()];
  for (const { requests } of [one, other]) requests.ask("maps", {});
  assert.notEqual(one.sent[0].id, other.sent[0].id);
});

test("a lost answer is asked for again, a command never", () => {
  const { clock, sent, requests, answer } = asking();
  /** @type {any[]} */
  const heard = [];
  requests.ask("maps", {}, () => heard.push("maps"));
  requests.ask("start", {}, () => heard.push("start"), { once: true });
  clock.pass(60_000);
  const asked = sent.filter(({ ask }) => ask === "maps");
  assert.ok(asked.length >= 3 && asked.length <= 5, `${asked.length}`);
  assert.equal(new Set(asked.map(({ id }) => id)).size, 1);
  assert.equal(sent.filter(({ ask }) => ask === "start").length, 1);
  answer(asked[0]);
  answer(asked[1]);
  assert.deepEqual(heard, ["maps"]);
  const before = sent.length;
  clock.pass(600_000);
  assert.equal(sent.length, before);
});

test("an overdue answer is told, and its arrival too", () => {
  const { clock, sent, requests, answer } = asking();
  /** @type {boolean[][]} */
  const told = [];
  const end = requests.watch(() => told.push([requests.late, requests.answered]));
  requests.ask("maps", {});
  clock.pass(1499);
  assert.deepEqual(told, []);
  clock.pass(2);
  answer(sent[0]);
  assert.deepEqual(told, [
    [true, false],
    [false, true],
  ]);
  end();
  requests.ask("maps", {});
  clock.pass(5000);
  assert.equal(told.length, 2);
});

test("heavy answers slow down what is asked next", () => {
  const { clock, sent, requests, answer } = asking();
  for (let i = 0; i < 200; i++) {
    requests.ask("maps", { i });
    clock.pass(20);
    const last = sent.at(-1);
    if (last && !last.done) {
      last.done = true;
      answer(last, {}, [new DataView(new ArrayBuffer(100_000))]);
    }
  }
  assert.ok(sent.length * 100_000 < 700_000 + 4000 * 275 + 100_000, `${sent.length}`);
  assert.ok(sent.length >= 12, `${sent.length}`);
});

test("a page of its own asks nobody, and a model that is gone is not waited for", () => {
  const alone = asking();
  alone.model.alone = true;
  alone.requests.ask("maps", {});
  alone.clock.pass(10_000);
  assert.deepEqual(alone.sent, []);
  assert.equal(alone.requests.late, false);
  const gone = asking();
  gone.requests.ask("maps", {});
  gone.destroy();
  gone.clock.pass(60_000);
  assert.equal(gone.sent.length, 1);
  assert.equal(gone.requests.late, false);
});

test("bytes travel with a question", () => {
  const { clock, sent, requests } = asking();
  const pixels = new Uint8Array([1, 2, 3]).buffer;
  requests.ask("maps", {}, () => {}, { buffers: [pixels] });
  clock.pass(1);
  assert.deepEqual(sent[0].buffers, [pixels]);
});

test("what goes at once does not wait for the throttle", () => {
  const { sent, requests } = asking();
  for (const kind of ["a", "b", "c", "d", "e"]) requests.ask(kind, {});
  assert.equal(sent.length, 3);
  for (let i = 0; i < 3; i++) requests.ask("stop", { i }, () => {}, { once: true, atOnce: true });
  assert.deepEqual(
    sent.slice(3).map(({ ask, i }) => [ask, i]),
    [
      ["stop", 0],
      ["stop", 1],
      ["stop", 2],
    ],
  );
});

test("the browser's own timers are called as the browser wants it", () => {
  const { setTimeout: later, clearTimeout: drop } = globalThis;
  /** @type {any[]} */
  const dropped = [];
  globalThis.setTimeout = /** @type {any} */ (() => 7);
  globalThis.clearTimeout = /** @type {any} */ (
    function (/** @type {any} */ timer) {
      // @ts-expect-error: a browser throws "Illegal invocation" for any other owner
      assert.ok(this === undefined || this === globalThis);
      dropped.push(timer);
    }
  );
  try {
    const { sent, model } = asking();
    /** @type {Map<string, any>} */
    const heard = new Map();
    const on = (/** @type {string} */ event, /** @type {any} */ act) => heard.set(event, act);
    const requests = new Requests({ ...model, on });
    requests.ask("maps", {});
    heard.get("msg:custom")({ id: sent[0].id }, []);
    assert.deepEqual([dropped, requests.answered], [[7], true]);
  } finally {
    Object.assign(globalThis, { setTimeout: later, clearTimeout: drop });
  }
});

test("who hears an answer may ask on: no question that waits is lost", () => {
  const { clock, sent, requests, answer } = asking();
  /** @type {string[]} */
  const heard = [];
  requests.ask("maps", { layer: "a" }, () => {
    heard.push("a");
    requests.ask("maps", { layer: "c" }, () => heard.push("c"));
  });
  requests.ask("maps", { layer: "b" }, () => heard.push("b"));
  for (let i = 0; i < 3; i++) {
    clock.pass(1000);
    answer(sent[i]);
  }
  assert.deepEqual(heard, ["a", "b", "c"]);
});
