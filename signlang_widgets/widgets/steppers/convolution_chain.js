// Window x kernel = products, one row a channel; their sums, the bias, ReLU: the chain behind one output cell.

import { extent, swatch, tint } from "../common/colours.js";
import { make } from "../common/controls.js";
import { addedUp, fixed, shown } from "../common/numbers.js";
import { windowOf } from "../common/ops.js";
import { numberTable } from "../common/products.js";
import { placeOf } from "./output_size.js";
import { DIGITS, inked } from "./plane_view.js";

/** @typedef {import("./convolution_stepper.js").ConvolutionPlan} ConvolutionPlan */

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
export function linksOf(plan, step) {
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
export function convolutionChain() {
  const rows = make("div", { class: "slw-chain-rows" });
  const line = make("p", { class: "slw-sum" });
  /** @type {ReturnType<typeof channelRow>[]} */
  let channels = [];
  /** @type {ConvolutionPlan | null} */
  let measured = null;
  const match = (/** @type {number} */ count) => {
    if (channels.length === count) return;
    channels = Array.from({ length: count }, (_, c) => channelRow(c, count));
    rows.replaceChildren(...channels.map(({ el }) => el));
    rows.tabIndex = count > 3 ? 0 : -1;
  };
  return {
    el: make("div", { class: "slw-chain" }, rows),
    line,
    /**
     * @param {ConvolutionPlan} plan @param {number} step @param {boolean} hidden @param {import("./stage.js").Look} look
     * @param {import("../common/colours.js").Palette} palette @param {boolean} readable whether the image's own numbers can be read
     */
    show(plan, step, hidden, look, palette, readable) {
      match(plan.image.channels);
      if (plan !== measured) rows.style.setProperty("--cell", `${cellWidth(plan)}px`);
      measured = plan;
      const links = linksOf(plan, step);
      const size = plan.kernel.height * plan.kernel.width;
      const weights = hidden ? plan.given : plan.kernel;
      const [most, least] = [extent(plan.kernel.data), extent(links.products)];
      channels.forEach((row, c) => {
        const mine = (/** @type {number} */ i) => c * size + i;
        const cells = links.cells[c];
        const own = Array.from({ length: size }, (_, i) => weights.data[mine(i)]);
        row.cells.show(
          cells.map((cell) => (hidden && readable ? "?" : shown(cell ?? 0, DIGITS))),
          plan.kernel.width,
          (i) => (hidden && readable ? plain() : cells[i] === null ? HATCH : inked(swatch(cells[i] ?? 0, look))),
        );
        row.weights.show(
          own.map((v) => shown(v, DIGITS)),
          plan.kernel.width,
          (i) => inked(tint(own[i], most, palette)),
          plan.flip && !hidden ? "kernel, flipped" : "kernel",
        );
        row.products.show(
          cells.map((_, i) => (hidden ? "?" : links.terms[mine(i)])),
          plan.kernel.width,
          (i) => (hidden ? plain() : inked(tint(links.products[mine(i)], least, palette))),
          links.rounded ? "products (rounded)" : "products",
        );
        row.sum.textContent = channels.length > 1 ? `sum ${hidden ? "?" : links.sums[c]}` : "";
      });
      line.textContent = hidden ? "What is the sum?" : chainLine(plan, links);
    },
  };
}

/** Screen pixels that the longest number of a plan needs. @param {ConvolutionPlan} plan */
function cellWidth({ image, kernel, bias }) {
  const whole = [image.data, kernel.data, [bias]].every((data) => Array.prototype.every.call(data, Number.isInteger));
  return whole ? Math.max(40, 7 * shown(-extent(image.data) * extent(kernel.data)).length + 8) : 68;
}

function plain() {
  return { background: "", color: "" };
}
