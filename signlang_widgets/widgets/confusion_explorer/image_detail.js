// One image opened: large, what the model thought of it, the correctly read images nearest to it, and a flag.

import { keepKeys, make } from "../common/controls.js";
import { paintPicture, pixelScale, sizePicture } from "../common/image_canvas.js";
import { fixed } from "../common/numbers.js";
import { percent } from "./confusion_numbers.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./tiles.js").Portrait} Portrait */
/** @typedef {import("./tiles.js").Tile} Tile */

const LARGE_PICTURE = 196; // screen pixels: seven a pixel for 28x28
const NEAR_PICTURE = 96;
const LEAST_SCALE = 3;
/** @type {[string, string][]} */
const FLAG_WORDS = [
  ["", "No flag"],
  ["wrong label?", "Wrong label?"],
  ["unclear", "Unclear"],
];

/**
 * @param {View} view
 * @param {{open: (index: number) => void, close: () => void, flag: (index: number, word: string) => void}} hand
 */
export function imageDetail(view, hand) {
  const title = make("strong", { class: "slw-detail-title", role: "status" });
  const close = make("button", { type: "button", class: "slw-button" }, "Close");
  const large = make("canvas", { role: "img" });
  const note = make("p", { class: "slw-detail-note" });
  const bars = make("ol", { class: "slw-detail-bars", "aria-label": "Likeliest classes" });
  const near = make("div", { class: "slw-detail-near", "data-control": "nearest" });
  const flags = make("div", { class: "slw-bar", role: "group", "aria-label": "Flag", "data-control": "flag" });
  const body = make(
    "div",
    { class: "slw-detail-body" },
    make("div", { class: "slw-detail-head" }, title, flags, close),
    make("div", { class: "slw-detail-main" }, large, make("div", { class: "slw-detail-thought" }, bars, note), near),
  );
  const empty = make("p", { class: "slw-gallery-empty" }, "Click an image to open it.");
  const el = make("section", { class: "slw-detail", "aria-label": "Open image", tabIndex: 0 }, body, empty);
  let index = -1;
  /** @type {Portrait | undefined} */
  let drawn;

  const flagButtons = FLAG_WORDS.map(([word, words]) => {
    const one = make("button", { type: "button", class: "slw-button" }, words);
    view.on(one, "click", () => hand.flag(index, word));
    return one;
  });
  flags.append(...flagButtons);
  view.on(close, "click", hand.close);
  view.on(el, "keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    hand.close();
  });
  view.on(near, "click", ({ target }) => {
    const chosen = target.closest("button");
    if (chosen && !near.hasAttribute("data-locked")) hand.open(Number(chosen.dataset.index));
  });
  keepKeys(view, el);

  /** @param {Portrait} portrait @param {string[]} names @param {number[]} tileShape */
  const fill = (portrait, names, tileShape) => {
    const { tile, shape, shrunk } = portrait;
    const [was, read] = [names[tile.true], names[tile.predicted]];
    title.textContent =
      tile.true === tile.predicted
        ? `Image ${tile.index}: \u2713 ${was}, read correctly`
        : `Image ${tile.index}: \u2717 true ${was}, taken for ${read}`;
    title.title = title.textContent;
    paintPicture(large, portrait.pixels, shape);
    large.setAttribute("aria-label", title.textContent);
    sizePicture(large, shape, Math.max(LEAST_SCALE, pixelScale(shape, LARGE_PICTURE)));
    bars.replaceChildren(...portrait.top.map(([class_, share]) => bar(names[class_], share, roleWords(class_, tile))));
    note.textContent = `Loss ${fixed(portrait.loss, 3)}`;
    if (shrunk) note.textContent += `. Shrunk from ${shrunk[0]}\u00d7${shrunk[1]} pixels.`;
    near.replaceChildren(...nearest(portrait, names, tileShape));
  };

  return {
    el,
    /**
     * @param {number | null} chosen @param {Portrait | undefined} portrait
     * @param {{names: string[], tileShape: number[], flag: string, missing: string}} look
     */
    show(chosen, portrait, { names, tileShape, flag, missing }) {
      index = chosen ?? -1;
      if (drawn?.tile.index === chosen) portrait ??= drawn; // the same image, as another evaluation is about to tell
      body.hidden = !portrait;
      empty.hidden = !body.hidden;
      empty.textContent = chosen === null ? "Click an image to open it." : missing;
      flagButtons.forEach((one, i) => {
        one.setAttribute("aria-pressed", String(FLAG_WORDS[i][0] === flag));
      });
      if (portrait && portrait !== drawn) fill(portrait, names, tileShape);
      drawn = portrait;
    },
  };
}

/** @param {number} class_ @param {Tile} tile */
function roleWords(class_, tile) {
  if (class_ === tile.true) return class_ === tile.predicted ? "true, guess" : "true";
  return class_ === tile.predicted ? "guess" : "";
}

/** @param {string} name @param {number} share @param {string} role */
function bar(name, share, role) {
  const fill = make("i");
  fill.style.width = `${100 * share}%`;
  return make(
    "li",
    {},
    make("span", { class: "slw-detail-name", title: name }, name),
    make("span", { class: "slw-detail-bar", "aria-hidden": "true" }, fill),
    make("span", { class: "slw-detail-share" }, percent(share)),
    make("span", { class: "slw-detail-role" }, role),
  );
}

/** @param {Portrait} portrait @param {string[]} names @param {number[]} shape */
function nearest({ letters, near }, names, shape) {
  if (!near) return [make("p", { class: "slw-detail-note" }, "The nearest images need Python: open the notebook.")];
  return letters.map((letter, i) => {
    const heading = near[i].length
      ? `Nearest ${names[letter]} read correctly`
      : `No ${names[letter]} was read correctly.`;
    return make(
      "div",
      { role: "group", "aria-label": heading },
      make("p", { class: "slw-detail-note", title: heading }, heading),
      make("div", { class: "slw-detail-row" }, ...near[i].map((tile) => nearTile(tile, names, shape))),
    );
  });
}

/** @param {Tile} tile @param {string[]} names @param {number[]} shape */
function nearTile(tile, names, shape) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  paintPicture(canvas, tile.pixels, shape);
  sizePicture(canvas, shape, pixelScale(shape, NEAR_PICTURE));
  const words = `${names[tile.true]}, ${percent(tile.confidence)}, image ${tile.index}`;
  const el = make("button", { type: "button", class: "slw-near", title: words, "aria-label": words }, canvas);
  el.dataset.index = String(tile.index);
  return el;
}
