// What the two steppers share: the bar, the settings, the planes, the question, and the line that is spoken.

import { focusedAround, hintLine, make, obeyTeacher, toggle } from "../common/controls.js";
import { watchSurroundings } from "../common/view.js";
import { unpacked } from "../common/wire.js";
import { paletteOf } from "../drawing/colours.js";
import { sizeWords } from "./output_size.js";
import { PlayerBar } from "./player_bar.js";
import { QuestionRow } from "./predict.js";
import { numberSetting } from "./setting_fields.js";
import { Stage } from "./stage.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("../drawing/colours.js").Palette} Palette */

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

/** @template {import("./player.js").Plan} P */
class StepperView {
  /** @param {View} view @param {import("./player.js").Player<P>} player @param {StepperArt<P>} art */
  constructor(view, player, art) {
    this.root = view.root;
    this.player = player;
    this.art = art;
    this.bar = new PlayerBar(view, player);
    this.hint = hintLine(STEPPER_HINT);
    const { say } = this.hint;
    this.settings = art.settings.map((setting) => numberSetting(view, setting, say));
    const predict = toggle(view, "predict", "Predict", "Type each value before it is shown");
    const settings = make("div", { class: "slw-bar", role: "group", "aria-label": "Settings" });
    settings.append(...art.choices, ...this.settings.map(({ label }) => label), ...art.toggles, predict);
    this.stage = new Stage(view, player, art);
    this.question = new QuestionRow(view, player, (step, answer) => art.diagnose(player.plan, step, answer), say);
    this.size = make("p", { class: "slw-size" });
    this.aloud = make("div", { class: "slw-spoken", "aria-live": "off" });
    this.root.append(settings, this.stage.el, this.question.el, this.size, this.hint.line, this.aloud);
    this.palette = paletteOf(this.root);
    /** @type {P | null} */
    this.laid = null;
    this.seen = player.step;
  }

  lay() {
    const { plan } = this.player;
    this.stage.lay(this.palette);
    this.size.textContent = sizeWords(plan.image, plan.window, plan.moves, plan.ceil);
    this.laid = plan;
  }

  speak() {
    const { player, aloud } = this;
    const { row, column } = this.stage.place();
    const question = `row ${row + 1}, column ${column + 1}: what is its value?`;
    const words = player.hidden ? question : this.art.words(player.plan, player.step);
    aloud.setAttribute("aria-live", this.root.contains(focusedAround(this.root)) ? "polite" : "off");
    if (!player.playing && aloud.textContent !== words) aloud.textContent = words;
  }

  redraw() {
    const { player, hint } = this;
    const { problem } = player.plan;
    if (problem) return hint.say(problem, true);
    if (this.laid !== player.plan) this.lay();
    if (this.seen !== player.step) hint.say("");
    this.seen = player.step;
    this.stage.show(this.palette);
    this.bar.show();
    this.question.refresh();
    this.speak();
  }

  /** Other colours, or a canvas that may have gone blank. @param {boolean} blank */
  repaint(blank) {
    const colours = paletteOf(this.root);
    if (!blank && JSON.stringify(colours) === JSON.stringify(this.palette)) return;
    this.palette = colours;
    this.laid = null;
    this.redraw();
  }
}

/**
 * @template {import("./player.js").Plan} P
 * @param {View} view @param {import("./player.js").Player<P>} player @param {StepperArt<P>} art
 */
export function drawStepper(view, player, art) {
  view.root.setAttribute("role", "group");
  view.root.setAttribute("aria-label", art.title);
  const stepper = new StepperView(view, player, art);
  const redraw = () => stepper.redraw();
  for (const { show } of stepper.settings) view.follow(art.traits, show);
  view.follow(`step predict asked correct ${art.traits}`, redraw);
  player.watch(view, redraw);
  watchSurroundings(view, (reason) => stepper.repaint(reason === "seen"));
  obeyTeacher(view);
  redraw();
}
