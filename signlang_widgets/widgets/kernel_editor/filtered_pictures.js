// Photographs above, what the kernel makes of them below; the window behind an output pixel is outlined.

import { extent, greyMap, paint } from "../common/colours.js";
import { make } from "../common/controls.js";
import { shown, spoken } from "../common/numbers.js";
import { crossCorrelate, flipped, planeOf, windowOf } from "../common/ops.js";
import { unpacked } from "../common/wire.js";

/** @typedef {import("../common/view.js").View} View */

/**
 * @typedef {{
 *   input: HTMLCanvasElement, output: HTMLCanvasElement, above: HTMLElement, below: HTMLElement, note: HTMLElement,
 *   windowBox: HTMLElement, pixelBox: HTMLElement, plane: import("../common/ops.js").Planes, name: string,
 * }} Picture
 */

/**
 * @param {View} view @param {(index: number, row: number, column: number) => void} explain called when another pixel is looked at
 */
export function filteredPictures(view, explain) {
  const { model } = view;
  const el = make("div", { class: "slw-pictures" });
  const spokenLine = make("div", { class: "slw-spoken", role: "status" });
  el.append(spokenLine);
  /** @type {Picture[]} */
  const pictures = [];
  /** @type {{data: Float64Array, height: number, width: number}[]} */
  let outputs = [];
  const look = { index: 0, row: -1, column: -1, pinned: false };
  const { shape, dtype } = model.get("images");
  const [count, height, width] = shape;
  const numbers = unpacked(model.get("images"));
  const unit = dtype === "uint8" ? 255 : 1;
  const grey = greyMap();
  const effective = () => {
    const kernel = planeOf(model.get("kernel"));
    return model.get("flip") ? flipped(kernel) : kernel;
  };

  for (let i = 0; i < count; i++) {
    const data = numbers.subarray(i * height * width, (i + 1) * height * width);
    const picture = makePicture(model.get("names")[i], { data, channels: 1, height, width });
    pictures.push(picture);
    el.append(
      make(
        "figure",
        { class: "slw-picture" },
        picture.above,
        picture.below,
        make("figcaption", {}, picture.name, picture.note),
      ),
    );
    listen(picture, i);
    size(picture.input, height, width);
  }

  /** @param {Picture} picture @param {number} index */
  function listen(picture, index) {
    const at = (/** @type {PointerEvent} */ event) => {
      const box = picture.output.getBoundingClientRect();
      const { height: rows, width: columns } = outputs[index];
      return {
        row: Math.floor(((event.clientY - box.top) / box.height) * rows),
        column: Math.floor(((event.clientX - box.left) / box.width) * columns),
      };
    };
    view.on(picture.output, "pointermove", (event) => look.pinned || moveTo(index, at(event).row, at(event).column));
    view.on(picture.output, "click", (event) => {
      const { row, column } = at(event);
      const again = look.pinned && look.index === index && look.row === row && look.column === column;
      moveTo(index, row, column);
      pin(!again);
    });
    view.on(picture.output, "focus", () => look.pinned || moveTo(index, look.row, look.column));
    view.on(picture.output, "keydown", (event) => {
      const step = {
        ArrowUp: [-1, 0],
        ArrowDown: [1, 0],
        ArrowLeft: [0, -1],
        ArrowRight: [0, 1],
        Home: [0, -width],
        End: [0, width],
      }[/** @type {string} */ (event.key)];
      if (step) moveTo(index, look.row + step[0], look.column + step[1], true);
      else if (event.key === "Enter") pin(!look.pinned);
      else if (event.key === "Escape" && look.pinned) pin(false);
      else return;
      event.preventDefault();
    });
  }

  /** @param {boolean} pinned */
  function pin(pinned) {
    look.pinned = pinned;
    spokenLine.textContent = pinned ? "Pinned: this pixel stays. Escape lets go." : "Let go: the window follows again.";
    outline();
  }

  /** @param {number} index @param {number} row @param {number} column @param {boolean} [aloud] */
  function moveTo(index, row, column, aloud = false) {
    const { height: rows, width: columns, data } = outputs[index];
    Object.assign(look, { index, row: clamp(row, rows), column: clamp(column, columns) });
    outline();
    explain(index, look.row, look.column);
    const value = data[look.row * columns + look.column] / unit;
    if (aloud)
      spokenLine.textContent = `${pictures[index].name}, row ${look.row + 1}, column ${look.column + 1}: ${spoken(value, 4)}`;
  }

  function outline() {
    const side = model.get("kernel").length;
    pictures.forEach(({ windowBox, pixelBox, below }, i) => {
      windowBox.hidden = pixelBox.hidden = i !== look.index;
      if (i !== look.index) return;
      below.classList.toggle("slw-pinned", look.pinned);
      placeBox(windowBox, look.row, look.column, side, height, width);
      placeBox(pixelBox, look.row, look.column, 1, outputs[i].height, outputs[i].width);
    });
  }

  return {
    el,
    scopeWords: count === 1 ? "scale of the one image" : `one scale for all ${count} images`,
    /** Filters and paints every picture; returns the largest absolute value. @param {Int32Array} map */
    redraw(map) {
      const kernel = effective();
      const relu = model.get("relu");
      outputs = pictures.map(({ plane }) => crossCorrelate(plane, kernel));
      const limits = outputs.map(({ data }) => extent(data));
      const most = Math.max(...limits);
      const shared = model.get("scale") === "shared";
      outputs.forEach((out, i) => {
        const limit = (shared ? most : limits[i]) || 1;
        const values = relu ? out.data.map((v) => Math.max(0, v)) : out.data;
        paint(pictures[i].output, values, -limit, limit, map, out.width, out.height);
        size(pictures[i].output, out.height, out.width);
        pictures[i].note.textContent = shared ? "" : ` \u00b1${shown(limit / unit)}`;
      });
      return most / unit;
    },
    /** Paints the photographs, at whole screen pixels a pixel, 3 at least. */
    fit() {
      for (const { input, plane } of pictures) paint(input, plane.data, 0, unit, grey, width, height);
      const room = el.clientWidth || 560;
      const side = Math.floor((room - 8 * Math.min(count, 5)) / Math.min(count, 5) / width);
      el.style.setProperty("--pixel", `${Math.max(3, Math.min(5, side))}px`);
    },
    explainAgain() {
      const { height: rows, width: columns } = outputs[look.index];
      if (look.row < 0) Object.assign(look, { row: Math.floor(rows / 2), column: Math.floor(columns / 2) });
      moveTo(look.index, look.row, look.column);
    },
    /** What stands under the window of an output pixel. @param {number} index @param {number} row @param {number} column */
    windowAt(index, row, column) {
      const kernel = effective();
      const cells = /** @type {number[]} */ (
        windowOf(pictures[index].plane, 0, row, column, kernel.height, kernel.width)
      );
      return { cells, kernel: Array.from(kernel.data) };
    },
  };
}

/** Tells the style sheet how many pixels to make room for. @param {HTMLElement} canvas @param {number} rows @param {number} columns */
function size(canvas, rows, columns) {
  canvas.style.setProperty("--rows", String(rows));
  canvas.style.setProperty("--columns", String(columns));
}

/** @param {number} value @param {number} length */
function clamp(value, length) {
  return Math.max(0, Math.min(length - 1, value));
}

/**
 * @param {string} name @param {import("../common/ops.js").Planes} plane
 * @returns {Picture}
 */
function makePicture(name, plane) {
  const input = make("canvas", { role: "img", "aria-label": `${name}, the image` });
  const output = make("canvas", {
    role: "application",
    tabIndex: 0,
    "aria-label": `${name}, filtered. Arrow keys move the window, Enter pins it.`,
  });
  const [windowBox, pixelBox] = [make("div", { class: "slw-window" }), make("div", { class: "slw-window" })];
  const above = make("div", { class: "slw-frame" }, input, windowBox);
  const below = make("div", { class: "slw-frame" }, output, pixelBox);
  return { input, output, above, below, windowBox, pixelBox, plane, name, note: make("small") };
}

/**
 * @param {HTMLElement} box @param {number} row @param {number} column @param {number} side @param {number} rows @param {number} columns
 */
function placeBox(box, row, column, side, rows, columns) {
  const percent = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
  Object.assign(box.style, {
    top: percent(row, rows),
    left: percent(column, columns),
    height: percent(side, rows),
    width: percent(side, columns),
  });
}
