// A run as the page holds it: epochs, batches, marks and earlier runs; and the texts that are read from it.

import { unpacked } from "../common/wire.js";
import { shown } from "../drawing/numbers.js";

/** @typedef {import("../common/view.js").Model} Model */
/** @typedef {{x: number[], y: number[]}} Line */
/** @typedef {{x: Float32Array, batch: Float32Array, mean: Float32Array, low: Float32Array, high: Float32Array, every: number}} Trace */
/** @typedef {{number: number, words: string, rows: Record<string, number>[], trace: Line}} EarlierRun */
/** @typedef {{columns: string[], rows: Record<string, number>[], trace: Trace, marks: [number, number][], earlier: EarlierRun[], most: number}} Run */
/** @typedef {{x: number, y: number[], words: () => string, epoch: boolean}} Stop */

/**
 * @param {string[]} columns @param {{shape: number[], dtype: "float64", data: DataView}} table
 * @returns {Record<string, number>[]} a row an epoch
 */
export function rowsOf(columns, table) {
  if (!table?.data) return [];
  const numbers = unpacked(table);
  const row = (/** @type {number} */ i) => columns.map((name, j) => [name, numbers[i * columns.length + j]]);
  return Array.from({ length: table.shape[0] }, (_, i) => Object.fromEntries(row(i)));
}

/** @param {{shape: number[], dtype: "float32", data: DataView}} table @returns {Float32Array[]} */
function linesOf(table) {
  const numbers = /** @type {Float32Array} */ (unpacked(table));
  const [lines, points] = table.shape;
  return Array.from({ length: lines }, (_, i) => numbers.subarray(i * points, (i + 1) * points));
}

/** @param {Model} model @returns {Run} */
export function runOf(model) {
  const { columns, epochs, trace, every, marks } = model.get("curves");
  const [x, batch, mean, low, high] = linesOf(trace);
  const rows = rowsOf(columns, epochs);
  /** @type {EarlierRun[]} */
  const earlier = model.get("earlier").map((/** @type {any} */ run) => {
    const [at, losses] = linesOf(run.trace);
    return { ...run, rows: rowsOf(columns, run.epochs), trace: { x: Array.from(at), y: Array.from(losses) } };
  });
  const ends = [rows.length, Math.ceil((x.at(-1) ?? 0) - 1e-6), ...earlier.map((run) => lengthOf(run))];
  return { columns, rows, trace: { x, batch, mean, low, high, every }, marks, earlier, most: Math.max(1, ...ends) };
}

/** How many epochs a run reached into. @param {EarlierRun} run */
function lengthOf({ rows, trace }) {
  return Math.max(rows.length, Math.ceil((trace.x.at(-1) ?? 0) - 1e-6));
}

/** One curve of a run. @param {Record<string, number>[]} rows @param {string} figure such as "test_loss" @returns {Line} */
export function lineOf(rows, figure) {
  return { x: rows.map((row) => row.epoch), y: rows.map((row) => row[figure]) };
}

/**
 * Where a reading of a chart can stop: at every point of the batch trace (of the loss) and at every epoch, in order.
 * @param {Run} run @param {"loss" | "accuracy"} figure @returns {Stop[]}
 */
export function stopsOf(run, figure) {
  const epochs = run.rows.map((row) => ({
    x: row.epoch,
    y: [row[`train_${figure}`], row[`test_${figure}`]],
    words: () => epochWords(run, row, figure),
    epoch: true,
  }));
  if (figure === "accuracy") return epochs;
  const { x, mean } = run.trace;
  const words = (/** @type {number} */ i) => () => batchWords(run.trace, i);
  const batches = Array.from(x, (at, i) => ({ x: at, y: [mean[i]], words: words(i), epoch: false }));
  return [...batches, ...epochs].sort((a, b) => a.x - b.x || Number(a.epoch) - Number(b.epoch));
}

/** The newest figures: of the last epoch, else of the last batch. @param {Run} run @param {"loss" | "accuracy"} figure */
export function newestWords(run, figure) {
  const row = run.rows.at(-1);
  if (row) return epochWords(run, row, figure);
  if (figure === "accuracy") return "Measured after each epoch.";
  const last = run.trace.x.length - 1;
  return last < 0 ? "Every batch and every epoch will show here." : batchWords(run.trace, last);
}

/** @param {Run} run @param {Record<string, number>} row @param {"loss" | "accuracy"} figure */
function epochWords({ earlier }, row, figure) {
  const read = (/** @type {Record<string, number>} */ of, /** @type {string} */ split) =>
    figureWords(figure, of[`${split}_${figure}`]);
  const before = earlier
    .slice(-2)
    .filter(({ rows }) => rows[row.epoch - 1])
    .map(({ number, rows }) => `; run ${number}: test ${read(rows[row.epoch - 1], "test")}`);
  return `Epoch ${row.epoch}: train ${read(row, "train")}, test ${read(row, "test")}${before.join("")}`;
}

/** @param {Trace} trace @param {number} i */
function batchWords({ x, batch, mean, low, high, every }, i) {
  const place = `Epoch ${Math.ceil(x[i] - 1e-5)}, batch ${batch[i]}`;
  const spread = `, mean of ${every} batches, ${shown(low[i])} to ${shown(high[i])}`;
  return `${place}: loss ${shown(mean[i])}${every > 1 ? spread : ""}`;
}

/** @param {"loss" | "accuracy"} figure @param {number} value */
export function figureWords(figure, value) {
  return figure === "accuracy" ? `${(100 * value).toFixed(1)} %` : shown(value);
}

/** The history as comma-separated text: one line of names, one line an epoch. @param {Run} run */
export function csvOf({ columns, rows }) {
  const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))];
  return lines.map((line) => `${line.join(",")}\n`).join("");
}

/** Seconds as a learner says them. @param {number} seconds */
export function duration(seconds) {
  if (seconds < 1) return "less than 1 s";
  const whole = Math.round(seconds);
  const [minutes, hours] = [Math.floor(whole / 60), Math.floor(whole / 3600)];
  if (minutes === 0) return `${whole} s`;
  return hours === 0 ? `${minutes} min ${whole % 60} s` : `${hours} h ${minutes % 60} min`;
}
