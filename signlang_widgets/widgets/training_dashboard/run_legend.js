// What each line of the charts is, and the settings of the earlier runs under them.

import { make } from "../common/controls.js";
import { figureWords } from "./run_data.js";

/** @typedef {import("./run_data.js").Run} Run */

export function runLegend() {
  const key = (/** @type {string} */ kind, /** @type {string} */ words) =>
    make("span", {}, make("i", { class: `slw-key slw-key-${kind}` }), words);
  const batches = key("batch", "each batch");
  const lines = make("div", { class: "slw-run-keys" }, key("train", "train"), key("test", "test"), batches);
  const list = make("ul", { class: "slw-earlier", "aria-label": "Earlier runs" });
  const el = make("div", {}, lines, list);
  let shown = "";
  return {
    el,
    /** @param {Run} run */
    show({ earlier, trace }) {
      batches.lastChild?.replaceWith(trace.every > 1 ? `mean and range of ${trace.every} batches` : "each batch");
      const words = earlier.map(earlierWords);
      if (words.join() === shown) return;
      shown = words.join();
      list.replaceChildren(...words.map((text) => make("li", {}, text)));
    },
  };
}

/** @param {import("./run_data.js").EarlierRun} run */
export function earlierWords({ number, words, rows }) {
  const last = rows.at(-1);
  const end = last
    ? `after ${rows.length} epoch${rows.length === 1 ? "" : "s"} test loss ${figureWords("loss", last.test_loss)}, accuracy ${figureWords("accuracy", last.test_accuracy)}`
    : "stopped in its first epoch";
  return `Run ${number}: ${words}; ${end}`;
}
