// The learned kernels of a convolution as pictures: one click opens one, a button puts the edited one into the model.

import { button, choice, keepKeys, make, setIdle } from "../common/controls.js";
import { unpacked } from "../common/wire.js";
import { divergingMap, extent, paint } from "../drawing/colours.js";
import { shown } from "../drawing/numbers.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./feature_store.js").FeatureStore} FeatureStore */

const MOST_SHOWN = 200;

export class LearnedKernels {
  /** @param {View} view @param {FeatureStore} store @param {(text: string, problem?: boolean) => void} say */
  constructor(view, store, say) {
    this.model = view.model;
    this.source = store.source;
    this.say = say;
    /** @type {Record<string, number[]>} */
    this.sizes = this.model.get("kernels").layers;
    const names = Object.keys(this.sizes);
    this.layer = names[0] ?? "";
    this.inChannel = 0;
    /** @type {Map<string, Float32Array>} */
    this.known = new Map();
    /** @type {Int32Array} */
    this.map = divergingMap({ zero: [255, 255, 255], negative: [0, 0, 0], positive: [0, 0, 0] });
    this.shelf = make("div", { class: "slw-fx-shelf", role: "group", "aria-label": "Learned kernels" });
    this.scale = make("span", { class: "slw-fx-scale" });
    this.layers = choice(view, "kernels", "Layer", this.choices(names), (name) => this.open(name, 0));
    this.input = make("input", { type: "number", class: "slw-number", min: "0", value: "0" });
    this.inputLabel = make("label", { class: "slw-choice" }, "over input map", this.input);
    const back = () => this.source.putBack(this.saying("Put back: maps and scores are those of the changed model."));
    this.putBack = button(view, "put_back", "Put it back", back, "Put the edited kernel back into the model");
    const undo = () => this.source.undo(this.saying("Undone: the weights are exactly as before."));
    this.undo = button(view, "undo", "Undo", undo, "Undo: restore the kernel exactly");
    const words = "Measure the accuracy before and after";
    this.measure = button(view, "accuracy", "Test accuracy", () => this.read(), words);
    this.verdict = make("span", { class: "slw-fx-verdict", role: "status" });
    this.picked = make("span", { class: "slw-fx-picked" });
    this.el = this.lay();
    this.el.classList.toggle("slw-fx-none", !names.length);
    if (!names.length) return;
    this.listen(view);
    this.take();
    this.showVerdict();
  }

  lay() {
    return make(
      "details",
      { class: "slw-fx-kernels", "data-control": "kernels" },
      make("summary", {}, "Learned kernels"),
      make("div", { class: "slw-fx-tools" }, this.layers.label, this.inputLabel, this.scale),
      this.shelf,
      make("div", { class: "slw-fx-tools" }, this.picked, this.putBack, this.undo, this.measure, this.verdict),
    );
  }

  /** @param {View} view */
  listen(view) {
    view.on(this.shelf, "click", (event) => this.pick(event.target.closest("[data-channel]")));
    view.on(this.shelf, "keydown", (event) => this.press(event));
    view.on(this.input, "change", () => {
      const most = this.sizes[this.layer][1] - 1;
      this.open(this.layer, Math.max(0, Math.min(most, Math.round(Number(this.input.value)) || 0)));
    });
    keepKeys(view, this.el);
    view.follow("kernels", () => this.take());
    view.follow("picked_kernel edited_kernel changes", () => this.mark());
    view.follow("accuracy", () => this.showVerdict());
    view.cleanup(this.source.watch(() => this.refresh()));
  }

  /** @param {string[]} names @returns {[string, string][]} */
  choices(names) {
    const words = (/** @type {number[]} */ [count, , rows, columns]) => `${count} of ${rows}\u00d7${columns}`;
    return names.map((name) => [name, `${name} (${words(this.sizes[name])})`]);
  }

  /** @param {string} layer @param {number} inChannel */
  open(layer, inChannel) {
    this.layer = layer;
    this.inChannel = inChannel;
    this.refresh();
  }

  /** @param {string} done */
  saying(done) {
    return (/** @type {import("./maps_source.js").Outcome} */ { problem }) =>
      this.say(problem ?? done, Boolean(problem));
  }

  /** Measures the accuracy, piece by piece. */
  read() {
    this.verdict.textContent = "Measuring \u2026";
    this.source.accuracy(({ problem, done, total }) => {
      if (problem) this.verdict.textContent = problem;
      else if (done < total) this.read();
      else this.showVerdict();
    });
  }

  showVerdict() {
    const found = this.model.get("accuracy");
    const share = (/** @type {number} */ v) => `${(100 * v).toFixed(2)} %`;
    this.verdict.textContent = found
      ? `accuracy ${share(found.before)} \u2192 ${share(found.after)} of ${found.images.toLocaleString("en")} images`
      : "";
  }

  get key() {
    return `${this.layer} ${this.inChannel}`;
  }

  /** The weights are others now: those over input map 0 came with the news. */
  take() {
    /** @type {[string, any][]} */
    const first = Object.entries(this.model.get("kernels").first);
    this.known = new Map(first.map(([name, wire]) => [`${name} 0`, /** @type {Float32Array} */ (unpacked(wire))]));
    this.refresh();
  }

  fetch() {
    const { key, known } = this;
    this.source.kernels(this.layer, this.inChannel, ({ problem, kernels }) => {
      if (problem || !kernels) return this.say(problem ?? "", true);
      known.set(key, kernels);
      if (known === this.known) this.refresh();
    });
  }

  refresh() {
    if (!this.layer) return;
    const [count, inputs, rows, columns] = this.sizes[this.layer];
    this.layers.select.value = this.layer;
    this.input.value = String(this.inChannel);
    this.input.max = String(inputs - 1);
    this.inputLabel.hidden = inputs === 1;
    const numbers = this.known.get(this.key);
    const { ready } = this.source;
    if (!numbers && ready) this.fetch();
    const limit = numbers ? extent(numbers) : 1;
    const missing = ready ? "" : "Other input maps need Python.";
    this.scale.textContent = numbers ? `one scale: \u2212${shown(limit)} to +${shown(limit)}` : missing;
    this.build(numbers ? Math.min(count, MOST_SHOWN) : 0);
    [...this.shelf.children].forEach((card, i) => {
      const part = /** @type {Float32Array} */ (numbers).subarray(i * rows * columns, (i + 1) * rows * columns);
      paint(/** @type {HTMLCanvasElement} */ (card.firstElementChild), part, -limit, limit, this.map, columns, rows);
    });
    this.mark();
  }

  /** @param {number} count */
  build(count) {
    while (this.shelf.childElementCount > count) this.shelf.lastElementChild?.remove();
    while (this.shelf.childElementCount < count) this.shelf.append(cardOf(this.shelf.childElementCount));
  }

  mark() {
    const { model, layer, inChannel } = this;
    const chosen = model.get("picked_kernel");
    const here = chosen?.layer === layer && chosen.in_channel === inChannel;
    [...this.shelf.children].forEach((card, i) => {
      card.setAttribute("aria-pressed", String(here && chosen.channel === i));
      /** @type {HTMLElement} */ (card).tabIndex = i === (here ? chosen.channel : 0) ? 0 : -1;
    });
    this.picked.textContent = chosen
      ? `Picked: ${chosen.layer}, kernel ${chosen.channel} over map ${chosen.in_channel}`
      : "Click a kernel to pick it.";
    const away = !this.source.ready;
    setIdle(this.putBack, away || !chosen || same(chosen.kernel, model.get("edited_kernel")));
    setIdle(this.undo, away || !model.get("changes"));
    setIdle(this.measure, away || !model.get("labels"));
  }

  /** @param {HTMLElement | null} card */
  pick(card) {
    if (!card || this.el.hasAttribute("data-locked")) return;
    if (!this.source.ready) return this.say("Picking a kernel needs Python: run the cell.", true);
    const told = (/** @type {import("./maps_source.js").Outcome} */ { problem }) => problem && this.say(problem, true);
    this.source.pick(this.layer, Number(card.dataset.channel), this.inChannel, told);
  }

  /** @param {any} event */
  press(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[/** @type {string} */ (event.key)];
    const card = event.target.closest("[data-channel]");
    if (!step || !card) return;
    event.preventDefault();
    const next = /** @type {HTMLElement | null} */ (this.shelf.children[Number(card.dataset.channel) + step]);
    next?.focus();
  }

  /** @param {Int32Array} map */
  redraw(map) {
    this.map = map;
    this.refresh();
  }
}

/** @param {number} i */
function cardOf(i) {
  const el = make("button", { type: "button", class: "slw-fx-kernel", "data-channel": String(i) });
  el.append(make("canvas", { "aria-hidden": "true" }), make("small", {}, `${i}`));
  el.setAttribute("aria-label", `kernel ${i}: open it`);
  return el;
}

/** @param {number[][] | null} a @param {number[][] | null} b */
function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
