// Drag a number of the kernel, watch the filtered photographs follow. All arithmetic happens here, in the browser.

import { hintLine, make, obeyTeacher, setTrait } from "../common/controls.js";
import { makeHistory } from "../common/undo.js";
import { defineWidget, watchSurroundings } from "../common/view.js";
import { divergingMap, legend, paletteOf, symmetric, tint } from "../drawing/colours.js";
import { productsPanel } from "../drawing/products.js";
import { EditorBar, same } from "./editor_bar.js";
import { FilteredPictures } from "./filtered_pictures.js";
import { KernelGrid } from "./kernel_grid.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("../common/view.js").Model} Model */

const HINT = "Drag a number sideways (Alt fine, Shift coarse) or type one. Hover an output pixel to see its products.";

/** @param {Model} model */
function start(model) {
  const history = makeHistory(model.get("kernel"), same);
  model.on("change:kernel", () => history.record(model.get("kernel")));
  return history;
}

class EditorView {
  /** @param {View} view @param {ReturnType<typeof start>} history */
  constructor(view, history) {
    const { model, root } = view;
    this.view = view;
    this.model = model;
    this.history = history;
    this.hint = hintLine(HINT);
    const [undo, redo] = [() => this.go(-1), () => this.go(1)];
    this.bar = new EditorBar(view, history, { edit: (kernel) => this.edit(kernel), undo, redo });
    this.grid = new KernelGrid(view, {
      change: (row, column, value, gesture) => this.change(row, column, value, gesture),
      paste: (rows) => paste(rows, (kernel) => this.edit(kernel), this.hint.say),
      problem: (text) => this.hint.say(text, true),
      undo,
      redo,
    });
    this.whole = model.get("images").dtype === "uint8";
    this.products = productsPanel({ unit: this.whole ? 255 : 1 });
    this.products.el.dataset.control = "products";
    this.pictures = new FilteredPictures(view, (index, row, column) => this.explain(index, row, column));
    this.scale = make("div");
    this.showScale = legend(this.scale);
    root.append(this.body(), this.products.el, this.hint.line);
    this.palette = paletteOf(root);
  }

  body() {
    const seen = make("div", { class: "slw-ke-seen" }, this.pictures.el, this.scale);
    return make("div", { class: "slw-ke-body" }, make("div", { class: "slw-ke-kernel" }, this.grid.el), seen);
  }

  /** @param {number[][]} kernel @param {unknown} [gesture] */
  edit(kernel, gesture = null) {
    this.history.record(kernel, gesture);
    setTrait(this.view, "kernel", kernel);
  }

  /** @param {1 | -1} direction */
  go(direction) {
    setTrait(this.view, "kernel", this.history.go(direction));
    this.hint.say("");
  }

  /** @param {number} row @param {number} column @param {number} value @param {object | null} gesture */
  change(row, column, value, gesture) {
    /** @type {number[][]} */
    const kernel = this.model.get("kernel");
    this.edit(kernel.with(row, kernel[row].with(column, value)), gesture);
    this.hint.say("");
  }

  /** @param {number} index @param {number} row @param {number} column */
  explain(index, row, column) {
    const { model, palette, whole } = this;
    const { cells, kernel } = this.pictures.windowAt(index, row, column);
    this.products.show(cells, kernel, model.get("kernel").length, {
      grey: (v) => greyTint(whole ? v : v * 255),
      signed: (v, limit) => tint(v, limit, palette),
      flip: model.get("flip"),
      relu: model.get("relu"),
    });
  }

  redraw() {
    const { model, grid, pictures, palette } = this;
    /** @type {number[][]} */
    const kernel = model.get("kernel");
    const limit = Math.max(...kernel.flat().map(Math.abs));
    grid.show(kernel);
    grid.colour((value) => tint(value, limit, palette));
    const map = divergingMap(palette);
    const most = pictures.redraw(map);
    const shared = model.get("scale") === "shared";
    const ends = shared ? symmetric(most) : { low: "\u2212", high: "+" };
    const words = shared ? pictures.scopeWords : "each image has its own scale: see the number under it";
    this.showScale({ ...ends, map, words });
    this.bar.refresh();
    pictures.explainAgain();
  }
}

/** @param {View} view @param {ReturnType<typeof start>} history */
function draw(view, history) {
  const { root } = view;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Kernel editor");
  const editor = new EditorView(view, history);
  view.follow("kernel flip relu scale", () => editor.redraw());
  watchSurroundings(view, (reason) => {
    editor.palette = paletteOf(root);
    if (reason !== "theme") editor.pictures.fit();
    editor.redraw();
  });
  obeyTeacher(view);
  editor.pictures.fit();
  editor.redraw();
}

/** @param {number} grey 0..255 */
function greyTint(grey) {
  const level = Math.max(0, Math.min(255, Math.round(grey)));
  return { background: `rgb(${level}, ${level}, ${level})`, ink: level > 117 ? "#000000" : "#ffffff" };
}

/**
 * @param {number[][]} rows @param {(kernel: number[][]) => void} edit @param {(text: string, problem?: boolean) => void} say
 */
function paste(rows, edit, say) {
  const [height, width] = [rows.length, Math.max(...rows.map((row) => row.length))];
  if (rows.some((row) => row.length !== height) || height % 2 === 0 || height > 9)
    return say(
      `The pasted kernel is ${height}\u00d7${width}. Use a square with odd sides up to 9, such as 5\u00d75.`,
      true,
    );
  if (rows.flat().some(Number.isNaN))
    return say("The pasted text holds something that is not a number. Paste numbers only.", true);
  edit(rows);
  say(`Pasted a ${height}\u00d7${width} kernel.`);
}

export default defineWidget("kernel-editor", { start, draw });
