// Take a run along: its history as CSV, its curves as a PNG, and itself as PyTorch code.

import { button, make } from "../common/controls.js";
import { csvOf, runOf } from "./run_data.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./line_chart.js").LineChart} LineChart */

const SHARP = 2; // pixels of the picture for each on screen
const WIDE = 480;
const HIGH = 260;

/** @param {View} view @param {LineChart[]} charts @param {(text: string, problem?: boolean) => void} say */
export function exportButtons(view, charts, say) {
  const { model } = view;
  const code = codeBox(view, say);
  const csv = () => download("training.csv", new Blob([csvOf(runOf(model))], { type: "text/csv" }));
  const png = () => pictureOf(charts).toBlob((blob) => blob && download("training.png", blob));
  const buttons = [
    button(view, "csv", "History as CSV", csv),
    button(view, "png", "Curves as PNG", png),
    button(view, "code", "This run as PyTorch code", code.toggle),
  ];
  return { buttons, box: code.el };
}

/** @param {string} name @param {Blob} blob */
function download(name, blob) {
  const address = URL.createObjectURL(blob);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The charts side by side on paper, with their titles and the key. @param {LineChart[]} charts */
function pictureOf(charts) {
  const canvas = make("canvas", { width: SHARP * WIDE * charts.length, height: SHARP * HIGH });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const { colours } = charts[0];
  context.scale(SHARP, SHARP);
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, WIDE * charts.length, HIGH);
  for (const chart of charts) {
    const title = chart.figure === "loss" ? "Loss" : "Accuracy";
    Object.assign(context, { font: "14px sans-serif", textAlign: "left", textBaseline: "top", fillStyle: colours.ink });
    context.fillText(`${title} (solid: train, dashed: test)`, 44, 8);
    context.translate(0, 32);
    chart.drawOn(context, WIDE);
    context.translate(WIDE, -32);
  }
  return canvas;
}

/** @param {View} view @param {(text: string, problem?: boolean) => void} say */
function codeBox(view, say) {
  const text = make("textarea", { class: "slw-text", readOnly: true, rows: 12, spellcheck: false });
  text.setAttribute("aria-label", "This run as PyTorch code");
  const copy = button(view, "code", "Copy", () => copyText(text, say));
  const close = button(view, "code", "Close", () => hide());
  const el = make("div", { class: "slw-code", hidden: true }, text, make("div", { class: "slw-bar" }, copy, close));
  const hide = () => {
    el.hidden = true;
    /** @type {HTMLElement | null} */ (view.root.querySelector(".slw-menu summary"))?.focus();
  };
  const show = () => {
    text.value = view.model.get("code");
  };
  view.follow("code", show);
  show();
  const toggle = () => {
    el.hidden = !el.hidden;
    if (!el.hidden) setTimeout(() => toTheTop(text));
  };
  return { el, toggle };
}

/** The menu has the focus until it is closed. @param {HTMLTextAreaElement} text */
function toTheTop(text) {
  text.focus();
  text.setSelectionRange(0, 0);
  text.scrollTop = 0;
}

/** @param {HTMLTextAreaElement} text @param {(text: string, problem?: boolean) => void} say */
async function copyText(text, say) {
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
    say("Copied.");
  } catch {
    say("The browser does not allow copying here: the text is selected, press Ctrl+C.", true);
  }
}
