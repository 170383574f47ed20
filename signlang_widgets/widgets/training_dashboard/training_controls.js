// The dashboard's buttons and settings: each button is grey while it can do nothing.

import {
  button,
  choice,
  controlBar,
  leaveToNotebook,
  make,
  menu,
  setIdle,
  setTrait,
  toggle,
} from "../common/controls.js";
import { parsed } from "../drawing/numbers.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./run_driver.js").RunDriver} RunDriver */
/** @typedef {{state: string, epochs: number, done: number, batch: number, finishing: boolean, [name: string]: any}} Status `done`: epochs that can be looked at */

/** @type {{name: string, words: string, title: string, idle: (status: Status) => boolean}[]} */
const ACTS = [
  { name: "start", words: "Start", title: "Start", idle: (s) => running(s) || complete(s) },
  { name: "pause", words: "Pause", title: "Pause after this batch", idle: (s) => !running(s) },
  {
    name: "step_batch",
    words: "One batch",
    title: "Learn from one batch, then pause",
    idle: (s) => running(s) || complete(s),
  },
  {
    name: "step_epoch",
    words: "One epoch",
    title: "Go to the end of this epoch, then pause",
    idle: (s) => running(s) || complete(s),
  },
  {
    name: "finish_epoch",
    words: "Finish epoch",
    title: "Finish this epoch, then stop",
    idle: (s) => !running(s) || s.finishing,
  },
  { name: "stop", words: "Stop", title: "Stop after this batch", idle: (s) => !running(s) && s.state !== "paused" },
  { name: "reset", words: "Reset", title: "Back to the initial weights", idle: (s) => !running(s) && untouched(s) },
];

/** @param {Status} status */
const running = ({ state }) => state === "running";

/** @param {Status} status */
const complete = ({ done, epochs }) => done >= epochs;

/** @param {Status} status */
const untouched = ({ done, batch, state }) => done === 0 && batch === 0 && state === "idle";

/** The words on the button that starts. @param {Status} status */
function startWords({ state, done, batch }) {
  if (state === "paused") return "Resume";
  return done || batch ? "Go on" : "Start";
}

/**
 * The row of buttons; returns what shows a status on them.
 * @param {View} view @param {RunDriver} driver @param {HTMLElement[]} rest what the menu holds
 */
export function runButtons(view, driver, rest) {
  const bar = controlBar(view);
  const buttons = ACTS.map(({ name, words, title }) => button(view, name, words, () => driver.command(name), title));
  for (const el of buttons) el.removeAttribute("aria-label"); // the word on it is its name, the title says more
  buttons[0].classList.add("slw-start");
  bar.append(...buttons, menu(view, "More \u2026", rest));
  view.on(view.root, "keydown", (event) => {
    if (event.defaultPrevented) return;
    const el = buttons.find((one) => !one.disabled && !one.hidden && ["start", "pause"].includes(nameOf(one)));
    if (event.key === " " && el && event.target.matches("canvas, [type=range]")) el.click();
    else if (event.key === "Escape") leaveToNotebook(event.target);
    else return;
    event.preventDefault();
  });
  /** @param {Status} status */
  return (status) => {
    const words = startWords(status);
    if (buttons[0].textContent !== words) Object.assign(buttons[0], { textContent: words, title: words });
    const focused = buttons.find((el) => el === document.activeElement);
    for (const [i, el] of buttons.entries()) setIdle(el, driver.saved || ACTS[i].idle(status));
    // A grey button loses the keyboard: hand it to the one that takes this one back.
    if (focused?.disabled) buttons.find((el) => !el.disabled && !el.hidden && usual(el))?.focus();
  };
}

/** @param {HTMLElement} el */
const nameOf = (el) => el.dataset.control ?? "";

/** @param {HTMLElement} el */
const usual = (el) => ["start", "pause", "reset"].includes(nameOf(el));

/** @type {{name: string, words: string, title: string, whole: boolean}[]} */
const NUMBERS = [
  { name: "lr", words: "Learning rate", title: "Step size; it may change while the model learns", whole: false },
  { name: "epochs", words: "Epochs", title: "Rounds through the training images, in all", whole: true },
  { name: "batch_size", words: "Batch size", title: "Images a step", whole: true },
  { name: "momentum", words: "Momentum", title: "Share of the last step that the next one keeps", whole: false },
];

/**
 * The row of settings; returns what shows a status on them.
 * @param {View} view @param {RunDriver} driver @param {(text: string) => void} problem says what is wrong with a value
 */
export function runSettings(view, driver, problem) {
  const fields = NUMBERS.map((setting) => numberField(view, setting, problem));
  const models = modelChoice(view);
  const log = toggle(view, "log_scale", "Log loss", "Draw the loss on a logarithmic scale");
  const bar = make("div", { class: "slw-bar", role: "group", "aria-label": "Settings" });
  bar.append(models.label, ...fields.map(({ label }) => label), log);
  view.root.append(bar);
  /** @param {Status} status */
  return (status) => {
    models.show();
    for (const [i, { input }] of fields.entries())
      setFieldIdle(input, driver.saved || (running(status) && NUMBERS[i].name !== "lr"));
    fields[3].label.classList.toggle("slw-none", !view.model.get("about").has_momentum);
    setFieldIdle(models.select, driver.saved || running(status));
  };
}

/** @param {HTMLInputElement | HTMLSelectElement} field @param {boolean} idle */
function setFieldIdle(field, idle) {
  setIdle(/** @type {any} */ (field), idle || field.closest("[data-locked]") !== null);
}

/** @param {View} view */
function modelChoice(view) {
  const { model } = view;
  const names = model.get("models");
  const other = /** @type {[string, string]} */ (["", model.get("about").model]);
  const listed = names.map((/** @type {string} */ name) => /** @type {[string, string]} */ ([name, name]));
  const { label, select } = choice(view, "model", "Model", [other, ...listed], (name) => setTrait(view, "model", name));
  select.options[0].disabled = true;
  const show = () => {
    const now = model.get("model");
    select.options[0].hidden = now !== "";
    select.options[0].textContent = model.get("about").model;
    select.value = now;
  };
  if (!names.length) label.classList.add("slw-none");
  view.follow("model", show);
  return { label, select, show };
}

/**
 * A number that counts once it is finished: on Enter, or when the focus leaves.
 * @param {View} view @param {typeof NUMBERS[number]} setting @param {(text: string) => void} problem
 */
function numberField(view, { name, words, title, whole }, problem) {
  const { model } = view;
  const input = make("input", { type: "text", inputMode: whole ? "numeric" : "decimal", class: "slw-number", title });
  input.autocomplete = "off";
  const label = make("label", { class: "slw-choice", "data-control": name }, make("span", {}, words), input);
  const show = () => {
    input.value = String(model.get(name));
    input.removeAttribute("aria-invalid");
  };
  view.on(input, "change", () => {
    const value = parsed(input.value);
    input.toggleAttribute("aria-invalid", value === null);
    if (value === null) problem(`${words} is a number, "${input.value}" is not. The old setting stays.`);
    else if (value === model.get(name)) show();
    else setTrait(view, name, value);
  });
  view.on(input, "blur", () => input.hasAttribute("aria-invalid") && show());
  view.on(input, "keydown", (event) => {
    if (event.key !== "Escape" || input.value === String(model.get(name))) return;
    event.stopPropagation();
    show();
  });
  view.follow(name, show);
  show();
  return { label, input };
}
