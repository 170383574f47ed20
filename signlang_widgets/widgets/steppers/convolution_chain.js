// Window x kernel = products, one row a channel; their sums, the bias, ReLU: the chain behind one output cell.

import { make } from "../common/controls.js";
import { extent, swatch, tint } from "../drawing/colours.js";
import { addedUp, fixed, shown } from "../drawing/numbers.js";
import { windowOf } from "../drawing/ops.js";
import { numberTable } from "../drawing/products.js";
import { placeOf } from "./output_size.js";
import { DIGITS, inked } from "./plane_view.js";

/** @typedef {import("../drawing/ops.js").Planes} Planes */
/** @typedef {import("../drawing/colours.js").Palette} Palette */

/**
 * @typedef {import("./player.js").Plan & {
 *   given: Planes, kernel: Planes, bias: number, relu: boolean, flip: boolean, finish: (sum: number) => number,
 * }} ConvolutionPlan
 */

const MOST_TERMS = 9; // more products than this are counted, not listed
const HATCH = { background: "var(--slw-hatch)", color: "" };

/** Decimals that leave the largest term four digits. @param {number[]} terms */
function enoughDecimals(terms) {
  const most = extent(terms);
  return most ? Math.max(1, Math.min(6, 3 - Math.floor(Math.log10(most)))) : 3;
}

/**
 * The numbers behind one output cell, rounded so that what is shown adds up.
 * @param {ConvolutionPlan} plan @param {number} step
 */
function linksOf(plan, step) {
  const { image, kernel, bias, relu, moves } = plan;
  const { top, left } = placeOf(plan, step);
  const size = kernel.height * kernel.width;
  const cells = Array.from({ length: image.channels }, (_, c) =>
    windowOf(image, c, top, left, kernel.height, kernel.width, moves.dilation),
  );
  const products = cells.flat().map((cell, i) => (cell ?? 0) * kernel.data[i]);
  const added = addedUp([...products, bias], enoughDecimals([...products, bias]));
  const sums = cells.map((_, c) => added.values.slice(c * size, (c + 1) * size).reduce((a, b) => a + b, 0));
  const tidy = (/** @type {string} */ text) => (added.rounded ? text : trimmed(text));
  const write = (/** @type {number} */ value) => tidy(fixed(value, added.decimals));
  const sum = added.value - added.values[products.length];
  return {
    ...{ cells, products, terms: added.terms.slice(0, -1).map(tidy), rounded: added.rounded },
    ...{ sums: sums.map(write), sum: write(sum), bias: tidy(added.terms[products.length]) },
    ...{ total: tidy(added.sum), value: write(relu ? Math.max(0, added.value) : added.value) },
  };
}

/** An exact number without the zeros that end its fraction. @param {string} text */
function trimmed(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Terms in a row: a negative one brings its own sign. @param {string[]} terms */
function joined(terms) {
  return terms
    .map((term, i) => (i === 0 ? term : /^\u2212/.test(term) ? ` \u2212 ${term.slice(1)}` : ` + ${term}`))
    .join("");
}

/** @param {ConvolutionPlan} plan @param {ReturnType<typeof linksOf>} links */
function chainLine(plan, links) {
  const { terms, sums, sum, rounded } = links;
  const parts = [];
  if (sums.length > 1) parts.push(`${joined(sums)} = ${sum}`);
  else if (terms.length > 1 && terms.length <= MOST_TERMS) parts.push(`${joined(terms)} = ${sum}`);
  else parts.push(`${terms.length === 1 ? "1 product is" : `${terms.length} products add up to`} ${sum}`);
  if (plan.bias) parts.push(`+ bias ${links.bias} = ${links.total}`);
  if (plan.relu) parts.push(`\u2192 ReLU \u2192 ${links.value}`);
  return parts.join(" ") + (rounded ? " (rounded)" : "");
}

/** What a screen reader says of one step. @param {ConvolutionPlan} plan @param {number} step */
export function convolutionWords(plan, step) {
  const links = linksOf(plan, step);
  const { row, column } = placeOf(plan, step);
  const said =
    links.terms.length <= MOST_TERMS ? links.terms.map(aloud).join(" plus ") : `${links.terms.length} products`;
  const bias = plan.bias ? `, plus bias ${aloud(links.bias)} is ${aloud(links.total)}` : "";
  const relu = plan.relu ? `, after ReLU ${aloud(links.value)}` : "";
  const rounded = links.rounded ? ", rounded" : "";
  return `row ${row + 1}, column ${column + 1}: ${said} is ${aloud(links.sum)}${bias}${relu}${rounded}`;
}

/** @param {string} text */
function aloud(text) {
  return text.replace("\u2212", "minus ");
}

/** One channel's row: three tables and their sum. @param {number} channel @param {number} channels */
function channelRow(channel, channels) {
  const [cells, weights, products] = ["window", "kernel", "products"].map(numberTable);
  const sign = (/** @type {string} */ text) => make("span", { class: "slw-sign", "aria-hidden": "true" }, text);
  const sum = make("span", { class: "slw-channel-sum" });
  const name = make("span", { class: "slw-channel-name", hidden: channels === 1 }, `channel ${channel + 1}`);
  const el = make(
    "div",
    { class: "slw-products" },
    name,
    cells.el,
    sign("\u00d7"),
    weights.el,
    sign("="),
    products.el,
    sum,
  );
  return { el, cells, weights, products, sum };
}

/** The chain's part of the page. */
export class ConvolutionChain {
  constructor() {
    this.rows = make("div", { class: "slw-chain-rows" });
    this.el = make("div", { class: "slw-chain" }, this.rows);
    this.line = make("p", { class: "slw-sum" });
    /** @type {ReturnType<typeof channelRow>[]} */
    this.channels = [];
    /** @type {ConvolutionPlan | null} */
    this.measured = null;
  }

  /** Makes as many rows as there are channels, and cells as wide as the longest number. @param {ConvolutionPlan} plan */
  fit(plan) {
    const count = plan.image.channels;
    if (plan !== this.measured) this.rows.style.setProperty("--cell", `${cellWidth(plan)}px`);
    this.measured = plan;
    if (this.channels.length === count) return;
    this.channels = Array.from({ length: count }, (_, c) => channelRow(c, count));
    this.rows.replaceChildren(...this.channels.map(({ el }) => el));
    this.rows.tabIndex = count > 3 ? 0 : -1;
  }

  /**
   * @param {ConvolutionPlan} plan @param {number} step @param {boolean} hidden @param {import("./stage.js").Look} look
   * @param {Palette} palette @param {boolean} readable whether the image's own numbers can be read
   */
  show(plan, step, hidden, look, palette, readable) {
    this.fit(plan);
    const links = linksOf(plan, step);
    const limits = { weight: extent(plan.kernel.data), product: extent(links.products) };
    this.channels.forEach((row, c) => {
      showWindow(row, plan, links.cells[c], look, hidden && readable);
      showWeights(row, plan, c, limits.weight, palette, hidden);
      showProducts(row, plan, links, c, limits.product, palette, hidden);
      row.sum.textContent = this.channels.length > 1 ? `sum ${hidden ? "?" : links.sums[c]}` : "";
    });
    this.line.textContent = hidden ? "What is the sum?" : chainLine(plan, links);
  }
}

/** @typedef {ReturnType<typeof channelRow>} ChannelRow */

/** @param {ChannelRow} row @param {ConvolutionPlan} plan @param {(number | null)[]} cells @param {import("./stage.js").Look} look @param {boolean} unknown */
function showWindow(row, plan, cells, look, unknown) {
  row.cells.show(
    cells.map((cell) => (unknown ? "?" : shown(cell ?? 0, DIGITS))),
    plan.kernel.width,
    (i) => (unknown ? plain() : cells[i] === null ? HATCH : inked(swatch(cells[i] ?? 0, look))),
  );
}

/** @param {ChannelRow} row @param {ConvolutionPlan} plan @param {number} channel @param {number} limit @param {Palette} palette @param {boolean} hidden */
function showWeights(row, plan, channel, limit, palette, hidden) {
  const { data, height, width } = hidden ? plan.given : plan.kernel;
  const own = Array.from({ length: height * width }, (_, i) => data[channel * height * width + i]);
  row.weights.show(
    own.map((v) => shown(v, DIGITS)),
    width,
    (i) => inked(tint(own[i], limit, palette)),
    plan.flip && !hidden ? "kernel, flipped" : "kernel",
  );
}

/** @param {ChannelRow} row @param {ConvolutionPlan} plan @param {ReturnType<typeof linksOf>} links @param {number} channel @param {number} limit @param {Palette} palette @param {boolean} hidden */
function showProducts(row, plan, links, channel, limit, palette, hidden) {
  const first = channel * plan.kernel.height * plan.kernel.width;
  row.products.show(
    links.cells[channel].map((_, i) => (hidden ? "?" : links.terms[first + i])),
    plan.kernel.width,
    (i) => (hidden ? plain() : inked(tint(links.products[first + i], limit, palette))),
    links.rounded ? "products (rounded)" : "products",
  );
}

/** Screen pixels that the longest number of a plan needs. @param {ConvolutionPlan} plan */
function cellWidth({ image, kernel, bias }) {
  const whole = [image.data, kernel.data, [bias]].every((data) => Array.prototype.every.call(data, Number.isInteger));
  return whole ? Math.max(40, 7 * shown(-extent(image.data) * extent(kernel.data)).length + 8) : 68;
}

function plain() {
  return { background: "", color: "" };
}
