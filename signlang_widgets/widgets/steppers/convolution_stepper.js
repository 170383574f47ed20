// Walk a convolution: the window moves over the image, the chain shows its products, the output fills in.

import { toggle } from "../common/controls.js";
import { defineWidget } from "../common/view.js";
import { shown } from "../drawing/numbers.js";
import { crossCorrelate, flipped, outputSide, windowOf } from "../drawing/ops.js";
import { ConvolutionChain, convolutionWords } from "./convolution_chain.js";
import { misfit, placeOf } from "./output_size.js";
import { Player } from "./player.js";
import { missed } from "./predict.js";
import { lookOf, signedLook } from "./stage.js";
import { drawStepper, planesOf } from "./stepper.js";
import { windowMistakes } from "./wrong_window.js";

/** @typedef {import("../common/view.js").Model} Model */
/** @typedef {import("../drawing/ops.js").Planes} Planes */

/** @typedef {import("./convolution_chain.js").ConvolutionPlan} ConvolutionPlan */

const CONVOLUTION_TRAITS = ["image", "kernel", "stride", "padding", "dilation", "bias", "relu", "flip", "normalize"];

/** @param {Model} model */
function movesOf(model) {
  return { stride: model.get("stride"), padding: model.get("padding"), dilation: model.get("dilation") };
}

/** @param {Model} model @returns {ConvolutionPlan} */
function convolutionPlan(model) {
  const image = planesOf(model.get("image"), model.get("normalize") ? 255 : 1);
  const given = planesOf(model.get("kernel"));
  const [bias, relu, flip] = ["bias", "relu", "flip"].map((name) => model.get(name));
  const kernel = flip ? flipped(given) : given;
  const moves = movesOf(model);
  const problem = misfit(image, kernel, moves, "kernel") ?? unequal(image, kernel);
  const finish = (/** @type {number} */ sum) => (relu ? Math.max(0, sum + bias) : sum + bias);
  const settings = { image, given, kernel, bias, relu, flip, finish, moves, window: kernel, ceil: false, problem };
  if (problem) return { ...settings, rows: 0, columns: 0, output: [] };
  const [rows, columns] = [
    outputSide(image.height, kernel.height, moves),
    outputSide(image.width, kernel.width, moves),
  ];
  return { ...settings, rows, columns, output: crossCorrelate(image, kernel, moves).data.map(finish) };
}

/** Image and kernel travel one after the other; between them they may not match. @param {Planes} image @param {Planes} kernel */
function unequal(image, kernel) {
  return image.channels === kernel.channels ? null : "The image and the kernel have different numbers of channels.";
}

/** @param {ConvolutionPlan} plan @param {Planes} kernel @param {number} top @param {number} left @param {number[]} channels */
function sumAt({ image, moves }, kernel, top, left, channels) {
  let sum = 0;
  const size = kernel.height * kernel.width;
  for (const c of channels)
    windowOf(image, c, top, left, kernel.height, kernel.width, moves.dilation).forEach((cell, i) => {
      sum += (cell ?? 0) * kernel.data[c * size + i];
    });
  return sum;
}

/**
 * What a slip would give, and its name, likeliest first.
 * @param {ConvolutionPlan} plan @param {number} step @returns {Generator<[number, string]>}
 */
function* convolutionMistakes(plan, step) {
  const { kernel, bias, relu, finish } = plan;
  const { top, left } = placeOf(plan, step);
  const all = [...Array(kernel.channels).keys()];
  const sum = sumAt(plan, kernel, top, left, all);
  if (relu) yield [sum + bias, "You forgot ReLU: a negative result becomes 0."];
  if (bias)
    for (const bare of [sum, Math.max(0, sum)]) yield [bare, `You forgot the bias: add ${shown(bias)} to the sum.`];
  const turned = finish(sumAt(plan, flipped(kernel), top, left, all));
  if (plan.flip) yield [turned, "You forgot the flip: turn the kernel by 180 degrees first."];
  else yield [turned, "You flipped the kernel: here it is laid on as it stands."];
  if (all.length > 1)
    for (const c of all)
      yield [
        finish(sumAt(plan, kernel, top, left, [c])),
        `That is channel ${c + 1} alone: add the sums of all channels.`,
      ];
  yield* windowMistakes(plan, step, (y, x) => finish(sumAt(plan, kernel, y, x, all)));
}

/** @param {import("../common/view.js").View} view @param {Player<ConvolutionPlan>} player */
function draw(view, player) {
  const { model } = view;
  const chain = new ConvolutionChain();
  const fits = (/** @type {string} */ name) => (/** @type {number} */ value) =>
    misfit(player.plan.image, player.plan.kernel, { ...movesOf(model), [name]: value }, "kernel");
  /** @param {string} name @param {string} words @param {number} least @param {string} title */
  const whole = (name, words, least, title) => ({
    name,
    words,
    title,
    least,
    most: 32,
    now: () => model.get(name),
    problem: fits(name),
  });
  drawStepper(view, player, {
    title: "Convolution stepper",
    traits: CONVOLUTION_TRAITS.join(" "),
    choices: [],
    settings: [
      whole("stride", "Stride", 1, "Cells that the window moves from one step to the next"),
      whole("padding", "Padding", 0, "Cells of value 0 around the image"),
      whole("dilation", "Dilation", 1, "How far apart the window's cells are"),
      { ...whole("bias", "Bias", -1e6, "Added to every sum"), most: 1e6, whole: false, problem: () => null },
    ],
    toggles: [
      toggle(view, "relu", "ReLU", "Negative results become 0"),
      toggle(view, "flip", "Flip", "Turn the kernel by 180 degrees first: the mathematicians' convolution"),
    ],
    ...{ chain: chain.el, line: chain.line },
    narrow: ({ kernel }) => kernel.width <= 3,
    padText: () => "0",
    outputLook: (plan, _, palette) =>
      plan.relu ? { ...lookOf({ data: plan.output }, palette) } : signedLook(plan.output, palette),
    marks: () => [],
    showChain: (plan, step, hidden, look, palette, readable) => chain.show(plan, step, hidden, look, palette, readable),
    words: convolutionWords,
    diagnose: (plan, step, answer) => missed(answer, convolutionMistakes(plan, step)),
  });
}

export default defineWidget("convolution-stepper", {
  start: (model) => new Player(model, CONVOLUTION_TRAITS, convolutionPlan),
  draw,
});
