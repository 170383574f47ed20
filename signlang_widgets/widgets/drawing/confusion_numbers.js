// The figures behind a confusion matrix: what a cell shows, what a pinned place counts, and both in words.
//
// plots/confusions.py and networks/confusions.py say the same in Python; a property test holds both together.

/** @typedef {"count" | "recall" | "precision"} Mode */
/** @typedef {[number | null, number | null]} Pin true and predicted class; null for one of them is a column or a row */

/** What cells show. @typedef {{mode: Mode, pairs: boolean, hideDiagonal: boolean}} Look */

const MOST_WRITTEN = 40; // a matrix of more classes shows colours only: no number would be readable

/** The counts with their sums: which class was predicted for which. */
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

  /** The classes that occur, in the images or among the predictions. */
  occurring() {
    return [...this.rows.keys()].filter((i) => this.rows[i] + this.columns[i] > 0);
  }

  /** What a cell shows: a count or a share 0..1; null where there is nothing to share. @param {number} i @param {number} j @param {Mode} mode @param {boolean} pairs */
  value(i, j, mode, pairs) {
    const count = this.at(i, j, pairs);
    if (mode === "count") return count;
    const whole = this.whole(i, j, mode, pairs);
    return whole ? count / whole : null;
  }

  /** What all cells of some classes show, row by row. @param {number[]} shown @param {Look} look */
  values(shown, { mode, pairs, hideDiagonal }) {
    return shown.map((i) => shown.map((j) => (hideDiagonal && i === j ? null : this.value(i, j, mode, pairs))));
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

/** The largest value shown: it takes the fullest colour. @param {(number | null)[][]} values */
export function largest(values) {
  return Math.max(0, ...values.flat().map((value) => value ?? 0)) || 1;
}

/**
 * How full the colour of a value is, 0 to 1: by square roots, so that one image in a hundred that is misread still shows
 * beside a full diagonal.
 * @param {number} value @param {number} most
 */
export function level(value, most) {
  return Math.sqrt(value / most);
}

/** What a matrix's colours mean. @param {Look} look @param {number} most */
export function scaleWords({ mode, pairs, hideDiagonal }, most) {
  const what = { count: "images a cell", recall: "share of the row", precision: "share of the column" }[mode];
  const notes = [what, pairs ? "both ways together" : "", hideDiagonal ? "diagonal left out" : "", "square-root scale"];
  const high = mode === "count" ? grouped(most) : percent(most);
  return { low: "0", high, words: notes.filter(Boolean).join(", ") };
}

/** What stands in a cell: a count or whole per cent, nothing for 0 and blank. @param {number | null} value @param {Mode} mode */
export function cellText(value, mode) {
  if (!value) return "";
  if (mode === "count") return String(value);
  const whole = Math.floor(100 * value + 0.5);
  return whole ? String(whole) : "<1";
}

/** Whether numbers are written at all into the cells of so many classes. @param {number} classes */
export function written(classes) {
  return classes <= MOST_WRITTEN;
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
 * @param {Counts} counts @param {Pin} pin @param {{mode: Mode, pairs: boolean}} look
 */
export function placeWords(counts, [i, j], { mode, pairs }) {
  const { names, rows, columns } = counts;
  if (j === null) {
    const row = /** @type {number} */ (i);
    return `true ${names[row]}: ${imagesWords(rows[row])}, recall ${shareWords(counts.value(row, row, "recall", false))}`;
  }
  if (i === null)
    return `predicted ${names[j]}: ${imagesWords(columns[j])}, precision ${shareWords(counts.value(j, j, "precision", false))}`;
  if (pairs && i !== j) return pairWords(counts, i, j, mode);
  const [a, b] = [`true ${names[i]}`, `predicted ${names[j]}`];
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
  if (i === null) return `predicted ${names[j]}`;
  if (i === j) return `${names[i]}, read correctly`;
  return pairs ? `${names[i]} and ${names[j]} mixed up` : `true ${names[i]}, predicted ${names[j]}`;
}
