// The figures behind the matrix: what a cell shows, what a pinned place counts, and both in words.

/** @typedef {"count" | "recall" | "precision"} Mode */
/** @typedef {[number | null, number | null]} Pin true and predicted class; null for one of them is a column or a row */

/**
 * @typedef {{
 *   version: number, names: string[], occurring: number[], recall: (number | null)[], precision: (number | null)[],
 *   tile: [number, number, number], total: number, matrix: {shape: number[], data: any},
 * }} Figures
 */

/** The counts with their sums: who was taken for whom. */
export class Counts {
  /** @param {ArrayLike<number>} counts row by row: true class, then predicted class @param {string[]} names */
  constructor(counts, names) {
    this.names = names;
    this.size = names.length;
    this.counts = counts;
    this.rows = new Float64Array(this.size);
    this.columns = new Float64Array(this.size);
    for (let i = 0; i < counts.length; i++) {
      this.rows[Math.floor(i / this.size)] += counts[i];
      this.columns[i % this.size] += counts[i];
    }
  }

  /** @param {number} i true @param {number} j predicted @param {boolean} [pairs] both ways together */
  at(i, j, pairs = false) {
    const there = this.counts[i * this.size + j];
    return pairs && i !== j ? there + this.counts[j * this.size + i] : there;
  }

  /** How many images a pinned place holds. @param {Pin | null} pin @param {boolean} pairs */
  held(pin, pairs) {
    if (!pin) return 0;
    const [i, j] = pin;
    if (i === null) return this.columns[/** @type {number} */ (j)];
    return j === null ? this.rows[i] : this.at(i, j, pairs);
  }

  /** What a share is of: the row's images, or for precision the column's. @param {number} i @param {number} j @param {Mode} mode @param {boolean} pairs */
  whole(i, j, mode, pairs) {
    const [sums, own, other] = mode === "precision" ? [this.columns, j, i] : [this.rows, i, j];
    return pairs && i !== j ? sums[own] + sums[other] : sums[own];
  }

  /** What a cell shows: a count or a share 0..1; null where there is nothing to share. @param {number} i @param {number} j @param {Mode} mode @param {boolean} pairs */
  value(i, j, mode, pairs) {
    const count = this.at(i, j, pairs);
    if (mode === "count") return count;
    const whole = this.whole(i, j, mode, pairs);
    return whole ? count / whole : null;
  }

  /**
   * The most frequent mistakes, commonest first; in the pair view each pair once.
   * @param {boolean} pairs @param {number} most @returns {{pin: [number, number], count: number}[]}
   */
  mistakes(pairs, most) {
    /** @type {{pin: [number, number], count: number}[]} */
    const found = [];
    for (let i = 0; i < this.size; i++)
      for (let j = pairs ? i + 1 : 0; j < this.size; j++)
        if (i !== j && this.at(i, j, pairs)) found.push({ pin: [i, j], count: this.at(i, j, pairs) });
    return found.sort((a, b) => b.count - a.count).slice(0, most);
  }
}

/** A share as a learner reads it; never 0 % or 100 % unless it is. @param {number} share */
export function percent(share) {
  const tenths = Math.round(share * 1000);
  if (tenths === 0 && share > 0) return "< 0.1 %";
  if (tenths === 1000 && share < 1) return "> 99.9 %";
  return `${(tenths / 10).toFixed(1)} %`;
}

/** @param {number} count */
export function imagesWords(count) {
  return count === 1 ? "1 image" : `${grouped(count)} images`;
}

/** 1234567 as 1,234,567. @param {number} count */
export function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * A place of the matrix in one sentence.
 * @param {Counts} counts @param {Figures} figures @param {Pin} pin @param {{mode: Mode, pairs: boolean}} look
 */
export function placeWords(counts, figures, [i, j], { mode, pairs }) {
  const { names, rows, columns } = counts;
  if (j === null) {
    const row = /** @type {number} */ (i);
    return `true ${names[row]}: ${imagesWords(rows[row])}, recall ${shareWords(figures.recall[row])}`;
  }
  if (i === null)
    return `taken for ${names[j]}: ${imagesWords(columns[j])}, precision ${shareWords(figures.precision[j])}`;
  if (pairs && i !== j) return pairWords(counts, i, j, mode);
  const [a, b] = [`true ${names[i]}`, i === j ? `read as ${names[j]}` : `taken for ${names[j]}`];
  return `${mode === "precision" ? `${b}, ${a}` : `${a}, ${b}`}: ${partWords(counts, i, j, mode, false)}`;
}

/** @param {Counts} counts @param {number} i @param {number} j @param {Mode} mode */
function pairWords(counts, i, j, mode) {
  const [a, b] = [counts.names[i], counts.names[j]];
  return `${a} and ${b} mixed up: ${partWords(counts, i, j, mode, true)}; ${a} for ${b} ${grouped(counts.at(j, i))}, ${b} for ${a} ${grouped(counts.at(i, j))}`;
}

/** @param {Counts} counts @param {number} i @param {number} j @param {Mode} mode @param {boolean} pairs */
function partWords(counts, i, j, mode, pairs) {
  const [part, whole] = [counts.at(i, j, pairs), counts.whole(i, j, mode, pairs)];
  return whole ? `${grouped(part)} of ${grouped(whole)} (${percent(part / whole)})` : "no image";
}

/** A share, or a dash where there is nothing to share. @param {number | null} share */
export function shareWords(share) {
  return share === null ? "\u2013" : percent(share);
}

/** What is pinned, in as few words as a heading needs. @param {string[]} names @param {Pin} pin @param {boolean} pairs */
export function pinWords(names, [i, j], pairs) {
  if (j === null) return `true ${names[/** @type {number} */ (i)]}`;
  if (i === null) return `taken for ${names[j]}`;
  if (i === j) return `${names[i]}, read correctly`;
  return pairs ? `${names[i]} and ${names[j]} mixed up` : `true ${names[i]}, taken for ${names[j]}`;
}
