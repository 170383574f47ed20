// Lines on a canvas: axes, curves, the pale band of the batches, and marks. It knows nothing of models.

import { shown } from "../drawing/numbers.js";
import { linearTicks, logTicks, share } from "./scales.js";

/** @typedef {import("./scales.js").Axis} Axis */
/** @typedef {import("./run_data.js").Line} Line */
/** @typedef {{context: CanvasRenderingContext2D, width: number, height: number, x: Axis, y: Axis, colours: Record<string, string>}} Plot */
/** @typedef {{colour: string, width: number, dash: number[], alpha: number}} Pen */

export const MARGIN = { left: 48, right: 12, top: 8, bottom: 24 };
const FONT = "12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const COLOURS = ["ink", "quiet", "line", "paper", "accent", "train", "test"];

/** The theme's colours by their short names. @param {Element} root @returns {Record<string, string>} */
export function inksOf(root) {
  const probe = root.appendChild(document.createElement("i"));
  const pairs = COLOURS.map((name) => {
    probe.style.color = `var(--slw-${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(pairs);
}

/** @param {Plot} plot @param {number} value */
function acrossOf({ x, width }, value) {
  return MARGIN.left + share(x, value) * (width - MARGIN.left - MARGIN.right);
}

/** @param {Plot} plot @param {number} value */
function downOf({ y, height }, value) {
  return height - MARGIN.bottom - share(y, value) * (height - MARGIN.top - MARGIN.bottom);
}

/** @param {Plot} plot @param {(value: number) => string} words for the values at the left */
export function drawAxes(plot, words) {
  const { context, width, height, x, y, colours } = plot;
  Object.assign(context, { font: FONT, lineWidth: 1, globalAlpha: 1, strokeStyle: colours.line });
  context.setLineDash([]);
  Object.assign(context, { fillStyle: colours.quiet, textAlign: "right", textBaseline: "middle" });
  for (const tick of y.log ? logTicks(y.low, y.high) : linearTicks(y.low, y.high, 5)) {
    const at = Math.round(downOf(plot, tick)) + 0.5;
    stroke(context, [MARGIN.left, at], [width - MARGIN.right, at]);
    context.fillText(words(tick), MARGIN.left - 6, at);
  }
  context.textBaseline = "top";
  context.fillText("epoch", MARGIN.left - 8, height - MARGIN.bottom + 6);
  context.textAlign = "center";
  const most = Math.max(2, Math.floor((width - MARGIN.left) / 48));
  for (const tick of linearTicks(x.low, x.high, most))
    context.fillText(shown(tick), acrossOf(plot, tick), height - MARGIN.bottom + 6);
}

/** @param {CanvasRenderingContext2D} context @param {[number, number]} from @param {[number, number]} to */
function stroke(context, from, to) {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

/** @param {Plot} plot @param {ArrayLike<number>} xs @param {ArrayLike<number>} ys @param {Pen} pen */
export function drawLine(plot, xs, ys, { colour, width, dash, alpha }) {
  const { context } = plot;
  Object.assign(context, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha, lineJoin: "round" });
  context.setLineDash(dash);
  context.beginPath();
  for (let i = 0; i < xs.length; i++) context.lineTo(acrossOf(plot, xs[i]), downOf(plot, ys[i]));
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** The room between two lines. @param {Plot} plot @param {ArrayLike<number>} xs @param {ArrayLike<number>} low @param {ArrayLike<number>} high @param {string} colour */
export function drawBand(plot, xs, low, high, colour) {
  const { context } = plot;
  Object.assign(context, { fillStyle: colour, globalAlpha: 0.15 });
  context.beginPath();
  for (let i = 0; i < xs.length; i++) context.lineTo(acrossOf(plot, xs[i]), downOf(plot, high[i]));
  for (let i = xs.length - 1; i >= 0; i--) context.lineTo(acrossOf(plot, xs[i]), downOf(plot, low[i]));
  context.fill();
  context.globalAlpha = 1;
}

/** A circle for train, a square for test: shape tells them apart as well. @param {Plot} plot @param {Line} line @param {string} colour @param {boolean} round */
export function drawMarkers(plot, { x, y }, colour, round) {
  const { context } = plot;
  context.fillStyle = colour;
  for (let i = 0; i < x.length; i++) dot(context, acrossOf(plot, x[i]), downOf(plot, y[i]), round);
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {boolean} round */
function dot(context, x, y, round) {
  context.beginPath();
  if (round) context.arc(x, y, 3, 0, 2 * Math.PI);
  else context.rect(x - 3, y - 3, 6, 6);
  context.fill();
}

/** Where the learning rate changed, and to what. @param {Plot} plot @param {[number, number][]} marks */
export function drawMarks(plot, marks) {
  const { context, height, width, colours } = plot;
  Object.assign(context, { strokeStyle: colours.quiet, lineWidth: 1, textBaseline: "top" });
  context.setLineDash([2, 3]);
  let free = 0;
  for (const [x, lr] of marks) {
    const at = Math.round(acrossOf(plot, x)) + 0.5;
    stroke(context, [at, MARGIN.top], [at, height - MARGIN.bottom]);
    const words = `lr ${shown(lr)}`;
    const room = context.measureText(words).width;
    const left = Math.min(at + 4, width - room - 2);
    if (left < free) continue;
    Object.assign(context, { textAlign: "left", fillStyle: colours.paper });
    context.fillRect(left - 2, MARGIN.top - 2, room + 4, 16);
    context.fillStyle = colours.ink;
    context.fillText(words, left, MARGIN.top);
    free = left + room + 8;
  }
  context.setLineDash([]);
}

/**
 * The number of an earlier run near the end of its curve, each further left, so that none covers another.
 * @param {Plot} plot @param {Line} line @param {number} place @param {string} words @param {string} colour
 */
export function drawName(plot, { x, y }, place, words, colour) {
  if (!x.length) return;
  Object.assign(plot.context, { font: FONT, fillStyle: colour, textAlign: "right", textBaseline: "bottom" });
  plot.context.fillText(words, acrossOf(plot, x[x.length - 1]) - 4 - 14 * place, downOf(plot, y[y.length - 1]) - 2);
}

/** What is being read: a line from top to bottom and a ring around each value. @param {Plot} plot @param {import("./run_data.js").Stop} stop */
export function drawReading(plot, { x, y }) {
  const { context, height, colours } = plot;
  Object.assign(context, { strokeStyle: colours.accent, lineWidth: 2 });
  const at = Math.round(acrossOf(plot, x));
  stroke(context, [at, MARGIN.top], [at, height - MARGIN.bottom]);
  for (const value of y) {
    context.beginPath();
    context.arc(at, downOf(plot, value), 5, 0, 2 * Math.PI);
    context.stroke();
  }
}
