// Look back: a slider over the epochs, and the pictures of the epoch that it stands on.

import { make, setTrait } from "../common/controls.js";
import { KernelPictures } from "./kernel_pictures.js";
import { SmallMatrix } from "./small_matrix.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("../common/view.js").Model} Model */

/** The largest weight of all epochs. @param {Model} model @param {number} epochs */
function largestWeight(model, epochs) {
  let most = 0;
  for (let epoch = 0; epoch <= epochs; epoch++) most = Math.max(most, model.get(`epoch_${epoch}`)?.kernels?.limit ?? 0);
  return most || 1;
}

/** @param {number} epoch @param {number} done */
export function epochWordsOf(epoch, done) {
  if (epoch === 0) return done ? `before training (0 of ${done} epochs)` : "before training";
  return `epoch ${epoch} of ${done}`;
}

/** @param {View} view */
export function epochScrubber(view) {
  const { model } = view;
  const slider = make("input", { type: "range", min: "0", step: "1", class: "slw-scrub", "aria-label": "Epoch" });
  const words = make("span", { class: "slw-epoch-words" });
  const row = make("label", { class: "slw-epoch-row", "data-control": "scrubber" }, "Look at", slider, words);
  const matrix = new SmallMatrix(view);
  const kernels = new KernelPictures(view);
  const el = make("div", { class: "slw-look-back" }, row, make("div", { class: "slw-charts" }, matrix.el, kernels.el));
  view.on(slider, "input", () => setTrait(view, "epoch", Number(slider.value)));

  /** @param {import("../common/colours.js").Palette} palette */
  const show = (palette) => {
    const done = model.get("epochs_done");
    const epoch = Math.min(model.get("epoch"), done);
    const text = epochWordsOf(epoch, done);
    slider.max = String(done);
    slider.value = String(epoch);
    slider.setAttribute("aria-valuetext", text);
    slider.toggleAttribute("data-idle", done === 0);
    slider.disabled = done === 0 || slider.hasAttribute("data-locked") || row.hasAttribute("data-locked");
    words.textContent = text;
    const about = model.get("about");
    const pictures = model.get(`epoch_${epoch}`) ?? {};
    matrix.show(about.class_names, pictures.confusion, palette, missingWords(epoch, about.class_names.length));
    kernels.show(about, pictures.kernels, largestWeight(model, done), palette);
  };
  return { el, show };
}

/** @param {number} epoch @param {number} classes */
function missingWords(epoch, classes) {
  return epoch === 0 ? "The model is tested after each epoch." : `${classes} classes are too many to draw here.`;
}
