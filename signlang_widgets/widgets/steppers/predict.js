// Predict mode: the value is hidden, the learner types it, and hears that it is right or what was missed.

import { button, make } from "../common/controls.js";
import { parsed, shown } from "../drawing/numbers.js";
import { DIGITS } from "./plane_view.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./player.js").Player<any>} Player */

/**
 * Whether an answer is as good as the value: whole numbers exactly, others to half a percent.
 * @param {number} answer @param {number} value
 */
export function agrees(answer, value) {
  const slack = Number.isInteger(value) ? 1e-9 * Math.max(1, Math.abs(value)) : 0.005 * Math.abs(value);
  return Math.abs(answer - value) <= slack;
}

/**
 * The first of several mistakes that leads to an answer, in words, or null.
 * @param {number} answer @param {Iterable<[number, string]>} mistakes what a mistake gives, and what it is
 */
export function missed(answer, mistakes) {
  for (const [value, words] of mistakes) if (agrees(answer, value)) return words;
  return null;
}

/** The row with the question. It shows only in predict mode. */
export class QuestionRow {
  /**
   * @param {View} view @param {Player} player @param {(step: number, answer: number) => string | null} diagnose
   * @param {(text: string, problem?: boolean) => void} say
   */
  constructor(view, player, diagnose, say) {
    this.view = view;
    this.player = player;
    this.diagnose = diagnose;
    this.say = say;
    this.asked = -1;
    this.words = make("span");
    this.field = make("input", { type: "text", inputMode: "decimal", class: "slw-number", autocomplete: "off" });
    this.score = make("span", { class: "slw-score" });
    this.submit = button(view, "check", "Check", () => this.check(), "Check the answer (Enter)");
    this.submit.removeAttribute("aria-label");
    this.show = button(view, "show", "Show it", () => this.reveal(`It is ${this.value}.`));
    this.el = make("div", { class: "slw-question", role: "group", "aria-label": "Your answer" });
    const label = make("label", { class: "slw-choice" }, this.words, this.field);
    this.el.append(label, this.submit, this.show, this.score);
    view.on(this.field, "keydown", (event) => event.key === "Enter" && this.check());
  }

  /** The value that is asked for, as it is shown. */
  get value() {
    return shown(this.player.plan.output[this.player.step], DIGITS);
  }

  check() {
    if (this.player.hidden) this.answer();
    else this.player.jump(this.player.step + 1);
  }

  answer() {
    const { player, field, say } = this;
    const typed = parsed(field.value);
    if (typed === null) return say(field.value ? `"${field.value}" is not a number.` : "Type the value first.", true);
    if (agrees(typed, player.plan.output[player.step]))
      return this.reveal(`Right: ${this.value}. Press Enter to go on.`);
    this.count(false);
    const guess = `Not ${shown(typed, DIGITS)}. Look at the window again, or let it be shown.`;
    say(this.diagnose(player.step, typed) ?? guess, true);
  }

  /** @param {string} text */
  reveal(text) {
    const { player } = this;
    this.count(text.startsWith("Right"));
    player.told.add(player.step);
    this.say(text);
    player.tell();
  }

  /** The first answer to a step is the one that counts. @param {boolean} right */
  count(right) {
    const { view, player } = this;
    if (player.counted.has(player.step)) return;
    player.counted.add(player.step);
    view.model.set("asked", view.model.get("asked") + 1);
    if (right) view.model.set("correct", view.model.get("correct") + 1);
    view.send();
  }

  refresh() {
    const { model } = this.view;
    const { step, plan, hidden } = this.player;
    this.el.hidden = !model.get("predict");
    const place = `row ${Math.floor(step / plan.columns) + 1}, column ${(step % plan.columns) + 1}`;
    this.words.textContent = `Value at ${place}:`;
    if (this.asked !== step) this.field.value = "";
    this.asked = step;
    this.submit.textContent = hidden ? "Check" : "Next";
    this.show.setAttribute("aria-disabled", String(!hidden));
    this.score.textContent = `${model.get("correct")} of ${model.get("asked")} right`;
  }
}
