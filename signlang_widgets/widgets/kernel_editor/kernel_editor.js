// Drag a number of the kernel, watch the filtered photographs follow. All arithmetic happens here, in the browser.

import { divergingMap, legend, paletteOf, symmetric, tint } from "../common/colours.js";
import {
  button,
  choice,
  controlBar,
  hintLine,
  make,
  menu,
  obeyTeacher,
  setIdle,
  setTrait,
  toggle,
} from "../common/controls.js";
import { productsPanel } from "../common/products.js";
import { makeHistory } from "../common/undo.js";
import { defineWidget, watchSurroundings } from "../common/view.js";
import { filteredPictures } from "./filtered_pictures.js";
import { KernelGrid } from "./kernel_grid.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("../common/view.js").Model} Model */

const HINT = "Drag a number sideways (Alt fine, Shift coarse) or type one. Hover an output pixel to see its products.";

/** @param {number[][]} a @param {number[][]} b */
const same = (a, b) => a.length === b.length && a.every((row, i) => row.every((v, j) => v === b[i][j]));

/** @param {Model} model */
function start(model) {
  const history = makeHistory(model.get("kernel"), same);
  model.on("change:kernel", () => history.record(model.get("kernel")));
  return history;
}

/** @param {View} view @param {ReturnType<typeof start>} history */
function draw(view, history) {
  const { model, root } = view;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Kernel editor");

  /** @param {number[][]} kernel @param {unknown} [gesture] */
  const edit = (kernel, gesture = null) => {
    history.record(kernel, gesture);
    setTrait(view, "kernel", kernel);
  };
  /** @param {1 | -1} direction */
  const go = (direction) => {
    setTrait(view, "kernel", history.go(direction));
    hint.say("");
  };
  const undo = () => go(-1);
  const redo = () => go(1);

  const bar = toolbar(view, { edit, undo, redo, history });
  const hint = hintLine(HINT);
  const grid = new KernelGrid(view, {
    change(row, column, value, gesture) {
      edit(
        model
          .get("kernel")
          .map((/** @type {number[]} */ line, /** @type {number} */ i) =>
            i === row ? line.with(column, value) : line,
          ),
        gesture,
      );
      hint.say("");
    },
    paste: (rows) => paste(rows, edit, hint.say),
    problem: (text) => hint.say(text, true),
    undo,
    redo,
  });
  const unit = model.get("images").dtype === "uint8" ? 255 : 1;
  const products = productsPanel({ unit });
  products.el.dataset.control = "products";
  const pictures = filteredPictures(view, (index, row, column) => explain(index, row, column));
  const scale = make("div");
  const showScale = legend(scale);
  const kernelSide = make("div", { class: "slw-ke-kernel" }, grid.el);
  root.append(
    make("div", { class: "slw-ke-body" }, kernelSide, make("div", { class: "slw-ke-seen" }, pictures.el, scale)),
    products.el,
    hint.line,
  );

  let palette = paletteOf(root);
  /** @param {number} index @param {number} row @param {number} column */
  const explain = (index, row, column) => {
    const { cells, kernel } = pictures.windowAt(index, row, column);
    const whole = unit === 255;
    products.show(cells, kernel, model.get("kernel").length, {
      grey: (v) => greyTint(whole ? v : v * 255),
      signed: (v, limit) => tint(v, limit, palette),
      flip: model.get("flip"),
      relu: model.get("relu"),
    });
  };

  const redraw = () => {
    const kernel = model.get("kernel");
    const limit = Math.max(...kernel.flat().map(Math.abs));
    grid.show(kernel);
    grid.colour((value) => tint(value, limit, palette));
    const map = divergingMap(palette);
    const most = pictures.redraw(map);
    const shared = model.get("scale") === "shared";
    const ends = shared ? symmetric(most) : { low: "\u2212", high: "+" };
    showScale({
      ...ends,
      map,
      words: shared ? pictures.scopeWords : "each image has its own scale: see the number under it",
    });
    bar.refresh(kernel);
    pictures.explainAgain();
  };
  view.follow("kernel flip relu scale", redraw);
  watchSurroundings(view, (reason) => {
    palette = paletteOf(root);
    if (reason !== "theme") pictures.fit();
    redraw();
  });
  obeyTeacher(view);
  pictures.fit();
  redraw();
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

/** What the menu does to a kernel. @type {Record<string, [string, (k: number[][]) => number[][]]>} */
const ACTIONS = {
  transpose: ["Transpose", (k) => k.map((_, i) => k.map((row) => row[i]))],
  flip_horizontal: ["Flip left to right", (k) => k.map((row) => [...row].reverse())],
  flip_vertical: ["Flip top to bottom", (k) => [...k].reverse()],
  negate: ["Change all signs", (k) => k.map((row) => row.map((v) => -v || 0))],
  normalise: ["Normalise", normalised],
  zero: ["Set all to 0", (k) => k.map((row) => row.map(() => 0))],
  random: ["Random numbers", (k) => k.map((row) => row.map(() => Math.floor(Math.random() * 11) - 5))],
};

/** Divides by the sum of the numbers, or by the sum of their sizes where they cancel. @param {number[][]} kernel */
function normalised(kernel) {
  const sum = kernel.flat().reduce((a, b) => a + b, 0);
  const size = kernel.flat().reduce((a, b) => a + Math.abs(b), 0);
  const divisor = Math.abs(sum) > 1e-9 * size ? sum : size;
  return divisor ? kernel.map((row) => row.map((v) => v / divisor || 0)) : kernel;
}

/**
 * @param {View} view
 * @param {{edit: (kernel: number[][]) => void, undo: () => void, redo: () => void, history: ReturnType<typeof start>}} hand
 */
function toolbar(view, { edit, undo, redo, history }) {
  const { model } = view;
  const bar = controlBar(view);
  /** @type {Record<string, number[][]>} */
  const presets = model.get("presets");
  const names = Object.keys(presets);
  const words = (/** @type {string} */ name) => name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");
  const preset = choice(
    view,
    "preset",
    "Kernel",
    [["", "My own"], ...names.map((n) => /** @type {[string, string]} */ ([n, words(n)]))],
    (name) => name && edit(presets[name]),
  );
  preset.select.options[0].disabled = true;
  const back = button(view, "undo", "Undo", undo);
  const forth = button(view, "redo", "Redo", redo);
  const operation = choice(
    view,
    "operation",
    "Operation",
    [
      ["false", "Cross-correlation"],
      ["true", "Convolution (flipped)"],
    ],
    (value) => setTrait(view, "flip", value === "true"),
    { labelled: false },
  );
  const relu = toggle(view, "relu", "ReLU", "Show negative results as 0");
  const range = choice(
    view,
    "scale",
    "Colours",
    [
      ["shared", "One scale"],
      ["each", "Own scales"],
    ],
    (value) => setTrait(view, "scale", value),
    { labelled: false },
  );
  const actions = Object.entries(ACTIONS).map(([name, [text, act]]) =>
    button(view, name, text, () => edit(act(model.get("kernel")))),
  );
  const reset = button(view, "reset", "Start again", () => edit(model.get("first")));
  bar.append(
    preset.label,
    back,
    forth,
    operation.label,
    relu,
    range.label,
    menu(view, "More \u2026", [...actions, reset]),
  );
  return {
    /** @param {number[][]} kernel */
    refresh(kernel) {
      preset.select.value = names.find((name) => same(presets[name], kernel)) ?? "";
      operation.select.value = String(model.get("flip"));
      range.select.value = model.get("scale");
      // The one that wakes first: the keyboard goes to it when the other greys out.
      if (history.canRedo()) setIdle(forth, false);
      setIdle(back, !history.canUndo());
      setIdle(forth, !history.canRedo());
    },
  };
}

export default defineWidget("kernel-editor", { start, draw });
