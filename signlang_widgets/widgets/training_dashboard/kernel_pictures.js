// The first layer's kernels side by side, blue below 0 and orange above: one scale for all, over all epochs.

import { make } from "../common/controls.js";
import { unpacked } from "../common/wire.js";
import { divergingMap, legend, paint, symmetric } from "../drawing/colours.js";
import { shown } from "../drawing/numbers.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {{shape: number[], dtype: "uint8", data: DataView, limit: number}} Packed */

/** Weights from bytes: 128 is 0, 1 and 255 are minus and plus the limit. @param {Packed} packed */
export function weightsOf(packed) {
  return Float32Array.from(unpacked(packed), (byte) => ((byte - 128) / 127) * packed.limit);
}

export class KernelPictures {
  /** @param {View} view */
  constructor(view) {
    this.list = make("div", { class: "slw-kernels", tabIndex: 0, role: "group", "aria-label": "Kernels" });
    this.readout = make("p", { class: "slw-chart-reading" });
    const scale = make("div");
    this.showScale = legend(scale);
    this.caption = make("figcaption", {}, "Kernels of the first layer");
    this.el = make(
      "figure",
      { class: "slw-chart", "data-control": "kernels" },
      this.caption,
      this.list,
      scale,
      this.readout,
    );
    /** @type {HTMLCanvasElement[]} */
    this.canvases = [];
    this.shape = "";
    view.on(this.list, "pointermove", (event) => this.hover(event));
    view.on(this.list, "pointerdown", (event) => this.hover(event));
    view.on(this.list, "pointerleave", (event) => event.pointerType === "mouse" && this.say("")); // a finger that lifts leaves too
  }

  /**
   * @param {{kernel_names: string[], kernel_shape: number[]}} about @param {Packed | null} packed
   * @param {number} limit the largest weight of all epochs @param {import("../drawing/colours.js").Palette} palette
   * @param {string} otherwise what to say without kernels
   */
  show(about, packed, limit, palette, otherwise) {
    this.el.classList.toggle("slw-none", !packed);
    if (!packed) {
      this.say(otherwise);
      this.list.replaceChildren();
      this.shape = "";
      return;
    }
    const [count, height, width] = packed.shape;
    this.match(about, count, height, width);
    this.weights = weightsOf(packed);
    const map = divergingMap(palette);
    this.canvases.forEach((canvas, i) => {
      const size = height * width;
      const plane = /** @type {Float32Array} */ (this.weights).subarray(i * size, (i + 1) * size);
      paint(canvas, plane, -limit, limit, map, width, height);
    });
    this.showScale({ ...symmetric(limit), map, words: "one scale for all kernels and epochs" });
    this.say("");
  }

  /** @param {{kernel_names: string[], kernel_shape: number[]}} about @param {number} count @param {number} height @param {number} width */
  match(about, count, height, width) {
    const shape = JSON.stringify([about, count, height, width]);
    if (shape === this.shape) return;
    this.shape = shape;
    this.names = kernelNames(about, count);
    this.canvases = this.names.map((name) => make("canvas", { role: "img", "aria-label": name, class: "slw-kernel" }));
    const side = count <= 4 ? 140 : count <= 12 ? 88 : 40;
    const pixel = Math.max(3, Math.floor(side / Math.max(height, width)));
    for (const canvas of this.canvases)
      Object.assign(canvas.style, { width: `${width * pixel}px`, height: `${height * pixel}px` });
    const cells = this.canvases.map((canvas, i) => make("div", {}, canvas, about.kernel_names[i] ?? ""));
    this.list.replaceChildren(...cells);
    const [kernels, channels] = about.kernel_shape;
    const all = kernels * channels;
    this.caption.textContent = `Kernels of the first layer, ${count < all ? `the first ${count} of ${all}` : count}`;
  }

  /** @param {PointerEvent} event */
  hover(event) {
    const at = this.canvases.indexOf(/** @type {HTMLCanvasElement} */ (event.target));
    if (at < 0 || !this.weights) return;
    const canvas = this.canvases[at];
    const box = canvas.getBoundingClientRect();
    const row = Math.min(canvas.height - 1, Math.floor(((event.clientY - box.top) / box.height) * canvas.height));
    const column = Math.min(canvas.width - 1, Math.floor(((event.clientX - box.left) / box.width) * canvas.width));
    const value = this.weights[(at * canvas.height + row) * canvas.width + column];
    this.say(`${this.names?.[at]}, row ${row + 1}, column ${column + 1}: ${shown(value, 2)}`);
  }

  /** @param {string} words */
  say(words) {
    this.readout.textContent = words;
  }
}

/** @param {{kernel_names: string[], kernel_shape: number[]}} about @param {number} count */
function kernelNames({ kernel_names: names, kernel_shape: shape }, count) {
  if (names.length) return names.slice(0, count).map((name) => `weights of ${name}`);
  const channels = shape[1] ?? 1;
  return Array.from({ length: count }, (_, i) => {
    const channel = channels > 1 ? `, channel ${(i % channels) + 1}` : "";
    return `kernel ${Math.floor(i / channels) + 1}${channel}`;
  });
}
