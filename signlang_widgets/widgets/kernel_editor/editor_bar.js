// The editor's row of controls: a kernel to begin with, undo and redo, how it is laid on and coloured, a menu for the rest.

import { button, choice, controlBar, menu, setIdle, setTrait, toggle } from "../common/controls.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {ReturnType<typeof import("../common/undo.js").makeHistory<number[][]>>} History */

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

/** @param {number[][]} a @param {number[][]} b */
export const same = (a, b) => a.length === b.length && a.every((row, i) => row.every((v, j) => v === b[i][j]));

export class EditorBar {
  /**
   * @param {View} view @param {History} history
   * @param {{edit: (kernel: number[][]) => void, undo: () => void, redo: () => void}} hand
   */
  constructor(view, history, { edit, undo, redo }) {
    this.view = view;
    this.history = history;
    /** @type {Record<string, number[][]>} */
    this.presets = view.model.get("presets");
    this.preset = this.presetChoice(edit);
    this.back = button(view, "undo", "Undo", undo);
    this.forth = button(view, "redo", "Redo", redo);
    this.operation = this.quietChoice(
      "operation",
      "Operation",
      { false: "Cross-correlation", true: "Convolution (flipped)" },
      (value) => setTrait(view, "flip", value === "true"),
    );
    const relu = toggle(view, "relu", "ReLU", "Show negative results as 0");
    this.range = this.quietChoice("scale", "Colours", { shared: "One scale", each: "Own scales" }, (value) =>
      setTrait(view, "scale", value),
    );
    const { preset, back, forth, operation, range } = this;
    controlBar(view).append(preset.label, back, forth, operation.label, relu, range.label, this.actions(edit));
  }

  /** @param {(kernel: number[][]) => void} edit */
  presetChoice(edit) {
    const words = (/** @type {string} */ name) => name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");
    const names = Object.keys(this.presets).map((name) => /** @type {[string, string]} */ ([name, words(name)]));
    const preset = choice(
      this.view,
      "preset",
      "Kernel",
      [["", "My own"], ...names],
      (name) => name && edit(this.presets[name]),
    );
    preset.select.options[0].disabled = true;
    return preset;
  }

  /** A choice whose words speak for themselves. @param {string} name @param {string} words @param {Record<string, string>} choices @param {(value: string) => void} act */
  quietChoice(name, words, choices, act) {
    return choice(this.view, name, words, Object.entries(choices), act, { labelled: false });
  }

  /** @param {(kernel: number[][]) => void} edit */
  actions(edit) {
    const { view } = this;
    const actions = Object.entries(ACTIONS).map(([name, [text, act]]) =>
      button(view, name, text, () => edit(act(view.model.get("kernel")))),
    );
    const reset = button(view, "reset", "Start again", () => edit(view.model.get("first")));
    return menu(view, "More \u2026", [...actions, reset]);
  }

  /** Shows what the model holds. */
  refresh() {
    const { model } = this.view;
    const { history, presets } = this;
    const kernel = model.get("kernel");
    this.preset.select.value = Object.keys(presets).find((name) => same(presets[name], kernel)) ?? "";
    this.operation.select.value = String(model.get("flip"));
    this.range.select.value = model.get("scale");
    // The one that wakes first: the keyboard goes to it when the other greys out.
    if (history.canRedo()) setIdle(this.forth, false);
    setIdle(this.back, !history.canUndo());
    setIdle(this.forth, !history.canRedo());
  }
}
