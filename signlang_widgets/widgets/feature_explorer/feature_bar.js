// The row of controls of the explorer: which images, how they are coloured and sorted, how large, compared with what, when.

import { button, choice, controlBar, make, setIdle } from "../common/controls.js";
import { LEVELS } from "./mosaic.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./feature_store.js").FeatureStore} FeatureStore */
/** @typedef {{level: number, page: number, arming: boolean}} Local what only this view knows */

/** @type {[string, string][]} */
const RANGES = [
  ["layer", "One scale a layer"],
  ["map", "Own scales"],
  ["network", "One scale for all"],
];

/** @type {[string, string][]} */
const ORDERS = [
  ["channel", "by number"],
  ["strength", "by strength"],
];

export class FeatureBar {
  /** @param {View} view @param {FeatureStore} store @param {Local} local @param {() => void} redraw */
  constructor(view, store, local, redraw) {
    const { model } = view;
    this.model = model;
    this.source = store.source;
    this.local = local;
    /** @type {[string, string][]} */
    const letters = model.get("class_names").map((/** @type {string} */ name) => [name, name]);
    this.letter = choice(view, "letter", "Letter", [["", "all"], ...letters], (letter) => store.set({ letter }));
    this.letter.label.classList.toggle("slw-fx-none", !model.get("labels"));
    this.range = choice(view, "colour_range", "Colours", RANGES, (value) => store.set({ colour_range: value }));
    this.order = choice(view, "order", "Sort", ORDERS, (order) => store.set({ order }));
    this.compare = button(view, "compare", "Compare \u2026", () => {
      if (model.get("compare_image") !== null) store.set({ compare_image: null });
      else local.arming = !local.arming;
      this.refresh();
    });
    this.epochs = model.get("epochs").length ? epochSlider(view, store) : null;
    controlBar(view).append(
      ...[this.letter.label, this.range.label, this.order.label, zoomSlider(view, local, redraw), this.compare],
      ...(this.epochs ? [this.epochs.el] : []),
    );
    view.follow("letter colour_range order compare_image epoch", () => this.refresh());
    view.cleanup(this.source.watch(() => this.refresh()));
  }

  refresh() {
    const { model, compare } = this;
    this.letter.select.value = model.get("letter");
    this.range.select.value = model.get("colour_range");
    this.order.select.value = model.get("order");
    const [comparing, { arming }] = [model.get("compare_image") !== null, this.local];
    compare.textContent = comparing ? "Stop comparing" : arming ? "Choose the second image" : "Compare \u2026";
    compare.setAttribute("aria-pressed", String(comparing || arming));
    setIdle(compare, !this.source.ready);
    this.epochs?.refresh();
  }
}

/** @param {View} view @param {Local} local @param {() => void} redraw */
function zoomSlider(view, local, redraw) {
  const most = String(LEVELS.length - 1);
  const names = { "aria-label": "Zoom of the maps" };
  const zoom = make("input", { type: "range", min: "0", max: most, value: String(local.level), ...names });
  view.on(zoom, "input", () => {
    local.level = Number(zoom.value);
    redraw();
  });
  return make("label", { class: "slw-choice", "data-control": "zoom" }, "Zoom", zoom);
}

/** The saved epochs, and at its right end the model as it is. @param {View} view @param {FeatureStore} store */
function epochSlider(view, store) {
  /** @type {number[]} */
  const epochs = view.model.get("epochs");
  const slider = make("input", { type: "range", min: "0", max: String(epochs.length), "aria-label": "Epoch" });
  const words = make("output", { class: "slw-fx-epoch" });
  const el = make("label", { class: "slw-choice", "data-control": "epoch" }, "Epoch", slider, words);
  view.on(slider, "input", () => store.set({ epoch: epochs[Number(slider.value)] ?? null }));
  return {
    el,
    refresh() {
      const epoch = view.model.get("epoch");
      slider.value = String(epoch === null ? epochs.length : epochs.indexOf(epoch));
      words.textContent = epoch === null ? "as it is now" : epoch === 0 ? "before training" : `after epoch ${epoch}`;
      slider.setAttribute("aria-valuetext", words.textContent);
      slider.disabled = !store.source.ready;
    },
  };
}
