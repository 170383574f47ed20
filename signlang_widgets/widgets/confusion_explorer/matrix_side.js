// The matrix with what belongs to it: the scale of its colours, and a line that says in words what the hand is at.

import { hintLine, make, setTrait } from "../common/controls.js";
import { legend } from "../drawing/colours.js";
import { ConfusionCanvas } from "../drawing/confusion_canvas.js";
import { placeWords, scaleWords } from "../drawing/confusion_numbers.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("../drawing/confusion_numbers.js").Pin} Pin */
/** @typedef {import("../drawing/confusion_numbers.js").Counts} Counts */

const CLICK_HINT = "Click a cell to see its images; click a letter for its whole row or column.";

export class MatrixSide {
  /** @param {View} view @param {() => Counts} counts */
  constructor(view, counts) {
    this.model = view.model;
    this.counts = counts;
    this.hint = hintLine(CLICK_HINT);
    this.hint.line.removeAttribute("role"); // it follows the mouse; what the keyboard does is spoken by a line of its own
    this.aloud = make("div", { class: "slw-spoken", role: "status" });
    const scale = make("div");
    this.showScale = legend(scale);
    const hand = {
      pin: (/** @type {Pin | null} */ pin) => {
        setTrait(view, "pinned", pin);
        this.aloud.textContent = pin ? `Pinned: ${this.words(pin)}` : "Let go";
      },
      words: (/** @type {Pin} */ pin) => this.words(pin),
      look: (/** @type {Pin | null} */ pin, /** @type {boolean} */ aloud) => this.say(pin, aloud),
    };
    this.matrix = new ConfusionCanvas(view, hand, "Enter pins, Escape lets go");
    this.grid = this.matrix.el;
    this.grid.dataset.control = "matrix";
    this.el = make("div", { class: "slw-cm-side" }, this.grid, scale, this.hint.line, this.aloud);
  }

  /** What cells show. */
  look() {
    const { model } = this;
    return { mode: model.get("mode"), pairs: model.get("pairs"), hideDiagonal: model.get("hide_diagonal") };
  }

  /** @param {Pin} pin */
  words(pin) {
    return placeWords(this.counts(), pin, this.look());
  }

  /** @param {Pin | null} pin @param {boolean} aloud */
  say(pin, aloud) {
    const seen = pin ?? this.model.get("pinned");
    this.hint.say(seen ? this.words(seen) : CLICK_HINT);
    if (aloud && pin) this.aloud.textContent = this.words(pin);
  }

  /** Another pin leaves the painted cells as they are. */
  repin() {
    this.matrix.repin(this.model.get("pinned"));
    this.matrix.hover(null);
  }

  /** @param {number} room pixels there are for the matrix */
  redraw(room) {
    const { model } = this;
    const [counts, look, pinned] = [this.counts(), this.look(), model.get("pinned")];
    const shown = model.get("all_classes") ? [...counts.names.keys()] : counts.occurring();
    const figures = !model.get("hide").includes("figures");
    const { most, map } = this.matrix.lay({ counts, shown, pinned, look, figures }, room);
    this.showScale({ ...scaleWords(look, most), map });
    this.repin();
  }
}
