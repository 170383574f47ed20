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

/** @param {View} view @param {FeatureStore} store @param {Local} local @param {() => void} redraw */
export function featureBar(view, store, local, redraw) {
  const { model } = view;
  const bar = controlBar(view);
  /** @type {[string, string][]} */
  const letters = model.get("class_names").map((/** @type {string} */ name) => [name, name]);
  const letter = choice(view, "letter", "Letter", [["", "all"], ...letters], (value) => store.set({ letter: value }));
  letter.label.classList.toggle("slw-fx-none", !model.get("labels"));
  const range = choice(view, "colour_range", "Colours", RANGES, (value) => store.set({ colour_range: value }));
  const order = choice(
    view,
    "order",
    "Sort",
    [
      ["channel", "by number"],
      ["strength", "by strength"],
    ],
    (value) => store.set({ order: value }),
  );
  const zoom = make("input", {
    type: "range",
    min: "0",
    max: String(LEVELS.length - 1),
    value: String(local.level),
    "aria-label": "Zoom of the maps",
  });
  const zoomLabel = make("label", { class: "slw-choice", "data-control": "zoom" }, "Zoom", zoom);
  view.on(zoom, "input", () => {
    local.level = Number(zoom.value);
    redraw();
  });
  const compare = button(view, "compare", "Compare \u2026", () => {
    if (model.get("compare_image") !== null) store.set({ compare_image: null });
    else local.arming = !local.arming;
    refresh();
  });
  bar.append(letter.label, range.label, order.label, zoomLabel, compare);
  const epochs = model.get("epochs").length ? epochSlider(view, store) : null;
  if (epochs) bar.append(epochs.el);

  function refresh() {
    letter.select.value = model.get("letter");
    range.select.value = model.get("colour_range");
    order.select.value = model.get("order");
    const second = model.get("compare_image");
    compare.textContent =
      second !== null ? "Stop comparing" : local.arming ? "Choose the second image" : "Compare \u2026";
    compare.setAttribute("aria-pressed", String(second !== null || local.arming));
    setIdle(compare, !store.asker.alive);
    epochs?.refresh();
  }
  view.follow("letter colour_range order compare_image epoch", refresh);
  view.cleanup(store.asker.whenAlive(refresh));
  return { refresh };
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
      slider.disabled = !store.asker.alive;
    },
  };
}
