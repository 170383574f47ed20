// The row that walks: first, a row back, back, play, on, a row on, last; a scrub bar, a speed, and keys for all of them.

import { button, choice, controlBar, make } from "../common/controls.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./player.js").Player<any>} Player */

const SPEEDS = [0.5, 1, 2, 5, 10, 30, 60, 120];

/**
 * Each move: its control, mark, word, what it says and its keys; `to` gives the step it leads to.
 * @type {{name: string, mark: string, word: string, title: string, keys: string[], to: (player: Player) => number}[]}
 */
const MOVES = [
  { name: "first", mark: "\u21e4", word: "First", title: "First step (Home)", keys: ["Home"], to: () => 0 },
  {
    name: "row_back",
    mark: "\u2191",
    word: "Row",
    title: "Row back (Up)",
    keys: ["ArrowUp"],
    to: (player) => rowMove(player, -1),
  },
  {
    name: "back",
    mark: "\u2190",
    word: "Back",
    title: "Back one step (Left)",
    keys: ["ArrowLeft"],
    to: (player) => player.step - 1,
  },
  {
    name: "step",
    mark: "\u2192",
    word: "Step",
    title: "Step on (Right)",
    keys: ["ArrowRight"],
    to: (player) => player.step + 1,
  },
  {
    name: "row_forward",
    mark: "\u2193",
    word: "Row",
    title: "Row on (Down)",
    keys: ["ArrowDown"],
    to: (player) => rowMove(player, 1),
  },
  {
    name: "last",
    mark: "\u21e5",
    word: "Last",
    title: "Last step (End)",
    keys: ["End"],
    to: (player) => player.count - 1,
  },
];

/** One row up or down; at the edge it stays. @param {Player} player @param {number} by */
function rowMove(player, by) {
  const step = player.step + by * player.plan.columns;
  return step < 0 || step >= player.count ? player.step : step;
}

/** @param {View} view @param {Player} player */
export function playerBar(view, player) {
  const bar = controlBar(view);
  const buttons = MOVES.map((move) =>
    withMark(
      button(view, move.name, move.word, () => go(move), move.title),
      move,
    ),
  );
  const play = button(view, "play", "Play", () => player.toggle(), "Play or pause (Space)");
  play.classList.add("slw-play");
  play.removeAttribute("aria-label");
  const speeds = SPEEDS.map((s) => /** @type {[string, string]} */ ([String(s), `${s} a second`]));
  const speed = choice(view, "speed", "Speed", speeds, (value) => player.setSpeed(Number(value)));
  speed.select.title = "Steps a second (+ and \u2212)";
  const words = make("span", { class: "slw-step-words" });
  const scrub = make("input", { type: "range", min: "1", class: "slw-scrub", "aria-label": "Step" });
  scrub.dataset.control = "scrub";
  bar.append(...buttons.slice(0, 3), play, ...buttons.slice(3), speed.label, words);
  view.root.append(scrub);
  view.on(scrub, "input", () => player.jump(Number(scrub.value) - 1));

  /** @param {typeof MOVES[number]} move */
  const go = (move) => {
    if (allowed(view, move.name)) player.jump(move.to(player));
  };
  const pace = (/** @type {number} */ by) => {
    const at = SPEEDS.indexOf(player.speed) + by;
    if (allowed(view, "speed") && SPEEDS[at]) player.setSpeed(SPEEDS[at]);
  };
  /** @type {Record<string, () => void>} */
  const keys = {
    "+": () => pace(1),
    "=": () => pace(1),
    "-": () => pace(-1),
    " ": () => allowed(view, "play") && player.toggle(),
  };
  for (const move of MOVES) for (const key of move.keys) keys[key] = () => go(move);
  listenToKeys(view, keys);

  return () => {
    const { step, count } = player;
    const { columns } = player.plan;
    const at = `step ${count ? step + 1 : 0} of ${count}`;
    words.textContent = at;
    scrub.max = String(count);
    scrub.value = String(step + 1);
    scrub.setAttribute(
      "aria-valuetext",
      `${at}: row ${Math.floor(step / columns) + 1}, column ${(step % columns) + 1}`,
    );
    play.textContent = player.playing ? "Pause" : "Play";
    play.setAttribute("aria-disabled", String(view.model.get("predict")));
    speed.select.value = String(player.speed);
    buttons.forEach((el, i) => {
      el.setAttribute(
        "aria-disabled",
        String(MOVES[i].to(player) === step || !count || outside(MOVES[i].to(player), count)),
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
 * The player's keys work wherever the focus is in the widget, except in a control that needs them itself.
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
