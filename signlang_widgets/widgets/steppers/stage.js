// The planes of a stepper: the image with its window, one picture a channel, and the output that fills in.

import { make } from "../common/controls.js";
import { divergingMap, extent, greyMap, legend, sequentialMap } from "../drawing/colours.js";
import { shown } from "../drawing/numbers.js";
import { placeOf, stepOver } from "./output_size.js";
import { numbersFit, PlaneView } from "./plane_view.js";
import { allowed } from "./player_bar.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("../drawing/colours.js").Palette} Palette */
/** @typedef {{low: number, high: number, map: Int32Array, tinted: boolean, kind: "grey" | "signed" | "unsigned"}} Look */

/**
 * What a stepper shows between image and output, and how it marks them.
 * @template {import("./player.js").Plan} P
 * @typedef {{
 *   chain: HTMLElement, line: HTMLElement, narrow: (plan: P) => boolean, padText: (plan: P) => string,
 *   outputLook: (plan: P, input: Look, palette: Palette) => Look, marks: (plan: P, step: number, hidden: boolean) => Iterable<number>,
 *   showChain: (plan: P, step: number, hidden: boolean, look: Look, palette: Palette, readable: boolean) => void,
 * }} Art
 */

const PICTURE = 224; // screen pixels that a picture's side aims at
let views = 0;

/** @template {import("./player.js").Plan} P */
export class Stage {
  /** @param {View} view @param {import("./player.js").Player<P>} player @param {Art<P>} art */
  constructor(view, player, art) {
    this.view = view;
    this.player = player;
    this.art = art;
    views += 1;
    this.id = `slw-here-${views}`;
    /** @type {PlaneView[]} */
    this.inputs = [];
    this.numbers = false;
    this.output = new PlaneView(view, "output", "grid", (y, x, hover) => this.jump(y * player.plan.columns + x, hover));
    this.inputSide = make("div", { class: "slw-stage-inputs" });
    this.scales = ["image", "output"].map(() => make("div"));
    this.showScales = this.scales.map(legend);
    const first = make("div", { class: "slw-stage-side" }, this.inputSide, this.scales[0]);
    const last = make("div", { class: "slw-stage-side" }, this.output.el, this.scales[1]);
    this.el = make("div", { class: "slw-stage" }, first, art.chain, last, art.line);
  }

  /** @param {number} step @param {boolean} hover */
  jump(step, hover) {
    if (!allowed(this.view, "scrub") || (hover && this.view.model.get("predict"))) return;
    if (hover && step === this.player.step && !this.player.playing) return;
    this.player.jump(step);
  }

  place() {
    return placeOf(this.player.plan, this.player.step);
  }

  /** @param {Palette} palette */
  lay(palette) {
    const { plan } = this.player;
    const { image } = plan;
    const fit = numbersFit(image.data, image.height, image.width);
    this.numbers = fit.numbers;
    this.look = { ...lookOf(image, palette), tinted: false };
    this.look.tinted = this.look.kind === "signed";
    this.layInputs(plan, fit);
    this.layOutput(plan, palette, fit);
    this.el.classList.toggle("slw-stage-line", this.art.narrow(plan) || image.channels > 1);
  }

  /** @param {P} plan @param {{numbers: boolean, cell: number}} fit */
  layInputs(plan, { numbers, cell }) {
    const { image, moves } = plan;
    const over = reach(plan);
    const size = image.height * image.width;
    this.matchInputs(image.channels);
    this.inputs.forEach((input, c) => {
      const data = Array.prototype.slice.call(image.data, c * size, (c + 1) * size);
      const used = { usedRows: over.bottom, usedColumns: over.right };
      const most = image.channels > 1 ? PICTURE / 2 : PICTURE;
      input.lay({
        ...{
          data,
          height: image.height,
          width: image.width,
          pad: moves.padding,
          look: /** @type {Look} */ (this.look),
        },
        ...{ below: over.below, right: over.beside, ...used, numbers, padText: this.art.padText(plan) },
        cell: numbers ? cell : pixel(image.width + 2 * moves.padding, most),
      });
      input.caption.textContent = image.channels > 1 ? `channel ${c + 1}` : "image";
      input.caption.append(` ${image.height}\u00d7${image.width}${over.left}`);
    });
    this.showScales[0](scaleOf(/** @type {Look} */ (this.look)));
    this.scales[0].hidden = numbers || this.look?.kind === "grey";
  }

  /** @param {number} channels */
  matchInputs(channels) {
    if (this.inputs.length === channels) return;
    const jump = (/** @type {number} */ y, /** @type {number} */ x, /** @type {boolean} */ hover) =>
      this.jump(stepOver(this.player.plan, y, x), hover);
    this.inputs = Array.from(
      { length: channels },
      (_, c) => new PlaneView(this.view, channels > 1 ? `channel ${c + 1}` : "image", "table", jump),
    );
    this.inputSide.replaceChildren(...this.inputs.map(({ el }) => el));
  }

  /** @param {P} plan @param {Palette} palette @param {{numbers: boolean, cell: number}} input */
  layOutput(plan, palette, input) {
    const { rows, columns, output, image } = plan;
    const fit = numbersFit(output, rows, columns);
    const look = this.art.outputLook(plan, /** @type {Look} */ (this.look), palette);
    const cell = input.numbers ? Math.min(16, 3 * PICTURE) : pixel(image.width + 2 * plan.moves.padding, PICTURE);
    this.output.lay({
      ...{
        data: output,
        height: rows,
        width: columns,
        pad: 0,
        below: 0,
        right: 0,
        usedRows: rows,
        usedColumns: columns,
      },
      ...{ padText: "", look, numbers: fit.numbers, cell: fit.numbers ? fit.cell : cell },
    });
    this.output.caption.textContent = `output ${rows}\u00d7${columns}`;
    this.showScales[1](scaleOf(look));
    this.scales[1].hidden = fit.numbers;
  }

  /** @param {Palette} palette */
  show(palette) {
    const { plan, step, hidden } = this.player;
    const { row, column } = this.place();
    const path = hidden && this.numbers ? "" : windowPath(plan, step);
    for (const input of this.inputs) {
      input.outline(path);
      input.mark(this.art.marks(plan, step, hidden));
      input.describe(`${input.caption.textContent}, window at row ${row + 1}, column ${column + 1}`);
    }
    this.output.fill(hidden ? step : step + 1, step, this.id);
    this.output.describe(
      `Output ${plan.rows} by ${plan.columns}, at row ${row + 1}, column ${column + 1}. Arrow keys step.`,
    );
    this.art.showChain(plan, step, hidden, /** @type {Look} */ (this.look), palette, this.numbers);
  }
}

/** The edge pixel of a picture, never smaller than 3 screen pixels. @param {number} side @param {number} aim */
function pixel(side, aim) {
  return Math.max(3, Math.min(16, Math.floor(aim / side)));
}

/**
 * How a plane's values become colours: bytes are photographs, and so are values from 0 to 1; else blue, or blue and orange.
 * @param {{data: ArrayLike<number>, bright?: number}} plane @param {Palette} palette @returns {Look}
 */
export function lookOf({ data, bright = 0 }, palette) {
  let [low, high] = [0, 0];
  for (let i = 0; i < data.length; i++) [low, high] = [Math.min(low, data[i]), Math.max(high, data[i])];
  if (low < 0) return signedLook(data, palette);
  if (bright || high <= 1) return { low: 0, high: bright || 1, map: greyMap(), tinted: true, kind: "grey" };
  return { low: 0, high, map: sequentialMap(palette), tinted: true, kind: "unsigned" };
}

/** @param {ArrayLike<number>} data @param {Palette} palette @returns {Look} */
export function signedLook(data, palette) {
  const most = extent(data) || 1;
  return { low: -most, high: most, map: divergingMap(palette), tinted: true, kind: "signed" };
}

/** @param {Look} look */
function scaleOf({ low, high, map, kind }) {
  return { low: shown(low), high: (kind === "signed" ? "+" : "") + shown(high), map, words: "" };
}

/**
 * How far the windows reach over the image: cells drawn below and beside it, and what is left over, in words.
 * @param {import("./player.js").Plan} plan
 */
function reach({ rows, columns, image, window, moves: { stride, padding, dilation } }) {
  const bottom = (rows - 1) * stride - padding + dilation * (window.height - 1) + 1;
  const right = (columns - 1) * stride - padding + dilation * (window.width - 1) + 1;
  const below = Math.max(padding, bottom - image.height);
  const beside = Math.max(padding, right - image.width);
  const unused = [
    [image.height + padding - bottom, "row"],
    [image.width + padding - right, "column"],
  ].filter(([cells]) => Number(cells) > 0);
  const words = unused.map(([cells, word]) => `${cells} ${word}${cells === 1 ? "" : "s"}`).join(" and ");
  return { bottom, right, below, beside, left: words && `, ${words} left over` };
}

/** The window's outline in image cells; with dilation each tap by itself. @param {import("./player.js").Plan} plan @param {number} step */
function windowPath(plan, step) {
  const { top, left } = placeOf(plan, step);
  const { window, moves } = plan;
  if (moves.dilation === 1) return `M${left} ${top}h${window.width}v${window.height}h${-window.width}z`;
  let path = "";
  for (let i = 0; i < window.height * window.width; i++) {
    const [y, x] = [Math.floor(i / window.width), i % window.width];
    path += `M${left + x * moves.dilation} ${top + y * moves.dilation}h1v1h-1z`;
  }
  return path;
}
