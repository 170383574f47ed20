// The pictures of epochs that the page has got: those in the trait, and those that it asked for, kept until another run begins.

/** @typedef {import("../common/view.js").Model} Model */
/** @typedef {import("../common/requests.js").Requests} Requests */
/** @typedef {{confusion: any, kernels: any}} Picture */

const AHEAD = 8; // epochs on either side of the slider that are fetched while Python is idle

export class EpochStore {
  /** @param {Model} model @param {Requests} requests */
  constructor(model, requests) {
    this.model = model;
    this.requests = requests;
    /** @type {Map<number, Picture>} */
    this.kept = new Map();
    this.run = -1;
    /** Epochs that were asked for ahead, each once. @type {Set<number>} */
    this.hoped = new Set();
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    model.on("change:pictures", () => this.take(model.get("pictures")));
    this.take(model.get("pictures"));
  }

  /** The largest weight of all epochs. */
  get limit() {
    return this.model.get("pictures").limit || 1;
  }

  /** @param {number} epoch */
  get(epoch) {
    return this.kept.get(epoch);
  }

  /** Calls back when pictures have come. @param {() => void} callback @returns {() => void} what ends it */
  watch(callback) {
    this.listeners.add(callback);
    return () => this.listeners.delete(callback);
  }

  /** Asks for an epoch that is looked at; once it is here, for its neighbours. @param {number} epoch */
  want(epoch) {
    const { run } = this;
    if (!this.kept.has(epoch)) this.requests.ask("pictures", { run, epochs: [epoch] }, this.answer);
    else this.hope(epoch);
  }

  /** @param {number} epoch */
  hope(epoch) {
    const { run } = this;
    const epochs = this.model.get("status").state === "running" ? [] : this.missingAround(epoch);
    if (!epochs.length) return;
    for (const one of epochs) this.hoped.add(one);
    const then = (/** @type {any} */ told, /** @type {DataView[]} */ buffers) => {
      if (told.epochs) for (const one of epochs) if (!(one in told.epochs)) this.hoped.delete(one);
      this.answer(told, buffers);
    };
    this.requests.ask("pictures", { run, epochs }, then, { name: "ahead", once: true, quiet: true });
  }

  /** The nearest epochs that are neither here nor asked for. @param {number} epoch */
  missingAround(epoch) {
    const found = [];
    for (let by = 1; by <= AHEAD; by++)
      for (const one of [epoch + by, epoch - by])
        if (one >= 0 && one <= this.model.get("epochs_done") && !this.kept.has(one) && !this.hoped.has(one))
          found.push(one);
    return found;
  }

  answer = (/** @type {any} */ told, /** @type {DataView[]} */ buffers) => {
    const rest = [...buffers];
    for (const picture of Object.values(told.epochs ?? {}))
      for (const part of Object.values(picture)) if (part) part.data = rest.shift();
    if (told.run === this.run) this.take(told);
  };

  /** @param {{run: number, epochs: Record<string, Picture>}} pictures */
  take({ run, epochs }) {
    if (run !== this.run) {
      this.kept.clear();
      this.hoped.clear();
      this.run = run;
    }
    for (const [epoch, picture] of Object.entries(epochs)) this.kept.set(Number(epoch), picture);
    for (const callback of [...this.listeners]) callback();
  }
}
