// The answer: one bar a class, its score and, on hover or by a switch, its softmax.

import { make } from "../common/controls.js";
import { fixed } from "../drawing/numbers.js";
import { softmax } from "./feature_maps.js";

/** @typedef {import("../common/view.js").View} View */

/** @param {View} view */
export function scoreBars(view) {
  /** @type {string[]} */
  const names = view.model.get("class_names");
  const list = make("ol", { class: "slw-fx-bars" });
  const words = make("p", { class: "slw-fx-answer" });
  const line = make("p", { class: "slw-fx-softmax" }, "Hover a bar to see its softmax.");
  const box = make("input", { type: "checkbox" });
  const toggle = make("label", { class: "slw-toggle" }, box, make("span", {}, "Softmax"));
  const el = make("section", { class: "slw-fx-scores", "aria-label": "Scores", "data-control": "scores" });
  el.append(make("div", { class: "slw-fx-head" }, make("h3", {}, "Scores"), toggle), words, list, line);
  const rows = names.map((name) => {
    const [bar, mark] = [make("i", { class: "slw-fx-bar" }), make("i", { class: "slw-fx-second" })];
    const value = make("span", { class: "slw-fx-value" });
    const row = make("li", {}, make("b", {}, name), make("span", { class: "slw-fx-track" }, bar, mark), value);
    list.append(row);
    return { row, bar, mark, value };
  });
  /** @type {{scores: number[], second: number[] | null, truth: number | null}} */
  let now = { scores: [], second: null, truth: null };

  const tell = (/** @type {number} */ i) => {
    if (i < 0 || i >= now.scores.length) return;
    const share = softmax(now.scores)[i];
    line.textContent = `${names[i]}: score ${fixed(now.scores[i], 3)}, softmax ${percent(share)}`;
  };
  const at = (/** @type {Event} */ event) =>
    rows.findIndex(({ row }) => row.contains(/** @type {Node} */ (event.target)));
  for (const type of ["pointerover", "click"]) view.on(list, type, (event) => tell(at(event)));
  view.on(box, "change", () => show(now));

  /** @param {typeof now} state */
  function show(state) {
    now = state;
    const { scores, second, truth } = state;
    el.classList.toggle("slw-fx-none", !scores.length);
    if (!scores.length) return;
    const shares = softmax(scores);
    const values = box.checked ? shares : scores;
    const others = second && (box.checked ? softmax(second) : second);
    const [low, high] = [Math.min(0, ...values, ...(others ?? [])), Math.max(0, ...values, ...(others ?? []))];
    const place = (/** @type {number} */ value) => (100 * (value - low)) / (high - low || 1);
    const best = scores.indexOf(Math.max(...scores));
    rows.forEach(({ row, bar, mark, value }, i) => {
      const [from, to] = [place(Math.min(0, values[i])), place(Math.max(0, values[i]))];
      Object.assign(bar.style, { left: `${from}%`, width: `${to - from}%` });
      bar.classList.toggle("slw-fx-below", values[i] < 0);
      mark.hidden = !others;
      if (others) mark.style.left = `${place(others[i])}%`;
      value.textContent = box.checked ? percent(shares[i]) : fixed(scores[i], 2);
      row.classList.toggle("slw-fx-best", i === best);
      row.setAttribute("aria-label", `${names[i]}: score ${fixed(scores[i], 2)}, softmax ${percent(shares[i])}`);
    });
    const right = truth === null ? "" : truth === best ? ", \u2713 right" : `, \u2717 it is ${names[truth]}`;
    words.textContent = `Reads ${names[best] ?? best} (${percent(shares[best])})${right}`;
  }
  return { el, show };
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
}
