// One chart of a run: train and test, the batches' pale trace, earlier runs below; hover or arrow keys read values.

import { leaveToNotebook, make } from "../common/controls.js";
import { shown } from "../drawing/numbers.js";
import {
  drawAxes,
  drawBand,
  drawLine,
  drawMarkers,
  drawMarks,
  drawName,
  drawReading,
  MARGIN,
} from "./chart_drawing.js";
import { lineOf, newestWords, stopsOf } from "./run_data.js";
import { axisOver, nearestPlace } from "./scales.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./run_data.js").Run} Run */
/** @typedef {import("./run_data.js").Stop} Stop */
/** @typedef {import("./chart_drawing.js").Plot} Plot */

const CHART_HEIGHT = 220;
const SNAP = 6; // screen pixels within which an epoch is read rather than a batch beside it
const DASHES = { train: [], test: [6, 4] };
/** @type {("train" | "test")[]} */
const SPLITS = ["train", "test"];

export class LineChart {
  /** @param {View} view @param {"loss" | "accuracy"} figure @param {string} title */
  constructor(view, figure, title) {
    this.figure = figure;
    this.canvas = make("canvas", { tabIndex: 0, role: "application", class: "slw-chart-canvas" });
    this.canvas.setAttribute("aria-label", `${title}. Arrow keys read it point by point, with Shift epoch by epoch.`);
    this.readout = make("p", { class: "slw-chart-reading" });
    this.aloud = make("div", { class: "slw-spoken", role: "status" });
    const caption = make("figcaption", {}, title);
    this.el = make("figure", { class: "slw-chart" }, caption, this.canvas, this.readout, this.aloud);
    /** @type {Run | null} */
    this.run = null;
    this.log = false;
    /** @type {Record<string, string>} */
    this.colours = {};
    /** Where reading stops; worked out only when somebody reads. @type {Stop[] | null} */
    this.known = null;
    /** The place read, or -1; a place on the last stop stays on the last. */
    this.at = -1;
    this.listen(view);
  }

  /** @param {View} view */
  listen(view) {
    view.on(this.canvas, "pointermove", (event) => this.hover(event.offsetX));
    view.on(this.canvas, "pointerdown", (event) => this.hover(event.offsetX));
    view.on(this.canvas, "pointerleave", (event) => event.pointerType === "mouse" && this.read(-1)); // a finger that lifts leaves too
    view.on(this.canvas, "blur", () => this.read(-1));
    view.on(this.canvas, "keydown", (event) => this.press(event));
  }

  /** @param {Run} run @param {boolean} log @param {Record<string, string>} colours */
  show(run, log, colours) {
    const read = this.at < 0 ? null : this.stops[this.at];
    this.run = run;
    this.log = log && this.figure === "loss";
    this.colours = colours;
    this.known = null;
    this.at = read ? this.placeOf(read) : -1;
    this.draw();
    this.say();
  }

  /** @returns {Stop[]} */
  get stops() {
    this.known ??= this.run ? stopsOf(this.run, this.figure) : [];
    return this.known;
  }

  /** The stop at the same place as one of an older drawing. @param {Stop} stop */
  placeOf(stop) {
    const near = nearestPlace(
      this.stops.map(({ x }) => x),
      stop.x,
    );
    const twin = this.stops.findIndex(({ x, epoch }) => epoch === stop.epoch && x === stop.x);
    return twin >= 0 ? twin : near;
  }

  draw() {
    const ratio = devicePixelRatio || 1;
    const width = this.canvas.clientWidth || 400;
    const [across, down] = [Math.round(width * ratio), Math.round(CHART_HEIGHT * ratio)];
    if (this.canvas.width !== across || this.canvas.height !== down)
      Object.assign(this.canvas, { width: across, height: down });
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, CHART_HEIGHT);
    this.drawOn(context, width, this.at < 0 ? undefined : this.stops[this.at]);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} width @param {Stop} [stop] */
  drawOn(context, width, stop) {
    const run = /** @type {Run} */ (this.run);
    const plot = this.plot(context, run, width);
    drawAxes(plot, (value) => (this.figure === "accuracy" ? `${Math.round(100 * value)} %` : shown(value)));
    context.save();
    context.beginPath();
    context.rect(MARGIN.left - 4, 0, width - MARGIN.left, CHART_HEIGHT - MARGIN.bottom + 4);
    context.clip();
    for (const [place, earlier] of run.earlier.entries()) this.drawEarlier(plot, earlier, place);
    if (this.figure === "loss") this.drawTrace(plot, run.trace);
    drawMarks(plot, run.marks);
    for (const split of SPLITS) this.drawSplit(plot, run, split);
    if (stop) drawReading(plot, stop);
    context.restore();
  }

  /** @param {CanvasRenderingContext2D} context @param {Run} run @param {number} width @returns {Plot} */
  plot(context, run, width) {
    const x = { low: 0, high: run.most, log: false };
    const y = this.figure === "accuracy" ? { low: 0, high: 1, log: false } : axisOver(this.values(run), this.log);
    return { context, width, height: CHART_HEIGHT, x, y, colours: this.colours };
  }

  /** Every loss that is drawn. @param {Run} run */
  *values({ rows, trace, earlier }) {
    yield* trace.low;
    yield* trace.high;
    for (const of of [rows, ...earlier.map((run) => run.rows)])
      for (const row of of) yield* [row.train_loss, row.test_loss];
    for (const run of earlier) yield* run.trace.y;
  }

  /** @param {Plot} plot @param {import("./run_data.js").EarlierRun} run @param {number} place */
  drawEarlier(plot, { number, rows, trace }, place) {
    const pale = { width: 1, alpha: 0.55 };
    if (this.figure === "loss")
      drawLine(plot, trace.x, trace.y, { ...pale, colour: plot.colours.train, dash: [], alpha: 0.2 });
    for (const split of SPLITS) {
      const line = lineOf(rows, `${split}_${this.figure}`);
      drawLine(plot, line.x, line.y, { ...pale, colour: plot.colours[split], dash: DASHES[split] });
      if (split === "test") drawName(plot, line, place, String(number), plot.colours.test);
    }
  }

  /** @param {Plot} plot @param {import("./run_data.js").Trace} trace */
  drawTrace(plot, { x, mean, low, high, every }) {
    const colour = plot.colours.train;
    if (every > 1) drawBand(plot, x, low, high, colour);
    drawLine(plot, x, mean, { colour, width: 1, dash: [], alpha: 0.35 });
  }

  /** @param {Plot} plot @param {Run} run @param {"train" | "test"} split */
  drawSplit(plot, { rows }, split) {
    const colour = plot.colours[split];
    const line = lineOf(rows, `${split}_${this.figure}`);
    drawLine(plot, line.x, line.y, { colour, width: 2, dash: DASHES[split], alpha: 1 });
    drawMarkers(plot, line, colour, split === "train");
  }

  /** @param {number} left screen pixels from the canvas's left edge */
  hover(left) {
    const { run, stops } = this;
    if (!run || !stops.length) return;
    const scale = (this.canvas.clientWidth - MARGIN.left - MARGIN.right) / run.most;
    const x = (left - MARGIN.left) / scale;
    const xs = stops.map((stop) => stop.x);
    const epoch = stops.findIndex((stop) => stop.epoch && Math.abs(stop.x - x) * scale <= SNAP);
    this.read(epoch >= 0 ? epoch : nearestPlace(xs, x));
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const last = this.stops.length - 1;
    const from = this.at < 0 ? last + 1 : this.at;
    /** @type {Record<string, () => number>} */
    const moves = {
      ArrowLeft: () => (event.shiftKey ? this.epochFrom(from, -1) : Math.max(0, from - 1)),
      ArrowRight: () => (event.shiftKey ? this.epochFrom(from, 1) : Math.min(last, from + 1)),
      Home: () => 0,
      End: () => last,
    };
    if (event.key === "Escape" && this.at >= 0) this.read(-1);
    else if (event.key === "Escape") leaveToNotebook(this.canvas);
    else if (moves[event.key] && last >= 0) this.read(moves[event.key](), true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The next epoch's place before or after one. @param {number} from @param {1 | -1} by */
  epochFrom(from, by) {
    for (let i = from + by; i >= 0 && i < this.stops.length; i += by) if (this.stops[i].epoch) return i;
    return Math.max(0, Math.min(this.stops.length - 1, from));
  }

  /** @param {number} place @param {boolean} [aloud] */
  read(place, aloud = false) {
    if (place === this.at && !aloud) return;
    this.at = place;
    this.draw();
    this.say();
    if (aloud) this.aloud.textContent = this.readout.textContent;
  }

  /** The words under the chart: what is read, else the newest figures. */
  say() {
    const words = this.at < 0 ? newestWords(/** @type {Run} */ (this.run), this.figure) : this.stops[this.at].words();
    if (this.readout.textContent !== words) this.readout.textContent = words;
  }
}
