// Commands to Python, and the ticks that drive a run where Python cannot push (Colab).

/** @typedef {import("../common/view.js").Model} Model */
/** @typedef {import("../common/requests.js").Requests} Requests */

const COMMAND = { once: true, atOnce: true };
const TICK = { once: true, atOnce: true, quiet: true }; // a slice takes as long as it takes

/** One for each model: all its views share the ticks. */
export class RunDriver {
  /** @param {Model} model @param {Requests} requests */
  constructor(model, requests) {
    this.model = model;
    this.requests = requests;
    /** Whether the run lies in a page without Python. */
    this.saved = requests.alone;
    this.inFlight = false;
    model.on("change:status", () => this.tick());
    this.tick();
  }

  /** @param {string} act what Python should do */
  command(act) {
    this.requests.ask(act, {}, () => {}, COMMAND);
  }

  /** Asks for a slice of training; the next one is asked for when this one's answer is here, never by a timer. */
  tick() {
    if (this.saved || this.inFlight || !this.model.get("status").ticking) return;
    this.inFlight = true;
    this.requests.ask("tick", {}, () => this.landed(), TICK);
  }

  landed() {
    this.inFlight = false;
    this.tick();
  }
}
