// A labelled number that changes a setting at once, or says in words why it cannot: then the old setting stays.

import { make, setTrait } from "../common/controls.js";
import { parsed } from "../drawing/numbers.js";

/** @typedef {import("../common/view.js").View} View */

/**
 * @typedef {{
 *   name: string, words: string, title: string, least?: number, most: number, whole?: boolean,
 *   now: () => number, problem: (value: number) => string | null,
 * }} Setting
 */

/**
 * @param {View} view @param {Setting} setting @param {(text: string, problem?: boolean) => void} say
 */
export function numberSetting(view, setting, say) {
  const { name, words, title, least, most, whole = true, now } = setting;
  const field = make("input", {
    type: "number",
    class: "slw-number",
    step: whole ? "1" : "any",
    max: String(most),
    title,
  });
  if (least !== undefined) field.min = String(least);
  const label = make("label", { class: "slw-choice", "data-control": name }, make("span", {}, words), field);
  let refused = false;
  const show = () => {
    refused = false;
    field.removeAttribute("aria-invalid");
    if (Number(field.value) !== now() || field.value === "") field.value = String(now());
  };
  const settle = () => {
    if (!refused && field.value !== "") return;
    say("");
    show();
  };
  const type = () => {
    const value = parsed(field.value);
    const problem =
      value === null ? unfinished(field.value, words) : (outOfRange(value, setting) ?? setting.problem(value));
    refused = problem !== null;
    field.toggleAttribute("aria-invalid", refused);
    say(problem ?? "", refused);
    if (value !== null && !refused && value !== now()) setTrait(view, name, value);
  };
  view.on(field, "input", type);
  view.on(field, "blur", settle);
  view.follow(name, show);
  show();
  return { label, show };
}

/** @param {string} text @param {string} words */
function unfinished(text, words) {
  return `${words} is a number${text ? `, "${text}" is not` : ""}. The old setting stays.`;
}

/** @param {number} value @param {Setting} setting */
function outOfRange(value, { words, least = Number.NEGATIVE_INFINITY, most, whole = true }) {
  if (whole && !Number.isInteger(value)) return `${words} is a whole number. The old setting stays.`;
  if (value < least || value > most) return `${words} goes from ${least} to ${most}. The old setting stays.`;
  return null;
}
