// Predict mode: the value is hidden, the learner types it, and hears that it is right or what was missed.

import { button, make } from "../common/controls.js";
import { parsed, shown } from "../common/numbers.js";
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

/**
 * The row with the question. It shows only in predict mode.
 * @param {View} view @param {Player} player @param {(step: number, answer: number) => string | null} diagnose
 * @param {(text: string, problem?: boolean) => void} say
 */
export function questionRow(view, player, diagnose, say) {
  const { model } = view;
  const words = make("span");
  const field = make("input", { type: "text", inputMode: "decimal", class: "slw-number", autocomplete: "off" });
  const score = make("span", { class: "slw-score" });
  const check = () => (player.hidden ? answer() : player.jump(player.step + 1));
  const submit = button(view, "check", "Check", check, "Check the answer (Enter)");
  submit.removeAttribute("aria-label");
  const show = button(view, "show", "Show it", () => reveal(`It is ${valueHere()}.`));
  const el = make("div", { class: "slw-question", role: "group", "aria-label": "Your answer" });
  el.append(make("label", { class: "slw-choice" }, words, field), submit, show, score);
  view.on(field, "keydown", (event) => event.key === "Enter" && check());

  const valueHere = () => shown(player.plan.output[player.step], DIGITS);
  /** @param {boolean} right */
  const count = (right) => {
    if (player.counted.has(player.step)) return;
    player.counted.add(player.step);
    model.set("asked", model.get("asked") + 1);
    if (right) model.set("correct", model.get("correct") + 1);
    view.send();
  };
  /** @param {string} text */
  const reveal = (text) => {
    count(text.startsWith("Right"));
    player.told.add(player.step);
    say(text);
    player.tell();
  };
  const answer = () => {
    const typed = parsed(field.value);
    if (typed === null) return say(field.value ? `"${field.value}" is not a number.` : "Type the value first.", true);
    if (agrees(typed, player.plan.output[player.step])) return reveal(`Right: ${valueHere()}. Press Enter to go on.`);
    count(false);
    say(
      diagnose(player.step, typed) ?? `Not ${shown(typed, DIGITS)}. Look at the window again, or let it be shown.`,
      true,
    );
  };

  let asked = -1;
  return {
    el,
    refresh() {
      const { step, plan } = player;
      el.hidden = !model.get("predict");
      const place = `row ${Math.floor(step / plan.columns) + 1}, column ${(step % plan.columns) + 1}`;
      words.textContent = `Value at ${place}:`;
      if (asked !== step) field.value = "";
      asked = step;
      submit.textContent = player.hidden ? "Check" : "Next";
      show.setAttribute("aria-disabled", String(!player.hidden));
      score.textContent = `${model.get("correct")} of ${model.get("asked")} right`;
    },
  };
}
