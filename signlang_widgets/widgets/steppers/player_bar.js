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

export class PlayerBar {
  /** @param {View} view @param {Player} player */
  constructor(view, player) {
    this.view = view;
    this.player = player;
    this.buttons = MOVES.map((move) =>
      withMark(
        button(view, move.name, move.word, () => this.go(move), move.title),
        move,
      ),
    );
    this.play = button(view, "play", "Play", () => player.toggle(), "Play or pause (Space)");
    this.play.classList.add("slw-play");
    this.play.removeAttribute("aria-label");
    this.speed = this.speedChoice();
    this.words = make("span", { class: "slw-step-words" });
    this.scrub = this.scrubBar();
    const { buttons, play, speed, words } = this;
    controlBar(view).append(...buttons.slice(0, 3), play, ...buttons.slice(3), speed.label, words);
    view.root.append(this.scrub);
    listenToKeys(view, this.keys());
  }

  speedChoice() {
    const speeds = SPEEDS.map((s) => /** @type {[string, string]} */ ([String(s), `${s} a second`]));
    const speed = choice(this.view, "speed", "Speed", speeds, (value) => this.player.setSpeed(Number(value)));
    speed.select.title = "Steps a second (+ and \u2212)";
    return speed;
  }

  scrubBar() {
    const scrub = make("input", { type: "range", min: "1", class: "slw-scrub", "aria-label": "Step" });
    scrub.dataset.control = "scrub";
    this.view.on(scrub, "input", () => this.player.jump(Number(scrub.value) - 1));
    return scrub;
  }

  /** @param {typeof MOVES[number]} move */
  go(move) {
    if (allowed(this.view, move.name)) this.player.jump(move.to(this.player));
  }

  /** Faster or slower by one. @param {1 | -1} by */
  pace(by) {
    const speed = SPEEDS[SPEEDS.indexOf(this.player.speed) + by];
    if (allowed(this.view, "speed") && speed) this.player.setSpeed(speed);
  }

  keys() {
    /** @type {Record<string, () => void>} */
    const keys = {
      "+": () => this.pace(1),
      "=": () => this.pace(1),
      "-": () => this.pace(-1),
      " ": () => allowed(this.view, "play") && this.player.toggle(),
    };
    for (const move of MOVES) for (const key of move.keys) keys[key] = () => this.go(move);
    return keys;
  }

  /** Shows where the player stands. */
  show() {
    const { scrub, play, player } = this;
    const { step, count } = player;
    const { columns } = player.plan;
    const at = `step ${count ? step + 1 : 0} of ${count}`;
    this.words.textContent = at;
    Object.assign(scrub, { max: String(count), value: String(step + 1) });
    const place = `row ${Math.floor(step / columns) + 1}, column ${(step % columns) + 1}`;
    scrub.setAttribute("aria-valuetext", `${at}: ${place}`);
    play.textContent = player.playing ? "Pause" : "Play";
    play.setAttribute("aria-disabled", String(this.view.model.get("predict")));
    this.speed.select.value = String(player.speed);
    this.buttons.forEach((el, i) => {
      const to = MOVES[i].to(player);
      el.setAttribute("aria-disabled", String(to === step || !count || outside(to, count)));
    });
  }
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
