// What the two steppers share: the bar, the settings, the planes, the question, and the line that is spoken.

import { paletteOf } from "../common/colours.js";
import { hintLine, make, obeyTeacher, toggle } from "../common/controls.js";
import { watchSurroundings } from "../common/view.js";
import { unpacked } from "../common/wire.js";
import { sizeWords } from "./output_size.js";
import { playerBar } from "./player_bar.js";
import { questionRow } from "./predict.js";
import { numberSetting } from "./setting_fields.js";
import { Stage } from "./stage.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("../common/colours.js").Palette} Palette */

/**
 * What a stepper adds to the shared parts.
 * @template {import("./player.js").Plan} P
 * @typedef {import("./stage.js").Art<P> & {
 *   title: string, traits: string, choices: HTMLElement[], settings: import("./setting_fields.js").Setting[], toggles: HTMLElement[],
 *   words: (plan: P, step: number) => string, diagnose: (plan: P, step: number, answer: number) => string | null,
 * }} StepperArt
 */

const STEPPER_HINT = "Space plays, the arrow keys step, and any cell you point at is jumped to.";

/** @param {{shape: number[], dtype: "uint8" | "float32" | "float64", data: DataView}} trait */
export function planesOf(trait, unit = 1) {
  const [height, width] = trait.shape.slice(-2);
  const numbers = unpacked(trait);
  const data = unit === 1 ? numbers : Float64Array.from(numbers, (value) => value / unit);
  const channels = trait.shape.length === 3 ? trait.shape[0] : 1;
  return { data, channels, height, width, bright: trait.dtype === "uint8" ? 255 / unit : 0 };
}

/**
 * @template {import("./player.js").Plan} P
 * @param {View} view @param {import("./player.js").Player<P>} player @param {StepperArt<P>} art
 */
export function drawStepper(view, player, art) {
  const { root } = view;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", art.title);
  const showBar = playerBar(view, player);
  const hint = hintLine(STEPPER_HINT);
  const say = hint.say;
  const settings = art.settings.map((setting) => numberSetting(view, setting, say));
  const predict = toggle(view, "predict", "Predict", "Type each value before it is shown");
  const labels = settings.map(({ label }) => label);
  const bar = make("div", { class: "slw-bar", role: "group", "aria-label": "Settings" });
  bar.append(...art.choices, ...labels, ...art.toggles, predict);
  const stage = new Stage(view, player, art);
  const question = questionRow(view, player, (step, answer) => art.diagnose(player.plan, step, answer), say);
  const size = make("p", { class: "slw-size" });
  const aloud = make("div", { class: "slw-spoken", "aria-live": "off" });
  root.append(bar, stage.el, question.el, size, hint.line, aloud);

  let palette = paletteOf(root);
  /** @type {P | null} */
  let laid = null;
  let seen = player.step;
  const lay = () => {
    const { image, window, moves, ceil } = player.plan;
    stage.lay(palette);
    size.textContent = sizeWords(image, window, moves, ceil);
    laid = player.plan;
  };
  const speak = () => {
    const { row, column } = stage.place();
    const question = `row ${row + 1}, column ${column + 1}: what is its value?`;
    const words = player.hidden ? question : art.words(player.plan, player.step);
    aloud.setAttribute("aria-live", root.contains(document.activeElement) ? "polite" : "off");
    if (!player.playing && aloud.textContent !== words) aloud.textContent = words;
  };
  const redraw = () => {
    const { problem } = player.plan;
    if (problem) return say(problem, true);
    if (laid !== player.plan) lay();
    if (seen !== player.step) say("");
    seen = player.step;
    stage.show(palette);
    showBar();
    question.refresh();
    speak();
  };
  for (const { show } of settings) view.follow(art.traits, show);
  view.follow(`step predict asked correct ${art.traits}`, redraw);
  player.watch(view, redraw);
  watchSurroundings(view, (reason) => {
    const colours = paletteOf(root);
    if (reason !== "seen" && JSON.stringify(colours) === JSON.stringify(palette)) return;
    palette = colours;
    laid = null;
    redraw();
  });
  obeyTeacher(view);
  redraw();
}
