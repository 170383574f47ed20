// The page asks, Python answers: the one way to do so, with what becomes of lost answers, a busy kernel and no kernel at all.
//
// A question goes out as {ask, id, ...}, its answer comes back as {id, ...} or {id, problem}. Of one kind only one question is
// on its way; a newer one takes the place of the one that waits behind it, so that the last wish always wins.

import { Throttle } from "./throttle.js";

/** @typedef {import("./view.js").Model} Model */
/** @typedef {{id: string, problem?: string} & Record<string, any>} Answer */
/** @typedef {(answer: Answer, buffers: DataView[]) => void} Then */
/**
 * `once`: a command, never repeated. `name`: what a newer question must share to take the place of an older one.
 * `atOnce`: never waits for the throttle. `quiet`: nobody is told that its answer is late.
 * @typedef {{buffers?: ArrayBuffer[], once?: boolean, name?: string, atOnce?: boolean, quiet?: boolean}} Way
 */
/** @typedef {{id: string, question: Record<string, any>, then: Then, way: Way, patience: number, timer: any}} Asked */

const EVERY = 145; // milliseconds between questions: with those at once at most ten a second
const AT_ONCE = 3;
const BYTES = { most: 700_000, aMillisecond: 275 }; // of answers
const LATE = 1500; // milliseconds without an answer before the page says so
const AGAIN = 5000; // milliseconds before a question is asked again; twice as long each time

export class Requests {
  /** @param {Model} model @param {import("./throttle.js").Clock} [clock] */
  constructor(model, clock) {
    this.model = model;
    this.clock = clock ?? {
      now: () => performance.now(),
      later: (act, wait) => setTimeout(act, wait),
      drop: (timer) => clearTimeout(timer),
    };
    this.throttle = new Throttle(EVERY, { burst: AT_ONCE, bytes: BYTES, clock });
    this.page = Math.random().toString(36).slice(2); // two tabs on one notebook hear each other's answers
    this.count = 0;
    /** Questions on their way, by name. @type {Map<string, Asked>} */
    this.open = new Map();
    /** Questions that wait behind one of the same name. @type {Map<string, () => void>} */
    this.behind = new Map();
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    /** Whether an answer is overdue: a cell is running, or no kernel is. */
    this.late = false;
    /** Whether Python has answered since the page was opened. */
    this.answered = false;
    model.on("msg:custom", (/** @type {Answer} */ answer, /** @type {DataView[]} */ buffers = []) =>
      this.hear(answer, buffers),
    );
    model.on("destroy", () => this.stop());
  }

  /** Whether there is no Python to ask: a page of its own. */
  get alone() {
    return Boolean(this.model.alone);
  }

  /** @param {string} kind @param {Record<string, any>} question @param {Then} [then] @param {Way} [way] */
  ask(kind, question, then = () => {}, way = {}) {
    if (this.alone) return;
    const name = way.name ?? kind;
    const now = () => this.send(name, { ...question, ask: kind }, then, way);
    const send = way.atOnce ? now : () => this.throttle.run(now, name);
    if (this.open.has(name) && !way.once) this.behind.set(name, send);
    else send();
  }

  /** Calls back when `late` or `answered` changes. @param {() => void} callback @returns {() => void} what ends it */
  watch(callback) {
    this.watchers.add(callback);
    return () => this.watchers.delete(callback);
  }

  /** Nobody asks or waits any more. */
  stop() {
    this.throttle.stop();
    for (const asked of this.open.values()) this.clock.drop(asked.timer);
    this.open.clear();
    this.behind.clear();
  }

  /** @param {string} name @param {Record<string, any>} question @param {Then} then @param {Way} way */
  send(name, question, then, way) {
    this.count += 1;
    const id = `${this.page}-${this.count}`;
    const asked = { id, question, then, way, patience: AGAIN, timer: null };
    this.open.set(way.once ? id : name, asked);
    this.post(asked);
    asked.timer = this.clock.later(() => this.overdue(asked), LATE);
  }

  /** @param {Asked} asked */
  post({ id, question, way }) {
    this.model.send({ ...question, id }, undefined, way.buffers);
  }

  /** @param {Asked} asked */
  overdue(asked) {
    if (!asked.way.quiet) this.tell(true, this.answered);
    if (asked.way.once) return;
    asked.timer = this.clock.later(() => {
      this.post(asked);
      asked.patience *= 2;
      this.overdue(asked);
    }, asked.patience);
  }

  /** @param {Answer} answer @param {DataView[]} buffers */
  hear(answer, buffers) {
    const found = [...this.open].find(([, asked]) => asked.id === answer?.id);
    if (!found) return;
    const [name, asked] = found;
    this.open.delete(name);
    this.clock.drop(asked.timer);
    this.throttle.spend(buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0));
    const next = this.behind.get(name); // before anyone hears: who hears may ask on, and stands behind it then
    this.behind.delete(name);
    next?.();
    this.tell(false, true);
    asked.then(answer, buffers);
  }

  /** @param {boolean} late @param {boolean} answered */
  tell(late, answered) {
    if (late === this.late && answered === this.answered) return;
    this.late = late;
    this.answered = answered;
    for (const callback of [...this.watchers]) callback();
  }
}
