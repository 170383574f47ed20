// Look back: a slider over the epochs, and the pictures of the epoch that it stands on.

import { make, setTrait } from "../common/controls.js";
import { KernelPictures } from "./kernel_pictures.js";
import { SmallMatrix } from "./small_matrix.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./epoch_store.js").EpochStore} EpochStore */

const ASKED = "Asking Python for this epoch \u2026";
const ABSENT = "This epoch's pictures are in Python, which has not answered yet.";
const NO_KERNELS = "This model's first layer has no kernels to look at.";

/** @param {number} epoch @param {number} done */
function epochWordsOf(epoch, done) {
  if (epoch === 0) return done ? `before training (0 of ${done} epochs)` : "before training";
  return `epoch ${epoch} of ${done}`;
}

export class EpochScrubber {
  /** @param {View} view @param {EpochStore} store */
  constructor(view, store) {
    this.model = view.model;
    this.store = store;
    this.slider = make("input", { type: "range", min: "0", step: "1", class: "slw-scrub", "aria-label": "Epoch" });
    this.words = make("span", { class: "slw-epoch-words" });
    this.row = make(
      "label",
      { class: "slw-epoch-row", "data-control": "scrubber" },
      "Look at",
      this.slider,
      this.words,
    );
    this.matrix = new SmallMatrix(view);
    this.kernels = new KernelPictures(view);
    this.pictures = make("div", { class: "slw-charts" }, this.matrix.el, this.kernels.el);
    this.el = make("div", { class: "slw-look-back" }, this.row, this.pictures);
    view.on(this.slider, "input", () => setTrait(view, "epoch", Number(this.slider.value)));
  }

  /** @param {import("../drawing/colours.js").Palette} palette */
  show(palette) {
    const { model, store } = this;
    const done = model.get("epochs_done");
    const epoch = Math.min(model.get("epoch"), done);
    this.showPlace(epoch, done);
    store.want(epoch);
    const about = model.get("about");
    const picture = store.get(epoch);
    const absent = store.requests.late ? ABSENT : ASKED;
    // Under the hand the page stays where it is until the answer has come.
    this.pictures.style.minHeight = picture || store.requests.late ? "" : `${this.pictures.offsetHeight}px`;
    const classes = about.class_names.length;
    const untold = picture ? missingWords(epoch, classes) : absent;
    this.matrix.show(about.class_names, picture?.confusion, palette, untold);
    this.kernels.show(about, picture?.kernels, store.limit, palette, picture ? NO_KERNELS : absent);
  }

  /** @param {number} epoch @param {number} done */
  showPlace(epoch, done) {
    const { slider } = this;
    const text = epochWordsOf(epoch, done);
    slider.max = String(done);
    slider.value = String(epoch);
    slider.setAttribute("aria-valuetext", text);
    slider.toggleAttribute("data-idle", done === 0);
    slider.disabled = done === 0 || slider.hasAttribute("data-locked") || this.row.hasAttribute("data-locked");
    this.words.textContent = text;
  }
}

/** @param {number} epoch @param {number} classes */
function missingWords(epoch, classes) {
  return epoch === 0 ? "The model is tested after each epoch." : `${classes} classes are too many to draw here.`;
}
