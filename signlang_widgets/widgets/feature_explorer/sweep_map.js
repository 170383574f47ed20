// Where the answer hangs: the cover slid over the whole image, and how far the score fell at each place.

import { extent, legend, paint } from "../common/colours.js";
import { make } from "../common/controls.js";
import { fixed, shown } from "../common/numbers.js";
import { unpacked } from "../common/wire.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {{shape: number[], predicted: number, score: number, size: number, stride: number}} Sweep */

/** @param {View} view @param {(window: number[] | null) => void} outline shows the cover on the image */
export function sweepMap(view, outline) {
  const canvas = make("canvas", { role: "img", "aria-label": "No sweep yet" });
  const words = make(
    "p",
    { class: "slw-fx-wait" },
    "Sweep slides the cover over the image and maps how far the score falls.",
  );
  const scale = make("div");
  const showScale = legend(scale);
  const el = make(
    "section",
    { class: "slw-fx-sweep", "aria-label": "Sweep", "data-control": "sweep" },
    canvas,
    make("div", {}, words, scale),
  );
  scale.hidden = canvas.hidden = true;
  /** @type {{sweep: Sweep, drops: ArrayLike<number>} | null} */
  let found = null;
  const name = () => view.model.get("class_names")[found?.sweep.predicted ?? 0];

  view.on(canvas, "pointermove", (event) => {
    if (!found) return;
    const { shape, size, stride, score } = found.sweep;
    const box = canvas.getBoundingClientRect();
    const row = Math.min(shape[0] - 1, Math.floor(((event.clientY - box.top) / box.height) * shape[0]));
    const column = Math.min(shape[1] - 1, Math.floor(((event.clientX - box.left) / box.width) * shape[1]));
    const drop = found.drops[row * shape[1] + column];
    outline([row * stride, column * stride, size, size]);
    words.textContent = `Covered here, ${name()} falls from ${fixed(score, 2)} to ${fixed(score - drop, 2)}.`;
  });
  view.on(canvas, "pointerleave", () => {
    outline(null);
    tell();
  });
  const tell = () => {
    if (!found) return;
    const { drops, sweep } = found;
    const most = Math.max(...Array.from(drops));
    const at = Array.from(drops).indexOf(most);
    const [row, column] = [Math.floor(at / sweep.shape[1]) * sweep.stride, (at % sweep.shape[1]) * sweep.stride];
    words.textContent = `The score of ${name()} falls most (by ${shown(most, 3)}) with the ${sweep.size}\u00d7${sweep.size} cover at row ${row}, column ${column}.`;
    canvas.setAttribute("aria-label", words.textContent);
  };
  return {
    el,
    /** @param {Sweep} sweep @param {DataView} data */
    take(sweep, data) {
      found = { sweep, drops: unpacked({ shape: sweep.shape, dtype: "float32", data }) };
      scale.hidden = canvas.hidden = false;
      tell();
    },
    /** The image or the weights are others now. */
    clear() {
      if (!found) return;
      found = null;
      scale.hidden = canvas.hidden = true;
      words.textContent = "Sweep slides the cover over the image and maps how far the score falls.";
    },
    /** @param {Int32Array} map */
    redraw(map) {
      if (!found) return;
      const { drops, sweep } = found;
      const limit = extent(drops) || 1;
      paint(canvas, drops, -limit, limit, map, sweep.shape[1], sweep.shape[0]);
      showScale({ low: shown(-limit), high: `+${shown(limit)}`, words: "fall of the score", map });
    },
  };
}
