// Train while you watch: buttons, curves, a progress bar, and every epoch to look back at.

import { hintLine, keepKeys, make, obeyTeacher } from "../common/controls.js";
import { Requests } from "../common/requests.js";
import { defineWidget, watchSurroundings } from "../common/view.js";
import { paletteOf } from "../drawing/colours.js";
import { inksOf } from "./chart_drawing.js";
import { EpochScrubber } from "./epoch_scrubber.js";
import { EpochStore } from "./epoch_store.js";
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

/** @typedef {{requests: Requests, driver: RunDriver, pictures: EpochStore}} Shared */

class Dashboard {
  /** @param {View} view @param {Shared} shared */
  constructor(view, { requests, driver, pictures }) {
    this.model = view.model;
    this.root = view.root;
    this.requests = requests;
    this.driver = driver;
    this.hint = hintLine(driver.saved ? SAVED_HINT : RUN_HINT);
    this.charts = [new LineChart(view, "loss", "Loss (cross-entropy)"), new LineChart(view, "accuracy", "Accuracy")];
    const exports = exportButtons(view, this.charts, this.hint.say);
    this.showButtons = runButtons(view, driver, exports.buttons);
    this.showSettings = runSettings(view, driver, (text) => this.hint.say(text, true));
    this.progress = progressRow(driver.saved);
    this.legend = runLegend();
    this.lookBack = new EpochScrubber(view, pictures);
    this.crash = crashBox();
    const curves = make("div", { class: "slw-charts" }, ...this.charts.map(({ el }) => el));
    const parts = [this.hint.line, this.progress.el, this.crash.el, curves, this.legend.el, this.lookBack.el];
    this.root.append(...parts, exports.box);
    this.readColours();
    this.listen(view, pictures);
  }

  /** @param {View} view @param {EpochStore} pictures */
  listen(view, pictures) {
    const soon = framed(view);
    const [status, curves, epoch] = [
      soon(() => this.showStatus()),
      soon(() => this.showCurves()),
      soon(() => this.showPictures()),
    ];
    view.follow("status epochs_done about", status);
    view.follow("curves earlier log_scale", curves);
    view.follow("epoch epochs_done about", epoch);
    view.cleanup(pictures.watch(epoch));
    view.cleanup(this.requests.watch(status));
    view.cleanup(this.requests.watch(epoch));
    watchSurroundings(view, (reason) => {
      if (reason !== "size") this.readColours();
      this.showCurves();
      if (reason !== "size") this.showPictures();
    });
  }

  readColours() {
    this.palette = paletteOf(this.root);
    this.inks = inksOf(this.root);
  }

  show() {
    this.showStatus();
    this.showCurves();
    this.showPictures();
  }

  showStatus() {
    const { model, driver, hint } = this;
    const status = { ...model.get("status"), done: model.get("epochs_done") };
    this.showButtons(status);
    this.showSettings(status);
    this.progress.show(status, lastRow(model));
    this.crash.show(status.traceback);
    const problem = problemOf(status);
    if (problem) hint.say(problem, true);
    else if (this.requests.late) hint.say(NO_ANSWER);
    else hint.say(driver.saved ? SAVED_HINT : status.done || status.batch ? "" : RUN_HINT);
  }

  showCurves() {
    const run = runOf(this.model);
    for (const chart of this.charts)
      chart.show(run, this.model.get("log_scale"), /** @type {Record<string, string>} */ (this.inks));
    this.legend.show(run);
  }

  showPictures() {
    this.lookBack.show(/** @type {import("../drawing/colours.js").Palette} */ (this.palette));
  }
}

/** @param {View} view @param {Shared} shared */
function draw(view, shared) {
  view.root.setAttribute("role", "group");
  view.root.setAttribute("aria-label", "Training dashboard");
  const dashboard = new Dashboard(view, shared);
  keepKeys(view, view.root);
  obeyTeacher(view);
  dashboard.show();
}

/** @param {import("../common/view.js").Model} model @returns {Shared} */
function start(model) {
  const requests = new Requests(model);
  return { requests, driver: new RunDriver(model, requests), pictures: new EpochStore(model, requests) };
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

export default defineWidget("training-dashboard", { start, draw });
