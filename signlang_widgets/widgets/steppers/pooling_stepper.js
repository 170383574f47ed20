// Walk a pooling: the window moves over the image, its largest cell wins or its average is taken, the output fills in.

import { choice, make, setTrait, toggle } from "../common/controls.js";
import { defineWidget } from "../common/view.js";
import { swatch } from "../drawing/colours.js";
import { addedUp, shown, spoken } from "../drawing/numbers.js";
import { averagedOver, averageOf, pooled, windowOf, winnerOf } from "../drawing/ops.js";
import { numberTable } from "../drawing/products.js";
import { misfit, placeOf } from "./output_size.js";
import { DIGITS, inked } from "./plane_view.js";
import { Player } from "./player.js";
import { missed } from "./predict.js";
import { drawStepper, planesOf } from "./stepper.js";
import { windowMistakes } from "./wrong_window.js";

/** @typedef {import("../common/view.js").Model} Model */
/** @typedef {import("./player.js").Plan & {mode: "max" | "average", size: number}} PoolingPlan */

const POOLING_TRAITS = ["image", "size", "stride", "mode", "padding", "ceil_mode"];
const MOST_CELLS = 9; // more cells than this are counted, not listed

/** @param {Model} model */
function movesOf(model) {
  return { stride: model.get("stride") ?? model.get("size"), padding: model.get("padding"), dilation: 1 };
}

/** @param {Model} model @returns {PoolingPlan} */
function poolingPlan(model) {
  const image = planesOf(model.get("image"));
  const [size, mode, ceil] = ["size", "mode", "ceil_mode"].map((name) => model.get(name));
  const window = { height: size, width: size };
  const moves = movesOf(model);
  const problem = misfit(image, window, moves, "window");
  if (problem) return { image, size, mode, ceil, window, moves, problem, rows: 0, columns: 0, output: [] };
  const { data, height, width } = pooled(image, size, moves, mode, ceil);
  return { image, size, mode, ceil, window, moves, problem, rows: height, columns: width, output: data };
}

/**
 * What lies under a window: cells of the image, padding (null), nothing at all (undefined); and who won.
 * @param {PoolingPlan} plan @param {number} step
 */
function underWindow({ image, size, moves, columns }, step) {
  const { top, left } = placeOf({ columns, moves }, step);
  const inside = (/** @type {number} */ i) =>
    top + Math.floor(i / size) < image.height + moves.padding && left + (i % size) < image.width + moves.padding;
  const cells = windowOf(image, 0, top, left, size, size).map((cell, i) => (inside(i) ? cell : undefined));
  const winner = winnerOf(image, top, left, size);
  const place = (Math.floor(winner / image.width) - top) * size + (winner % image.width) - left;
  return { top, left, cells, winner, place };
}

/** The numbers that count: for the average padding is 0, for the maximum it does not take part. */
function counting(/** @type {PoolingPlan} */ { mode }, /** @type {(number | null | undefined)[]} */ cells) {
  const taken =
    mode === "max" ? cells.filter((cell) => cell !== null) : cells.map((cell) => (cell === null ? 0 : cell));
  return /** @type {number[]} */ (taken.filter((cell) => cell !== undefined));
}

/** @param {PoolingPlan} plan @param {number} step @param {(value: number) => string} write */
function valuesOf(plan, step, write) {
  const { cells } = underWindow(plan, step);
  const counted = counting(plan, cells);
  const listed = counted.length <= MOST_CELLS ? counted.map(write).join(", ") : `${counted.length} cells`;
  const ties = counted.filter((cell) => cell === plan.output[step]).length;
  const tie =
    plan.mode === "max" && ties > 1 ? `, a tie: ${write(plan.output[step])} stands ${ties} times, the first wins` : "";
  return { counted, listed, tie };
}

/** @param {PoolingPlan} plan @param {number} step */
function poolingWords(plan, step) {
  const { row, column } = placeOf(plan, step);
  const { listed, tie } = valuesOf(plan, step, (value) => spoken(value, DIGITS));
  const name = plan.mode === "max" ? "maximum" : "average";
  return `row ${row + 1}, column ${column + 1}: ${name} of ${listed} is ${spoken(plan.output[step], DIGITS)}${tie}`;
}

/** @param {PoolingPlan} plan @param {number} step */
function poolingLine(plan, step) {
  const { counted, listed, tie } = valuesOf(plan, step, (value) => shown(value, DIGITS));
  if (plan.mode === "max") return `maximum of ${listed} = ${shown(plan.output[step], DIGITS)}${tie}`;
  const { terms, sum, value, rounded } = addedUp(counted);
  const average = value / counted.length;
  const exact = !rounded && Math.abs(average * 1e4 - Math.round(average * 1e4)) < 1e-9;
  const listing = counted.length <= MOST_CELLS ? `(${terms.join(" + ")})` : `sum of ${counted.length} cells`;
  const result = exact ? shown(average, 12) : `${shown(average, DIGITS)} (rounded)`;
  return `${listing} / ${counted.length} = ${sum} / ${counted.length} = ${result}`;
}

/** The window's table and its line. */
function poolingChain() {
  const table = numberTable("window");
  const line = make("p", { class: "slw-sum" });
  const hatch = { background: "var(--slw-hatch)", color: "", outline: "" };
  const plain = { background: "", color: "", outline: "", borderRadius: "" };
  const won = { outline: "2px solid var(--slw-accent)", outlineOffset: "-2px", borderRadius: "50%" };
  return {
    el: make("div", { class: "slw-chain" }, make("div", { class: "slw-products" }, table.el)),
    line,
    /**
     * @param {PoolingPlan} plan @param {number} step @param {boolean} hidden @param {import("./stage.js").Look} look
     * @param {boolean} readable whether the image's own numbers can be read
     */
    show(plan, step, hidden, look, readable) {
      const { cells, place } = underWindow(plan, step);
      const unknown = hidden && readable;
      const padding = plan.mode === "max" ? "\u2212\u221e" : "0";
      const text = (/** @type {number | null | undefined} */ cell) =>
        cell === null ? padding : cell === undefined ? "" : shown(cell, DIGITS);
      table.show(
        cells.map((cell) => (unknown ? "?" : text(cell))),
        plan.size,
        (i) => {
          if (unknown || cells[i] === undefined) return plain;
          const ring = !hidden && plan.mode === "max" && i === place ? won : {};
          return { ...plain, ...(cells[i] === null ? hatch : inked(swatch(Number(cells[i]), look))), ...ring };
        },
        plan.mode === "max" && !hidden ? "window, winner ringed" : "window",
      );
      line.textContent = hidden
        ? `What is the ${plan.mode === "max" ? "maximum" : "average"}?`
        : poolingLine(plan, step);
    },
  };
}

/** @param {PoolingPlan} plan @param {number} top @param {number} left */
function valueAt({ image, size, mode, moves }, top, left) {
  return mode === "max"
    ? image.data[winnerOf(image, top, left, size)]
    : averageOf(image, top, left, size, moves.padding);
}

/**
 * What a slip would give, and its name, likeliest first.
 * @param {PoolingPlan} plan @param {number} step @returns {Generator<[number, string]>}
 */
function* poolingMistakes(plan, step) {
  const { image, size, moves, mode } = plan;
  const { top, left, cells } = underWindow(plan, step);
  const real = /** @type {number[]} */ (cells.filter((cell) => typeof cell === "number"));
  const sum = real.reduce((a, b) => a + b, 0);
  const over = averagedOver(image, top, left, size, moves.padding);
  if (mode === "max") {
    yield [sum / over, "That is the average: here the largest cell wins."];
    yield [Math.min(...real), "That is the smallest cell: here the largest one wins."];
  } else {
    yield [Math.max(...real), "That is the maximum: here the average is taken."];
    yield [sum, `That is the sum: divide it by ${over}.`];
    yield [sum / real.length, `Padding counts too: divide by ${over}.`];
  }
  yield* windowMistakes(plan, step, (y, x) => valueAt(plan, y, x));
}

/** @param {Model} model */
function start(model) {
  return { player: new Player(model, POOLING_TRAITS, poolingPlan), overlay: { on: true } };
}

/** A switch that stays in the browser: rings of earlier winners. @param {import("../common/view.js").View} view @param {ReturnType<typeof start>} shared */
function overlaySwitch(view, { player, overlay }) {
  const box = make("input", { type: "checkbox", checked: overlay.on });
  view.on(box, "change", () => {
    overlay.on = box.checked;
    player.tell();
  });
  player.watch(view, () => {
    box.checked = overlay.on;
  });
  const title = "Keep a ring on every cell that won";
  return make("label", { class: "slw-toggle", title, "data-control": "winners" }, box, make("span", {}, "Who won"));
}

/** @param {PoolingPlan} plan @param {number} step @param {boolean} hidden @param {boolean} all */
function winnersSoFar(plan, step, hidden, all) {
  if (plan.mode !== "max") return [];
  const last = hidden ? step - 1 : step;
  const first = all ? 0 : last;
  const { columns, moves, image, size } = plan;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const { top, left } = placeOf({ columns, moves }, first + i);
    return winnerOf(image, top, left, size);
  });
}

/** @param {import("../common/view.js").View} view @param {ReturnType<typeof start>} shared */
function draw(view, shared) {
  const { model } = view;
  const { player, overlay } = shared;
  const chain = poolingChain();
  const mode = choice(
    view,
    "mode",
    "Keep",
    [
      ["max", "the maximum"],
      ["average", "the average"],
    ],
    (value) => setTrait(view, "mode", value),
  );
  const showMode = () => {
    mode.select.value = model.get("mode");
  };
  view.follow("mode", showMode);
  showMode();
  drawStepper(view, player, {
    title: "Pooling stepper",
    traits: POOLING_TRAITS.join(" "),
    choices: [mode.label],
    settings: poolingSettings(model),
    toggles: [
      toggle(view, "ceil_mode", "Ceil", "Let a last window reach over the edge, so that no cell is left over"),
      overlaySwitch(view, shared),
    ],
    ...{ chain: chain.el, line: chain.line },
    narrow: ({ size }) => size <= 4,
    padText: ({ mode: kept }) => (kept === "max" ? "\u2212\u221e" : "0"),
    outputLook: (_, input) => input,
    marks: (plan, step, hidden) => winnersSoFar(plan, step, hidden, overlay.on),
    showChain: (plan, step, hidden, look, _, readable) => chain.show(plan, step, hidden, look, readable),
    words: poolingWords,
    diagnose: (plan, step, answer) => missed(answer, poolingMistakes(plan, step)),
  });
}

/** @param {Model} model @returns {import("./setting_fields.js").Setting[]} */
function poolingSettings(model) {
  const fits = (/** @type {number} */ size, /** @type {object} */ change) =>
    misfit(planesOf(model.get("image")), { height: size, width: size }, { ...movesOf(model), ...change }, "window");
  const size = () => model.get("size");
  const half = (/** @type {number} */ side, /** @type {number} */ padding) =>
    padding > Math.floor(side / 2)
      ? `Padding is at most half the size: ${Math.floor(side / 2)} for ${side}\u00d7${side}. The old setting stays.`
      : null;
  return [
    {
      ...{ name: "size", words: "Size", title: "Side of the window", least: 1, most: 128, now: size },
      problem: (value) => half(value, model.get("padding")) ?? fits(value, { stride: model.get("stride") ?? value }),
    },
    {
      ...{ name: "stride", words: "Stride", title: "Cells from one window to the next", least: 1, most: 128 },
      now: () => movesOf(model).stride,
      problem: (stride) => fits(size(), { stride }),
    },
    {
      ...{ name: "padding", words: "Padding", title: "Extra cells around the image", least: 0, most: 64 },
      now: () => model.get("padding"),
      problem: (padding) => half(size(), padding) ?? fits(size(), { padding }),
    },
  ];
}

export default defineWidget("pooling-stepper", { start, draw });
