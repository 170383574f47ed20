// Window x kernel = products -> sum, in numbers that add up as shown.

import { make } from "../common/controls.js";
import { addedUp, shown } from "./numbers.js";

/**
 * A table of numbers under a heading. The numbers stand in reading order.
 * @param {string} heading
 */
export function numberTable(heading) {
  const caption = make("figcaption", {}, heading);
  const body = make("div", { class: "slw-numbers" });
  const el = make("figure", { class: "slw-table" }, caption, body);
  return {
    el,
    /**
     * @param {string[]} texts @param {number} columns @param {((i: number) => Partial<CSSStyleDeclaration>)} [style]
     * @param {string} [words]
     */
    show(texts, columns, style, words = heading) {
      if (caption.textContent !== words) caption.textContent = words;
      body.style.setProperty("--columns", String(columns));
      while (body.childElementCount > texts.length) body.lastElementChild?.remove();
      while (body.childElementCount < texts.length) body.append(make("span"));
      texts.forEach((text, i) => {
        const cell = /** @type {HTMLElement} */ (body.children[i]);
        if (cell.textContent !== text) cell.textContent = text;
        if (style) dress(cell, style(i));
      });
    },
  };
}

/** What each cell was last dressed in: only a changed style is worth the browser's work. @type {WeakMap<HTMLElement, string>} */
const dressed = new WeakMap();

/** @param {HTMLElement} cell @param {Partial<CSSStyleDeclaration>} style */
function dress(cell, style) {
  const words = JSON.stringify(style);
  if (dressed.get(cell) === words) return;
  dressed.set(cell, words);
  Object.assign(cell.style, style);
}

/**
 * The three tables of one window and the line with their sum.
 * @param {{unit: number}} scale what the window's numbers are divided by for the model (255 for whole grey values, 1 otherwise)
 */
export function productsPanel({ unit }) {
  const [pixels, weights, products] = ["window", "kernel", "products"].map(numberTable);
  const line = make("p", { class: "slw-sum" });
  const sign = (/** @type {string} */ text) => make("span", { class: "slw-sign", "aria-hidden": "true" }, text);
  const el = make(
    "div",
    { class: "slw-products" },
    pixels.el,
    sign("\u00d7"),
    weights.el,
    sign("="),
    products.el,
    line,
  );
  return {
    el,
    /**
     * @param {number[]} cells @param {number[]} kernel @param {number} columns
     * @param {{grey: (v: number) => {background: string, ink: string}, signed: (v: number, limit: number) => {background: string, ink: string}, flip: boolean, relu: boolean}} look
     */
    show(cells, kernel, columns, { grey, signed, flip, relu }) {
      const terms = cells.map((cell, i) => cell * kernel[i]);
      const added = addedUp(terms);
      const limits = [Math.max(...kernel.map(Math.abs)), Math.max(...terms.map(Math.abs))];
      const paint = (/** @type {{background: string, ink: string}} */ { background, ink }) => ({
        background,
        color: ink,
      });
      pixels.show(
        cells.map((v) => shown(v)),
        columns,
        (i) => paint(grey(cells[i])),
      );
      weights.show(
        kernel.map((v) => shown(v)),
        columns,
        (i) => paint(signed(kernel[i], limits[0])),
        `kernel${flip ? ", flipped" : ""}${kernel.every(exactlyShown) ? "" : " (rounded)"}`,
      );
      products.show(
        added.terms,
        columns,
        (i) => paint(signed(terms[i], limits[1])),
        added.rounded ? "products (rounded)" : "products",
      );
      line.textContent = sumLine(added, terms.length, unit, relu);
    },
  };
}

/** Whether the few digits on screen are the whole number. @param {number} value */
function exactlyShown(value) {
  return Number(value.toPrecision(3)) === value;
}

/**
 * @param {{sum: string, rounded: boolean, value: number}} added @param {number} count @param {number} unit @param {boolean} relu
 */
function sumLine({ sum, rounded, value }, count, unit, relu) {
  const parts = [
    `${count === 1 ? "1 product is" : `${count} products add up to`} ${sum}${rounded ? " (rounded)" : ""}`,
  ];
  if (unit !== 1)
    parts.push(`\u00f7 ${unit} = ${shown(value / unit, 4)}${Number.isInteger(value / unit) ? "" : " (rounded)"}`);
  if (relu) parts.push(`\u2192 ReLU \u2192 ${shown(Math.max(0, value / unit), 4)}`);
  return parts.join(" ");
}
