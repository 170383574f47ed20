// One player over an output, shared by all views of a model: where it stands, whether it plays, what was answered.

import { Throttle } from "../common/throttle.js";

/** @typedef {import("../common/view.js").Model} Model */

/**
 * What is walked over: computed from the model's settings, kept until one of them changes.
 * @typedef {{
 *   problem: string | null, rows: number, columns: number, output: ArrayLike<number>, image: import("../drawing/ops.js").Planes,
 *   window: import("./output_size.js").Sides, moves: import("./output_size.js").Moves, ceil: boolean,
 * }} Plan
 */

const SEND_EVERY = 100; // milliseconds between messages to Python while it plays
const GAP = 500; // a longer pause between frames means that the page was hidden: go on from where it was

/** @template {Plan} P */
export class Player {
  /**
   * @param {Model} model @param {string[]} settings @param {(model: Model) => P} planOf
   * @param {import("../common/throttle.js").Clock} [clock]
   */
  constructor(model, settings, planOf, clock) {
    this.model = model;
    this.planOf = planOf;
    /** @type {P | null} */
    this.known = null;
    this.playing = false;
    this.speed = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1 : 5;
    this.clock = { at: 0, from: 0, since: 0, seen: 0 };
    this.throttle = new Throttle(SEND_EVERY, { clock });
    /** Steps whose value was told, and steps whose answer was counted. */
    this.told = new Set();
    this.counted = new Set();
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    for (const name of settings) model.on(`change:${name}`, () => this.replan());
    model.on("change:predict", () => this.forget());
  }

  get plan() {
    this.known ??= this.planOf(this.model);
    return this.known;
  }

  get count() {
    return this.plan.rows * this.plan.columns;
  }

  /** The present step; 0 while Python and the browser do not agree on the output's size yet. */
  get step() {
    const step = this.playing ? this.clock.at : this.model.get("step");
    return step < this.count ? step : 0;
  }

  get hidden() {
    return this.model.get("predict") && !this.told.has(this.step);
  }

  /** @param {import("../common/view.js").View} view @param {() => void} callback called when it starts, stops or tells */
  watch(view, callback) {
    this.watchers.add(callback);
    view.cleanup(() => {
      this.watchers.delete(callback);
      if (this.watchers.size === 0) this.pause();
    });
  }

  tell() {
    for (const callback of this.watchers) callback();
  }

  replan() {
    this.known = null;
    this.pause();
    this.forget();
    if (this.count && this.model.get("step") >= this.count) this.put(0);
  }

  forget() {
    this.told.clear();
    this.counted.clear();
    if (this.model.get("predict")) this.pause();
  }

  /** @param {number} step */
  put(step) {
    this.model.set("step", step);
    this.model.save_changes();
  }

  /** Jumps to a step and pauses. @param {number} step */
  jump(step) {
    this.pause();
    const inside = Math.max(0, Math.min(this.count - 1, step));
    if (inside !== this.model.get("step")) this.put(inside);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    if (this.model.get("predict") || this.count === 0) return;
    if (this.step === this.count - 1) this.put(0);
    this.clock.at = this.step;
    this.playing = true;
    this.restart();
    this.tell();
    requestAnimationFrame((now) => this.frame(now));
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.throttle.flush();
    this.tell();
  }

  /** @param {number} speed steps a second */
  setSpeed(speed) {
    this.speed = speed;
    this.restart();
    this.tell();
  }

  restart() {
    const now = performance.now();
    Object.assign(this.clock, { from: this.clock.at, since: now, seen: now });
  }

  /** @param {number} now */
  frame(now) {
    if (!this.playing) return;
    const { clock } = this;
    if (now - clock.seen > GAP) this.restart();
    clock.seen = Math.max(clock.seen, now);
    const due = clock.from + Math.floor(((now - clock.since) * this.speed) / 1000);
    this.advance(Math.min(due, this.count - 1));
    if (clock.at === this.count - 1) this.pause();
    else requestAnimationFrame((next) => this.frame(next));
  }

  /** @param {number} step */
  advance(step) {
    if (step <= this.clock.at) return;
    this.clock.at = step;
    this.model.set("step", step);
    this.throttle.run(() => this.model.save_changes());
  }
}
