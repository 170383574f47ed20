// The image, large, under a brush: paint, bring back, cover, shift; and a sweep of the cover over all of it.

import { button, choice, keepKeys, leaveToNotebook, make, setIdle } from "../common/controls.js";
import { filled, meanOf, shifted, showPicture, stroked } from "./painting.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./feature_store.js").FeatureStore} FeatureStore */
/** @typedef {import("./feature_store.js").Tool} Tool */
/** @typedef {{row: number, column: number}} Cell */

/** @type {[Tool, string, string][]} */
const TOOLS = [
  ["paint", "Paint", "Paint over the image"],
  ["erase", "Erase", "Erase the paint: bring the original pixels back"],
  ["cover", "Cover", "Cover a square with the image's mean grey"],
  ["shift", "Shift", "Drag the whole image; at its edges the last pixels repeat"],
];

/** @type {Record<string, [number, number]>} */
const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @param {View} view @param {FeatureStore} store @param {{say: (text: string, problem?: boolean) => void, sweep: (size: number) => void}} hand */
export function inputPicture(view, store, hand) {
  const { height, width } = store.size;
  /** @type {Tool} */
  let tool = "paint";
  const sides = { paint: 2, erase: 3, cover: Math.max(2, Math.round(Math.min(height, width) / 4)), shift: 1 };
  let ink = 255;
  /** @type {Cell} */
  let cursor = { row: Math.floor(height / 2), column: Math.floor(width / 2) };
  /** @type {{from: Cell, last: Cell, pixels: Uint8Array} | null} */
  let drag = null;

  const canvas = make("canvas", { class: "slw-fx-input", role: "application", tabIndex: 0, "aria-label": "" });
  const [brushBox, windowBox] = [
    make("div", { class: "slw-fx-brush", hidden: true }),
    make("div", { class: "slw-window", hidden: true }),
  ];
  const frame = make("div", { class: "slw-frame slw-fx-paper" }, canvas, brushBox, windowBox);
  const other = make("canvas", { class: "slw-fx-other", role: "img" });
  const otherWords = make("figcaption", {});
  const second = make(
    "figure",
    { class: "slw-fx-paper", hidden: true },
    make("div", { class: "slw-frame" }, other),
    otherWords,
  );
  const spokenLine = make("div", { class: "slw-spoken", role: "status" });
  const buttons = TOOLS.map(([name, words, title]) => button(view, name, words, () => take(name), title));
  const size = make("input", {
    type: "range",
    min: "1",
    max: String(Math.floor(Math.min(height, width) / 2)),
    "aria-label": "Side of the brush in pixels",
  });
  const sizeWords = make("output", {});
  const inkChoice = choice(
    view,
    "paint",
    "Ink",
    [
      ["255", "White"],
      ["128", "Grey"],
      ["0", "Black"],
    ],
    (value) => {
      ink = Number(value);
    },
  );
  const undo = button(view, "undo_paint", "Undo", () => store.go(-1), "Undo the last stroke");
  const restore = button(view, "restore", "Restore", () => store.paint(store.origin), "Show the untouched image again");
  const sweep = button(
    view,
    "sweep",
    "Sweep the cover",
    () => hand.sweep(sides.cover),
    "Slide the cover over the whole image and map how far the score falls",
  );
  const el = make(
    "section",
    { class: "slw-fx-left", "aria-label": "Image" },
    make("div", { class: "slw-fx-pair" }, frame, second),
    make("div", { class: "slw-fx-tools", role: "group", "aria-label": "Tool" }, ...buttons),
    make(
      "div",
      { class: "slw-fx-tools" },
      make("label", { class: "slw-choice" }, "Size", size, sizeWords),
      inkChoice.label,
    ),
    make("div", { class: "slw-fx-tools" }, undo, restore, sweep),
    spokenLine,
  );

  /** @param {Tool} name */
  function take(name) {
    tool = name;
    refresh();
  }
  const refresh = () => {
    for (const [i, [name]] of TOOLS.entries()) buttons[i].setAttribute("aria-pressed", String(name === tool));
    size.value = String(sides[tool]);
    size.disabled = tool === "shift" || !store.asker.alive;
    sizeWords.textContent = `${sides[tool]} px`;
    inkChoice.select.disabled = tool !== "paint" || !store.asker.alive || inkChoice.label.hasAttribute("data-locked");
    for (const el of [...buttons, sweep]) setIdle(el, !store.asker.alive);
    setIdle(undo, !store.asker.alive || !store.history.canUndo());
    setIdle(restore, !store.asker.alive || store.pixels === store.origin);
    const keys = tool === "shift" ? "Arrow keys shift it." : `Arrow keys move, Space uses ${tool}.`;
    canvas.setAttribute("aria-label", `The image, ${height} by ${width} pixels. ${keys}`);
    brush();
  };
  const usable = () =>
    store.asker.alive && !buttons[TOOLS.findIndex(([name]) => name === tool)].hasAttribute("data-locked");
  const cellAt = (/** @type {PointerEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    const inside = (/** @type {number} */ at, /** @type {number} */ side) =>
      Math.max(0, Math.min(side - 1, Math.floor(at * side)));
    return {
      row: inside((event.clientY - box.top) / box.height, height),
      column: inside((event.clientX - box.left) / box.width, width),
    };
  };

  /** What the tool makes of the picture as it was when the hand came down. @param {Cell} to */
  const apply = (to) => {
    if (!drag) return;
    const { from, last, pixels } = drag;
    const square = { ...to, side: sides[tool] };
    if (tool === "cover") store.paint(filled(pixels, store.size, square, meanOf(store.origin)), drag);
    else if (tool === "shift") shift(pixels, to.row - from.row, to.column - from.column, drag);
    else
      store.paint(
        stroked(store.pixels, store.size, last, to, sides[tool], tool === "paint" ? ink : store.origin),
        drag,
      );
    drag.last = to;
  };
  /** @param {Uint8Array} pixels @param {number} down @param {number} right @param {unknown} gesture */
  const shift = (pixels, down, right, gesture) => store.paint(shifted(pixels, store.size, down, right), gesture);
  /** @param {Cell} cell */
  const grab = (cell) => {
    drag = { from: cell, last: cell, pixels: store.pixels };
  };

  view.on(canvas, "pointerdown", (event) => {
    if (event.button !== 0) return;
    if (!usable())
      return hand.say(store.asker.alive ? "This tool is locked." : "Painting needs Python: run the cell.", true);
    canvas.setPointerCapture(event.pointerId);
    cursor = cellAt(event);
    grab(cursor);
    if (tool !== "shift") apply(cursor);
  });
  view.on(canvas, "pointermove", (event) => {
    const cell = cellAt(event);
    if (cell.row === cursor.row && cell.column === cursor.column && !brushBox.hidden) return;
    cursor = cell;
    brush(true);
    apply(cell);
  });
  for (const type of ["pointerup", "pointercancel"])
    view.on(canvas, type, () => {
      drag = null;
      refresh();
    });
  view.on(canvas, "pointerleave", () => drag || brush(false));
  view.on(canvas, "blur", () => brush(false));
  view.on(canvas, "keydown", (event) => press(event));
  keepKeys(view, canvas);
  view.on(size, "input", () => {
    sides[tool] = Number(size.value);
    refresh();
  });
  view.cleanup(store.asker.whenAlive(refresh));

  /** @param {KeyboardEvent} event */
  function press(event) {
    const step = KEYS[event.key];
    const undoing = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    if (event.key === "Escape") return leaveToNotebook(canvas);
    if ((!step && event.key !== " " && !undoing) || !usable()) return;
    event.preventDefault();
    if (undoing) return store.go(event.shiftKey ? 1 : -1);
    if (step && tool === "shift") shift(store.pixels, step[0], step[1], null);
    else if (step) move(step);
    else dab();
  }
  /** @param {[number, number]} step */
  function move([down, right]) {
    const inside = (/** @type {number} */ at, /** @type {number} */ side) => Math.max(0, Math.min(side - 1, at));
    cursor = { row: inside(cursor.row + down, height), column: inside(cursor.column + right, width) };
    brush(true);
    spokenLine.textContent = `row ${cursor.row}, column ${cursor.column}: grey ${store.pixels[cursor.row * width + cursor.column]}`;
  }
  function dab() {
    grab(cursor);
    apply(cursor);
    drag = null;
    spokenLine.textContent = `${tool} at row ${cursor.row}, column ${cursor.column}`;
  }
  /** Shows which pixels the tool would meet. @param {boolean} [shown] */
  function brush(shown = !brushBox.hidden) {
    brushBox.hidden = !shown || tool === "shift";
    const side = sides[tool];
    boxOn(brushBox, {
      top: cursor.row - Math.floor((side - 1) / 2),
      left: cursor.column - Math.floor((side - 1) / 2),
      height: side,
      width: side,
    });
  }
  /** @param {HTMLElement} box @param {{top: number, left: number, height: number, width: number}} place */
  function boxOn(box, place) {
    const percent = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
    Object.assign(box.style, {
      top: percent(place.top, height),
      left: percent(place.left, width),
      height: percent(place.height, height),
      width: percent(place.width, width),
    });
  }
  return {
    el,
    show() {
      showPicture(canvas, store.pixels, store.size);
      refresh();
    },
    /** The second image beside the first. @param {number | null} image @param {Uint8Array | null} pixels */
    beside(image, pixels) {
      second.hidden = !pixels;
      if (!pixels) return;
      showPicture(other, pixels, store.size);
      otherWords.textContent = `less image ${image}`;
      other.setAttribute("aria-label", `Image ${image}, the second one`);
    },
    /** Outlines what a first-layer number was made of. @param {number[] | null} window top, left, height, width */
    outline(window) {
      windowBox.hidden = !window;
      if (window) boxOn(windowBox, { top: window[0], left: window[1], height: window[2], width: window[3] });
    },
  };
}
