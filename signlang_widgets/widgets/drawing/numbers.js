// Numbers on screen: as few digits as the eye needs, and sums that add up as shown.

const MINUS = "\u2212";

/** @param {string} text */
function typographic(text) {
  return text.replace("-", MINUS);
}

/**
 * A number as a learner reads it: whole numbers whole, others with up to `digits` significant digits.
 * @param {number} value @param {number} [digits]
 */
export function shown(value, digits = 3) {
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return typographic(String(value || 0));
  const rounded = Number(value.toPrecision(digits));
  return typographic(String(rounded || 0));
}

/** @param {number} value @param {number} decimals */
export function fixed(value, decimals) {
  const text = value.toFixed(decimals);
  return typographic(Number(text) === 0 ? text.replace("-", "") : text);
}

/**
 * A number for a narrow cell: as many digits as fit into `room` characters, without the zero before the point.
 * @param {number} value @param {number} room
 */
export function fitted(value, room) {
  const texts = [3, 2, 1].map((digits) => shown(value, digits));
  const both = texts.flatMap((text) => [text, text.replace(/^(\u2212?)0\./, "$1.")]);
  return both.find((text) => text.length <= room) ?? typographic(value.toExponential(0).replace("e+", "e"));
}

/** A number as a screen reader should say it. @param {number} value @param {number} [digits] */
export function spoken(value, digits = 3) {
  return shown(value, digits).replace(MINUS, "minus ");
}

/**
 * What a typed text means, or null for what is not a finite number of sensible size.
 * @param {string} text @returns {number | null}
 */
export function parsed(text) {
  const plain = text
    .trim()
    .replace(MINUS, "-")
    .replace(/^(-?\d*),(\d+)$/, "$1.$2");
  const fraction = /^([-+]?\d+)\/([1-9]\d*)$/.exec(plain);
  if (fraction) return Number(fraction[1]) / Number(fraction[2]);
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Math.abs(value) <= 1e6 ? value : null;
}

/**
 * How many decimals write every term exactly, or null when more than six would be needed.
 * @param {number[]} terms
 */
function exactDecimals(terms) {
  for (let decimals = 0; decimals <= 6; decimals++) {
    const scale = 10 ** decimals;
    if (terms.every((t) => Math.abs(Math.round(t * scale) / scale - t) <= 1e-12 * Math.max(1, Math.abs(t))))
      return decimals;
  }
  return null;
}

/**
 * Terms and their sum as texts that add up to the last digit. Exact where few decimals suffice; otherwise the terms are
 * rounded so that their sum is the rounded true sum, each within one unit of its last digit.
 * @param {number[]} terms
 * @returns {{terms: string[], values: number[], sum: string, rounded: boolean, decimals: number, value: number}}
 */
export function addedUp(terms, decimalsIfRounded = 3) {
  const exact = exactDecimals(terms);
  const decimals = exact ?? decimalsIfRounded;
  const scale = 10 ** decimals;
  const total = Math.round(terms.reduce((a, b) => a + b, 0) * scale);
  const units = sharedRounding(
    terms.map((t) => t * scale),
    total,
  );
  return {
    terms: units.map((u) => fixed(u / scale, decimals)),
    values: units.map((u) => u / scale),
    sum: fixed(total / scale, decimals),
    rounded: exact === null,
    decimals,
    value: total / scale,
  };
}

/**
 * Whole numbers near `values` that sum to `total`: rounds down, then gives the missing units to the largest remainders.
 * @param {number[]} values @param {number} total
 */
function sharedRounding(values, total) {
  const units = values.map((v) => Math.floor(v + 1e-9));
  const missing = total - units.reduce((a, b) => a + b, 0);
  const byRemainder = [...values.keys()].sort((i, j) => values[j] - units[j] - (values[i] - units[i]));
  for (let i = 0; i < missing; i++) units[byRemainder[i % byRemainder.length]] += 1;
  return units;
}

/**
 * Rows of numbers in pasted text (spaces, tabs, commas, semicolons, brackets), or null where one cell is enough. A word
 * that is no number becomes NaN.
 * @param {string} text @returns {number[][] | null}
 */
export function matrixOf(text) {
  const lines = text
    .replace(/tensor|array|[()]/g, " ")
    .split(/\]\s*,?\s*\[|[;\n\r]+/)
    .map((line) => line.replace(/[[\]]/g, " ").trim().replace(/,$/, ""))
    .filter(Boolean);
  const rows = lines.map((line) => line.split(/[\s,]+/).map((word) => parsed(word) ?? Number.NaN));
  return rows.length > 1 || (rows[0]?.length ?? 0) > 1 ? rows : null;
}
