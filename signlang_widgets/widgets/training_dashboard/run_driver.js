// Commands to Python, and the ticks that drive a run where Python cannot push (Colab).

/** @typedef {import("../common/view.js").Model} Model */

const PATIENCE = 1500; // milliseconds without an answer before the page says so

/** One for each model: all its views share the ticks and the commands in flight. */
export class RunDriver {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.saved = Boolean(model.get("saved"));
    this.sent = 0;
    this.waits = false;
    this.inFlight = false;
    this.timer = 0;
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    model.on("change:status", () => this.look());
    model.on("msg:custom", (/** @type {any} */ content) => content?.ticked && this.landed());
    this.tick();
  }

  /** @param {string} act what Python should do */
  command(act) {
    if (this.saved) return;
    this.sent = Math.max(this.sent, this.model.get("status").heard) + 1;
    this.model.send({ do: act, number: this.sent });
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.say(true), PATIENCE);
  }

  /** Python told something. */
  look() {
    if (this.model.get("status").heard >= this.sent) {
      clearTimeout(this.timer);
      this.say(false);
    }
    this.tick();
  }

  /** Asks for a slice of training; the next one is asked for when this one's answer is here, never by a timer. */
  tick() {
    if (this.saved || this.inFlight || !this.model.get("status").ticking) return;
    this.inFlight = true;
    this.model.send({ do: "tick" });
  }

  landed() {
    this.inFlight = false;
    this.tick();
  }

  /** @param {boolean} waits whether a command has been without an answer for long */
  say(waits) {
    if (waits === this.waits) return;
    this.waits = waits;
    for (const callback of this.watchers) callback();
  }

  /** @param {import("../common/view.js").View} view @param {() => void} callback */
  watch(view, callback) {
    this.watchers.add(callback);
    view.cleanup(() => this.watchers.delete(callback));
  }
}
