// Train while you watch: buttons, curves, a progress bar, and every epoch to look back at.

import { paletteOf } from "../common/colours.js";
import { hintLine, keepKeys, make, obeyTeacher } from "../common/controls.js";
import { defineWidget, watchSurroundings } from "../common/view.js";
import { inksOf } from "./chart_drawing.js";
import { epochScrubber } from "./epoch_scrubber.js";
import { LineChart } from "./line_chart.js";
import { rowsOf, runOf } from "./run_data.js";
import { RunDriver } from "./run_driver.js";
import { exportButtons } from "./run_export.js";
import { runLegend } from "./run_legend.js";
import { progressRow } from "./run_progress.js";
import { runButtons, runSettings } from "./training_controls.js";

/** @typedef {import("../common/view.js").View} View */

const RUN_HINT = "Start, or learn from one batch at a time. Hover a curve to read it; arrow keys read it too.";
const SAVED_HINT = "This page shows a run that was saved: look back at its epochs. Training needs the notebook.";
const NO_ANSWER =
  "Python has not answered yet: another cell may be busy, or this cell has not run since the notebook was opened.";

/** @param {View} view @param {RunDriver} driver */
function draw(view, driver) {
  const { model, root } = view;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Training dashboard");
  const hint = hintLine(driver.saved ? SAVED_HINT : RUN_HINT);
  const charts = [new LineChart(view, "loss", "Loss (cross-entropy)"), new LineChart(view, "accuracy", "Accuracy")];
  const exports = exportButtons(view, charts, hint.say);
  const showButtons = runButtons(view, driver, exports.buttons);
  const showSettings = runSettings(view, driver, (text) => hint.say(text, true));
  const progress = progressRow(driver.saved);
  const legend = runLegend();
  const lookBack = epochScrubber(view);
  const crash = crashBox();
  const curves = make("div", { class: "slw-charts" }, ...charts.map(({ el }) => el));
  root.append(hint.line, progress.el, crash.el, curves, legend.el, lookBack.el, exports.box);
  keepKeys(view, root);

  let palette = paletteOf(root);
  let inks = inksOf(root);
  const showCurves = () => {
    const run = runOf(model);
    for (const chart of charts) chart.show(run, model.get("log_scale"), inks);
    legend.show(run);
  };
  const showPictures = () => lookBack.show(palette);
  const showStatus = () => {
    const status = model.get("status");
    showButtons(status);
    showSettings(status);
    progress.show(status, lastRow(model));
    crash.show(status.traceback);
    const problem = problemOf(status);
    if (problem) hint.say(problem, true);
    else if (driver.waits) hint.say(NO_ANSWER);
    else hint.say(driver.saved ? SAVED_HINT : status.done || status.batch ? "" : RUN_HINT);
  };
  const soon = framed(view);
  view.follow("status", soon(showStatus));
  view.follow("curves earlier log_scale", soon(showCurves));
  view.follow("epoch epochs_done about", soon(showPictures));
  driver.watch(view, showStatus);
  watchSurroundings(view, (reason) => {
    if (reason !== "size") [palette, inks] = [paletteOf(root), inksOf(root)];
    showCurves();
    if (reason !== "size") showPictures();
  });
  obeyTeacher(view);
  showStatus();
  showCurves();
  showPictures();
}

/** What went wrong, unless the line of the state says it already. @param {import("./training_controls.js").Status} status */
function problemOf({ problem, message, state }) {
  if (problem && problem !== message) return problem;
  return state === "failed"
    ? "Training broke off: \u201cWhat Python says\u201d shows where. Correct the model and run its cell again."
    : "";
}

/** The newest row of the history, or null. @param {import("../common/view.js").Model} model */
function lastRow(model) {
  const { columns, epochs } = model.get("curves");
  return rowsOf(columns, epochs).at(-1) ?? null;
}

/** Draws at most once a frame, however many messages came. @param {View} view */
function framed(view) {
  return (/** @type {() => void} */ show) => {
    let frame = 0;
    view.cleanup(() => cancelAnimationFrame(frame));
    return () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(show);
    };
  };
}

/** What Python said when the model raised an exception: closed until someone wants to read it. */
function crashBox() {
  const text = make("pre", { class: "slw-text", tabIndex: 0 });
  const el = make("details", { class: "slw-crash", hidden: true }, make("summary", {}, "What Python says"), text);
  return {
    el,
    /** @param {string} traceback */
    show(traceback) {
      el.hidden = !traceback;
      if (text.textContent !== traceback) text.textContent = traceback;
    },
  };
}

export default defineWidget("training-dashboard", { start: (model) => new RunDriver(model), draw });
