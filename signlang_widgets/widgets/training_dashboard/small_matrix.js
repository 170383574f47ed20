// The confusion matrix of the epoch looked at: the family's picture, its scale, and a line that reads a cell.

import { make } from "../common/controls.js";
import { unpacked } from "../common/wire.js";
import { legend } from "../drawing/colours.js";
import { ConfusionCanvas } from "../drawing/confusion_canvas.js";
import { Counts, placeWords, scaleWords } from "../drawing/confusion_numbers.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("../drawing/confusion_numbers.js").Pin} Pin */
/** @typedef {import("../drawing/confusion_numbers.js").Look} Look */

const MOST_ROOM = 440;
/** @type {Look} */
const LOOK = { mode: "count", pairs: false, hideDiagonal: false };

export class SmallMatrix {
  /** @param {View} view */
  constructor(view) {
    const hand = {
      pin: (/** @type {Pin | null} */ pin) => this.pin(pin),
      words: (/** @type {Pin} */ pin) => (this.counts ? placeWords(this.counts, pin, LOOK) : ""),
      look: (/** @type {Pin | null} */ pin, /** @type {boolean} */ aloud) => this.say(pin, aloud),
    };
    this.matrix = new ConfusionCanvas(view, hand, "Enter holds a cell, Escape lets go");
    this.readout = make("p", { class: "slw-chart-reading" });
    this.aloud = make("div", { class: "slw-spoken", role: "status" });
    this.scale = make("div");
    this.showScale = legend(this.scale);
    const caption = make("figcaption", {}, "Confusion matrix of the test images (row: true, column: predicted)");
    const about = { class: "slw-chart", "data-control": "confusion" };
    this.el = make("figure", about, caption, this.matrix.el, this.scale, this.readout, this.aloud);
    /** @type {Counts | null} */
    this.counts = null;
    /** @type {Pin | null} */
    this.pinned = null;
    this.otherwise = "";
    this.width = 0;
    view.on(this.matrix.el, "blur", () => this.say(null, false));
    const sizes = new ResizeObserver(() => this.el.clientWidth !== this.width && this.lay());
    sizes.observe(this.el);
    view.cleanup(() => sizes.disconnect());
  }

  /**
   * @param {string[]} names @param {any} table counts as they travel, or null before there are any
   * @param {import("../drawing/colours.js").Palette} _palette @param {string} otherwise what to say without a table
   */
  show(names, table, _palette, otherwise) {
    this.otherwise = otherwise;
    this.counts = table ? new Counts(unpacked(table), names) : null;
    this.lay();
  }

  /** Draws the matrix for the width there is. */
  lay() {
    this.width = this.el.clientWidth;
    this.matrix.el.hidden = this.scale.hidden = !this.counts;
    if (this.counts) {
      const [counts, shown] = [this.counts, this.counts.occurring()];
      const scene = { counts, shown, pinned: this.pinned, look: LOOK, figures: false };
      const { most, map } = this.matrix.lay(scene, Math.min(MOST_ROOM, this.width));
      this.showScale({ ...scaleWords(LOOK, most), map });
    }
    this.say(null, false);
  }

  /** Holds a cell, so that a finger can read it. @param {Pin | null} pin */
  pin(pin) {
    this.pinned = pin;
    this.matrix.repin(pin);
    this.say(pin, true);
  }

  /** @param {Pin | null} pin @param {boolean} aloud */
  say(pin, aloud) {
    const seen = pin ?? this.pinned;
    this.readout.textContent = this.counts
      ? seen
        ? placeWords(this.counts, seen, LOOK)
        : commonest(this.counts)
      : this.otherwise;
    if (aloud) this.aloud.textContent = this.readout.textContent;
  }
}

/** @param {Counts} counts */
function commonest(counts) {
  const [mistake] = counts.mistakes(false, 1);
  return mistake ? `Commonest mistake: ${placeWords(counts, mistake.pin, LOOK)}` : "No mistake at all.";
}
