// The one throttle: acts at once, then no more often and with no more bytes than may go out; what came last is always done.

/** @typedef {{now: () => number, later: (act: () => void, wait: number) => any, drop: (timer: any) => void}} Clock */
/** @typedef {{most: number, aMillisecond: number}} Budget bytes that may come at once after a rest, and for ever */

/** @type {Clock} */
const CLOCK = {
  now: () => performance.now(),
  later: (act, wait) => setTimeout(act, wait),
  drop: (timer) => clearTimeout(timer),
};

export class Throttle {
  /**
   * @param {number} every milliseconds between two acts, on average
   * @param {{burst?: number, bytes?: Budget | null, clock?: Clock}} [limits] `burst`: acts at once after a rest
   */
  constructor(every, { burst = 1, bytes = null, clock = CLOCK } = {}) {
    this.every = every;
    this.burst = burst;
    this.bytes = bytes;
    this.clock = clock;
    /** @type {Map<string, () => void>} */
    this.waiting = new Map();
    this.acts = burst;
    this.room = bytes?.most ?? 0;
    this.usual = 0; // bytes of the last answer: the next one must find as much room
    this.counted = clock.now();
    this.timer = null;
    this.stopped = false;
  }

  /** A newer act of the same name takes the place of one that waits. @param {() => void} act @param {string} [name] */
  run(act, name = "") {
    if (this.stopped) return;
    this.waiting.set(name, act);
    if (this.timer === null) this.pump();
  }

  /** Notes what an answer weighed. @param {number} bytes */
  spend(bytes) {
    if (!this.bytes) return;
    this.refill();
    this.room -= bytes;
    this.usual = Math.min(bytes, this.bytes.most);
  }

  /** Does at once what waits. */
  flush() {
    this.rest();
    for (const [name, act] of [...this.waiting]) {
      this.waiting.delete(name);
      this.acts -= 1;
      act();
    }
  }

  /** Nothing is done any more. */
  stop() {
    this.stopped = true;
    this.waiting.clear();
    this.rest();
  }

  rest() {
    if (this.timer !== null) this.clock.drop(this.timer);
    this.timer = null;
  }

  refill() {
    const passed = this.clock.now() - this.counted;
    this.counted += passed;
    this.acts = Math.min(this.burst, this.acts + passed / this.every);
    if (this.bytes) this.room = Math.min(this.bytes.most, this.room + passed * this.bytes.aMillisecond);
  }

  /** Milliseconds until the next act may be. */
  wait() {
    this.refill();
    const forBytes = this.bytes ? (this.usual - this.room) / this.bytes.aMillisecond : 0;
    return Math.ceil(Math.max((1 - this.acts) * this.every, forBytes, 0));
  }

  pump() {
    this.timer = null;
    while (this.waiting.size) {
      const wait = this.wait();
      if (wait > 0) {
        this.timer = this.clock.later(() => this.pump(), wait);
        return;
      }
      const [[name, act]] = this.waiting;
      this.waiting.delete(name);
      this.acts -= 1;
      act();
    }
  }
}
