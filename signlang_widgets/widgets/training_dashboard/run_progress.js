// How far a run is: the state in words, a bar, and what it costs.

import { make } from "../common/controls.js";
import { duration, figureWords } from "./run_data.js";

/** @typedef {import("./training_controls.js").Status} Status */

/** The share of the whole run that is done. @param {Status} status */
export function doneShare({ done, epochs, epoch, batch, batches }) {
  if (done >= epochs) return 1;
  return (epoch - 1 + batch / Math.max(1, batches)) / epochs;
}

/** What is said aloud: it changes with the state and with the epoch, not with each batch. @param {Status} status @param {Record<string, number> | null} row */
export function stateWords(status, row) {
  const { state, message, epoch, epochs, batches, finishing, done } = status;
  if (state === "idle") return `Ready to train: ${epochs} epoch${epochs === 1 ? "" : "s"} of ${batches} batches.`;
  if (state === "finished" && done < epochs) return `Ready to go on with epoch ${done + 1} of ${epochs}.`;
  if (state !== "running") return message;
  const last = row
    ? ` Epoch ${row.epoch} ended with a test accuracy of ${figureWords("accuracy", row.test_accuracy)}.`
    : "";
  return `Training in epoch ${epoch} of ${epochs}.${finishing ? " It stops when this epoch is done." : last}`;
}

/** What the bar says beside its length. @param {Status} status */
export function placeWords({ state, epoch, epochs, batch, batches, evaluated, done }) {
  if (done >= epochs) return `${done} of ${epochs} epochs`;
  const testing = state === "running" && evaluated > 0;
  const place = testing ? `testing ${Math.round(100 * evaluated)} %` : `batch ${batch} of ${batches}`;
  return `epoch ${epoch} of ${epochs}, ${place}`;
}

/** Time, pace, device and memory. @param {Status} status */
export function costWords({ state, eta_seconds: eta, images_per_second: pace, device, memory }) {
  const running = state === "running";
  const facts = [
    running && eta !== null && `${duration(eta)} to go`,
    pace !== null && `${threeDigits(pace).toLocaleString("en")} images/s`,
    device === "cpu" ? "CPU" : device,
    memory !== null && `${Math.round(memory / 2 ** 20).toLocaleString("en")} MiB`,
  ];
  return facts.filter(Boolean).join(" \u00b7 ");
}

/** No more digits than the eye needs. @param {number} value */
function threeDigits(value) {
  return Number(value.toPrecision(3));
}

/** @param {boolean} saved whether the run lies in a page without Python */
export function progressRow(saved) {
  const words = make("p", { class: "slw-run-state", role: "status" });
  const bar = make("div", { class: "slw-run-bar", role: "progressbar", "aria-label": "Progress of the run" });
  bar.setAttribute("aria-valuemin", "0");
  bar.setAttribute("aria-valuemax", "100");
  const filled = bar.appendChild(make("div", { class: "slw-run-filled" }));
  const place = make("span");
  const cost = make("span");
  const el = make("div", { class: "slw-run" }, words, bar, make("div", { class: "slw-run-facts" }, place, cost));
  return {
    el,
    /** @param {Status} status @param {Record<string, number> | null} row the newest epoch's figures */
    show(status, row) {
      const training = saved && status.state === "running";
      const said = training ? `Saved while it trained: ${placeWords(status)}.` : stateWords(status, row);
      if (words.textContent !== said) words.textContent = said;
      words.classList.toggle("slw-problem", status.state === "failed" || status.problem === said);
      const percent = 100 * doneShare(status);
      filled.style.width = `${percent}%`;
      bar.setAttribute("aria-valuenow", String(Math.round(percent)));
      place.textContent = placeWords(status);
      bar.setAttribute("aria-valuetext", placeWords(status));
      cost.textContent = saved ? "" : costWords(status);
    },
  };
}
