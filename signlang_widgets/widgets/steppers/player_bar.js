// The row that walks: first, a row back, back, play, on, a row on, last; a scrub bar, a speed, and keys for all of them.

import { button, choice, controlBar, make } from "../common/controls.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./player.js").Walk<any>} Walk */

const SPEEDS = [0.5, 1, 2, 5, 10, 30, 60, 120];

/**
 * Each move: its control, mark, word, what it says and its keys; `to` gives the step it leads to.
 * @type {{name: string, mark: string, word: string, title: string, keys: string[], to: (walk: Walk) => number}[]}
 */
const MOVES = [
  { name: "first", mark: "\u21e4", word: "First", title: "First step (Home)", keys: ["Home"], to: () => 0 },
  {
    name: "row_back",
    mark: "\u2191",
    word: "Row",
    title: "Row back (Up)",
    keys: ["ArrowUp"],
    to: (walk) => rowMove(walk, -1),
  },
  {
    name: "back",
    mark: "\u2190",
    word: "Back",
    title: "Back one step (Left)",
    keys: ["ArrowLeft"],
    to: (walk) => walk.step - 1,
  },
  {
    name: "step",
    mark: "\u2192",
    word: "Step",
    title: "Step on (Right)",
    keys: ["ArrowRight"],
    to: (walk) => walk.step + 1,
  },
  {
    name: "row_forward",
    mark: "\u2193",
    word: "Row",
    title: "Row on (Down)",
    keys: ["ArrowDown"],
    to: (walk) => rowMove(walk, 1),
  },
  { name: "last", mark: "\u21e5", word: "Last", title: "Last step (End)", keys: ["End"], to: (walk) => walk.count - 1 },
];

/** One row up or down; at the edge it stays. @param {Walk} walk @param {number} by */
function rowMove(walk, by) {
  const step = walk.step + by * walk.plan.columns;
  return step < 0 || step >= walk.count ? walk.step : step;
}

/** @param {View} view @param {Walk} walk */
export function transport(view, walk) {
  const bar = controlBar(view);
  const buttons = MOVES.map((move) =>
    withMark(
      button(view, move.name, move.word, () => go(move), move.title),
      move,
    ),
  );
  const play = button(view, "play", "Play", () => walk.toggle(), "Play or pause (Space)");
  play.classList.add("slw-play");
  play.removeAttribute("aria-label");
  const speeds = SPEEDS.map((s) => /** @type {[string, string]} */ ([String(s), `${s} a second`]));
  const speed = choice(view, "speed", "Speed", speeds, (value) => walk.setSpeed(Number(value)));
  speed.select.title = "Steps a second (+ and \u2212)";
  const words = make("span", { class: "slw-step-words" });
  const scrub = make("input", { type: "range", min: "1", class: "slw-scrub", "aria-label": "Step" });
  scrub.dataset.control = "scrub";
  bar.append(...buttons.slice(0, 3), play, ...buttons.slice(3), speed.label, words);
  view.root.append(scrub);
  view.on(scrub, "input", () => walk.jump(Number(scrub.value) - 1));

  /** @param {typeof MOVES[number]} move */
  const go = (move) => {
    if (allowed(view, move.name)) walk.jump(move.to(walk));
  };
  const pace = (/** @type {number} */ by) => {
    const at = SPEEDS.indexOf(walk.speed) + by;
    if (allowed(view, "speed") && SPEEDS[at]) walk.setSpeed(SPEEDS[at]);
  };
  /** @type {Record<string, () => void>} */
  const keys = {
    "+": () => pace(1),
    "=": () => pace(1),
    "-": () => pace(-1),
    " ": () => allowed(view, "play") && walk.toggle(),
  };
  for (const move of MOVES) for (const key of move.keys) keys[key] = () => go(move);
  listenToKeys(view, keys);

  return () => {
    const { step, count } = walk;
    const { columns } = walk.plan;
    const at = `step ${count ? step + 1 : 0} of ${count}`;
    words.textContent = at;
    scrub.max = String(count);
    scrub.value = String(step + 1);
    scrub.setAttribute(
      "aria-valuetext",
      `${at}: row ${Math.floor(step / columns) + 1}, column ${(step % columns) + 1}`,
    );
    play.textContent = walk.playing ? "Pause" : "Play";
    play.setAttribute("aria-disabled", String(view.model.get("predict")));
    speed.select.value = String(walk.speed);
    buttons.forEach((el, i) => {
      el.setAttribute(
        "aria-disabled",
        String(MOVES[i].to(walk) === step || !count || outside(MOVES[i].to(walk), count)),
      );
    });
  };
}

/** @param {number} step @param {number} count */
function outside(step, count) {
  return step < 0 || step >= count;
}

/** Whether the teacher left this control to the learner. @param {View} view @param {string} name */
export function allowed(view, name) {
  return !view.model.get("hide").includes(name) && !view.model.get("lock").includes(name);
}

/** @param {HTMLButtonElement} el @param {{mark: string, word: string}} move */
function withMark(el, { mark, word }) {
  el.replaceChildren(make("span", { "aria-hidden": "true" }, mark), make("span", { class: "slw-word" }, ` ${word}`));
  return el;
}

/**
 * The walk's keys work wherever the focus is in the widget, except in a control that needs them itself.
 * @param {View} view @param {Record<string, () => void>} keys
 */
function listenToKeys(view, keys) {
  view.on(view.root, "keydown", (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!keys[event.key] || needsItself(target, event.key)) return;
    keys[event.key]();
    event.preventDefault();
  });
}

/** @param {HTMLElement} target @param {string} key */
function needsItself(target, key) {
  if (target.matches("input:not([type=range]):not([type=checkbox]), select")) return true;
  return key === " " && target.matches("button, input[type=checkbox], summary");
}
