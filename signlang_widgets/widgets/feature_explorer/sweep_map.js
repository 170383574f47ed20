// Where the answer hangs: the cover slid over the whole image, and how far the score fell at each place.

import { make } from "../common/controls.js";
import { extent, legend, paint } from "../drawing/colours.js";
import { fixed, shown } from "../drawing/numbers.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./maps_source.js").Sweep} Sweep */

const BEFORE = "Sweep slides the cover over the image and maps how far the score falls.";

export class SweepMap {
  /** @param {View} view @param {(window: number[] | null) => void} outline shows the cover on the image */
  constructor(view, outline) {
    this.model = view.model;
    this.outline = outline;
    /** @type {Sweep | null} */
    this.found = null;
    this.canvas = make("canvas", { role: "img", "aria-label": "No sweep yet" });
    this.words = make("p", { class: "slw-fx-wait" }, BEFORE);
    this.scale = make("div");
    this.showScale = legend(this.scale);
    const names = { class: "slw-fx-sweep", "aria-label": "Sweep", "data-control": "sweep" };
    this.el = make("section", names, this.canvas, make("div", {}, this.words, this.scale));
    this.scale.hidden = this.canvas.hidden = true;
    view.on(this.canvas, "pointermove", (event) => this.point(event));
    view.on(this.canvas, "pointerleave", () => {
      outline(null);
      this.tell();
    });
  }

  /** The class whose score fell. @param {Sweep} sweep */
  name({ predicted }) {
    return this.model.get("class_names")[predicted];
  }

  /** @param {PointerEvent} event */
  point(event) {
    if (!this.found) return;
    const { shape, size, stride, score, drops } = this.found;
    const box = this.canvas.getBoundingClientRect();
    const row = Math.min(shape[0] - 1, Math.floor(((event.clientY - box.top) / box.height) * shape[0]));
    const column = Math.min(shape[1] - 1, Math.floor(((event.clientX - box.left) / box.width) * shape[1]));
    const drop = drops[row * shape[1] + column];
    this.outline([row * stride, column * stride, size, size]);
    const name = this.name(this.found);
    this.words.textContent = `Covered here, ${name} falls from ${fixed(score, 2)} to ${fixed(score - drop, 2)}.`;
  }

  tell() {
    if (!this.found) return;
    const { drops, shape, size, stride } = this.found;
    const most = Math.max(...Array.from(drops));
    const at = Array.from(drops).indexOf(most);
    const [row, column] = [Math.floor(at / shape[1]) * stride, (at % shape[1]) * stride];
    const place = `the ${size}\u00d7${size} cover at row ${row}, column ${column}`;
    this.words.textContent = `The score of ${this.name(this.found)} falls most (by ${shown(most, 3)}) with ${place}.`;
    this.canvas.setAttribute("aria-label", this.words.textContent);
  }

  /** @param {Sweep} sweep */
  take(sweep) {
    this.found = sweep;
    this.scale.hidden = this.canvas.hidden = false;
    this.tell();
  }

  /** The image or the weights are others now. */
  clear() {
    if (!this.found) return;
    this.found = null;
    this.scale.hidden = this.canvas.hidden = true;
    this.words.textContent = BEFORE;
  }

  /** @param {Int32Array} map */
  redraw(map) {
    if (!this.found) return;
    const { drops, shape } = this.found;
    const limit = extent(drops) || 1;
    paint(this.canvas, drops, -limit, limit, map, shape[1], shape[0]);
    this.showScale({ low: shown(-limit), high: `+${shown(limit)}`, words: "fall of the score", map });
  }
}
