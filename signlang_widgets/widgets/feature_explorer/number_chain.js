// The chain behind one number: patch x kernel, summed over the input channels, bias, pooling, ReLU. What is shown adds up.

import { make } from "../common/controls.js";
import { tint } from "../drawing/colours.js";
import { addedUp, fixed } from "../drawing/numbers.js";
import { numberTable } from "../drawing/products.js";

/**
 * One layer's step, as Python tells it.
 * @typedef {{layer: string, type: string, kind: string, place: number[], value: number | null, parts: Record<string, any>}} ChainStep
 */
/** @typedef {import("../drawing/colours.js").Palette} Palette */

const DECIMALS = 4;
const MOST_LISTED = 16;

/** Names of a place in a layer's output. @param {number[]} place */
function placeWords(place) {
  if (place.length === 1) return `number ${place[0]}`;
  const [channel, ...rest] = place;
  return `map ${channel}, ${rest.length === 2 ? `row ${rest[0]}, column ${rest[1]}` : `place ${rest.join(", ")}`}`;
}

/** Terms with names, as a sum that adds up to the last digit. @param {[string, number][]} terms */
function sumWords(terms) {
  const {
    terms: texts,
    sum,
    rounded,
  } = addedUp(
    terms.map(([, value]) => value),
    DECIMALS,
  );
  const words = terms.map(([name], i) => `${name}${texts[i]}`.trim());
  return `${words.join(" + ")} = ${sum}${rounded ? " (rounded)" : ""}`;
}

/** The line of one step: what was done to which numbers. @param {ChainStep} step @returns {string} */
function stepWords({ kind, value, parts }) {
  const shown = (/** @type {number | null} */ v) => (v === null ? "NaN" : fixed(v, DECIMALS));
  if (value === null) return "This number is NaN or infinite: look for NaN in the weights.";
  switch (kind) {
    case "conv": {
      const many = parts.channels.length > 1;
      const one = (/** @type {any} */ c) => (many ? `map ${c.channel}: ` : `${c.patch.length} products: `);
      return sumWords([
        ...parts.channels.map((/** @type {any} */ c) => [one(c), c.sum]),
        ...others(parts.rest, "maps"),
        ...biased(parts.bias),
      ]);
    }
    case "linear":
      return sumWords([
        ...parts.terms.map((/** @type {any} */ t) => [`${termWords(t)}: `, t.product]),
        ...others(parts.rest, "products"),
        ...biased(parts.bias),
      ]);
    case "max":
      return `largest of ${listed(parts.window)} = ${shown(value)}`;
    case "average": {
      const cells = parts.window.filter((/** @type {number | null} */ v) => v !== null);
      return `(${sumWords(cells.map((/** @type {number} */ v) => ["", v]))}) / ${parts.divisor} = ${shown(value)}`;
    }
    case "relu":
      return `max(0, ${shown(parts.input)}) = ${shown(value)}`;
    case "norm":
      return `(${shown(parts.input)} \u2212 mean ${shown(parts.mean)}) / spread ${shown(parts.spread)} \u00d7 ${shown(parts.weight)} + ${shown(parts.bias)} = ${shown(value)} (rounded)`;
    case "pass":
      return `passes ${shown(value)} on`;
    default:
      return `value ${shown(value)}; this kind of layer is not taken apart`;
  }
}

/** @param {{count: number, sum: number}} rest @param {string} what @returns {[string, number][]} */
function others({ count, sum }, what) {
  return count ? [[`${count} other ${what}: `, sum]] : [];
}

/** @param {number | null} bias @returns {[string, number][]} */
function biased(bias) {
  return bias === null ? [] : [["bias ", bias]];
}

/** @param {{index: number, place: number[] | null, input: number, weight: number}} term */
function termWords({ index, place, input, weight }) {
  const name = place?.length === 1 ? `map ${place[0]}` : place ? placeWords(place) : `number ${index}`;
  return `${name} (${fixed(input, DECIMALS)} \u00d7 ${fixed(weight, DECIMALS)})`;
}

/** @param {(number | null)[]} cells */
function listed(cells) {
  const real = /** @type {number[]} */ (cells.filter((cell) => cell !== null));
  return real.length <= MOST_LISTED ? real.map((v) => fixed(v, DECIMALS)).join(", ") : `${real.length} cells`;
}

export function numberChain() {
  const head = make("h3", {}, "Behind one number");
  const body = make(
    "div",
    { class: "slw-fx-steps" },
    make("p", { class: "slw-fx-wait" }, "Hover a pixel of a map to see the numbers behind it; click to keep it."),
  );
  const el = make(
    "section",
    { class: "slw-fx-chain", "aria-label": "The numbers behind one pixel", "data-control": "chain" },
    head,
    body,
  );
  return {
    el,
    /** @param {ChainStep[]} steps @param {Palette} palette */
    show(steps, palette) {
      const last = steps[steps.length - 1];
      head.textContent = `Behind ${last.layer || last.type}, ${placeWords(last.place)}`;
      const conv = steps.find(({ kind, value }) => kind === "conv" && value !== null);
      body.replaceChildren(...steps.map(stepRow), ...(conv ? [tables(conv, palette)] : []));
    },
    /** @param {string} words */
    say(words) {
      body.replaceChildren(make("p", { class: "slw-fx-wait" }, words));
    },
  };
}

/** @param {ChainStep} step */
function stepRow(step) {
  const line = make("p", { class: "slw-sum", "data-kind": step.kind }, stepWords(step));
  const title = make("h4", {}, `${step.type} ${step.layer}, ${placeWords(step.place)}`);
  return make("div", { class: "slw-fx-step" }, title, line);
}

/** Patch x kernel of one input channel; buttons choose among the largest. @param {ChainStep} step @param {Palette} palette */
function tables({ parts }, palette) {
  const [patch, kernel, products] = ["patch", "kernel", "products"].map(numberTable);
  const sign = (/** @type {string} */ text) => make("span", { class: "slw-sign", "aria-hidden": "true" }, text);
  const line = make("p", { class: "slw-fx-products" });
  const show = (/** @type {any} */ channel) => {
    const terms = channel.patch.map(
      (/** @type {number | null} */ v, /** @type {number} */ i) => (v ?? 0) * channel.kernel[i],
    );
    const added = addedUp(terms, DECIMALS);
    fillTable(
      patch,
      channel.patch,
      channel.patch.map((/** @type {number | null} */ v) => (v === null ? "pad 0" : fixed(v, 2))),
      parts.columns,
      palette,
    );
    fillTable(
      kernel,
      channel.kernel,
      channel.kernel.map((/** @type {number} */ v) => fixed(v, 3)),
      parts.columns,
      palette,
    );
    fillTable(products, terms, added.terms, parts.columns, palette);
    line.textContent = `${parts.channels.length > 1 ? `map ${channel.channel}: ` : ""}${terms.length} products add up to ${added.sum}${added.rounded ? " (rounded)" : ""}`;
  };
  const buttons = parts.channels.map((/** @type {any} */ channel, /** @type {number} */ i) => {
    const el = make(
      "button",
      { type: "button", class: "slw-button slw-fx-map", "aria-pressed": String(i === 0) },
      `map ${channel.channel}`,
    );
    el.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === el));
      show(channel);
    });
    return el;
  });
  show(parts.channels[0]);
  const chooser = make(
    "div",
    { class: "slw-fx-tools", role: "group", "aria-label": "Input map" },
    ...(buttons.length > 1 ? buttons : []),
  );
  return make(
    "div",
    {},
    chooser,
    make("div", { class: "slw-products" }, patch.el, sign("\u00d7"), kernel.el, sign("="), products.el),
    line,
  );
}

/** @param {ReturnType<typeof numberTable>} table @param {(number | null)[]} values @param {string[]} texts @param {number} columns @param {Palette} palette */
function fillTable(table, values, texts, columns, palette) {
  const limit = Math.max(...values.map((v) => Math.abs(v ?? 0)));
  table.show(texts, columns, (i) => {
    const { background, ink } = tint(values[i] ?? 0, limit, palette);
    return { background, color: ink };
  });
}
