// One image opened: large, what the model thought of it, the correctly read images nearest to it, and a flag.

import { keepKeys, make } from "../common/controls.js";
import { percent } from "../drawing/confusion_numbers.js";
import { paintPicture, pixelScale, sizePicture } from "../drawing/image_canvas.js";
import { fixed } from "../drawing/numbers.js";

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

export class ImageDetail {
  /**
   * @param {View} view
   * @param {{open: (index: number) => void, close: () => void, flag: (index: number, word: string) => void}} hand
   */
  constructor(view, hand) {
    this.title = make("strong", { class: "slw-detail-title", role: "status" });
    this.large = make("canvas", { role: "img" });
    this.note = make("p", { class: "slw-detail-note" });
    this.bars = make("ol", { class: "slw-detail-bars", "aria-label": "Likeliest classes" });
    this.near = make("div", { class: "slw-detail-near", "data-control": "nearest" });
    this.flags = FLAG_WORDS.map(([, words]) => make("button", { type: "button", class: "slw-button" }, words));
    this.close = make("button", { type: "button", class: "slw-button" }, "Close");
    this.body = make("div", { class: "slw-detail-body" }, this.head(), this.main());
    this.empty = make("p", { class: "slw-gallery-empty" });
    this.el = make("section", { class: "slw-detail", "aria-label": "Open image", tabIndex: 0 }, this.body, this.empty);
    this.index = -1;
    /** @type {Portrait | undefined} */
    this.drawn = undefined;
    this.listen(view, hand);
  }

  head() {
    const about = { role: "group", "aria-label": "Flag", "data-control": "flag" };
    const flags = make("div", { class: "slw-bar", ...about }, ...this.flags);
    return make("div", { class: "slw-detail-head" }, this.title, flags, this.close);
  }

  main() {
    const thought = make("div", { class: "slw-detail-thought" }, this.bars, this.note);
    return make("div", { class: "slw-detail-main" }, this.large, thought, this.near);
  }

  /**
   * @param {View} view
   * @param {{open: (index: number) => void, close: () => void, flag: (index: number, word: string) => void}} hand
   */
  listen(view, hand) {
    this.flags.forEach((one, i) => {
      view.on(one, "click", () => hand.flag(this.index, FLAG_WORDS[i][0]));
    });
    view.on(this.close, "click", hand.close);
    view.on(this.el, "keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      hand.close();
    });
    view.on(this.near, "click", ({ target }) => {
      const chosen = target.closest("button");
      if (chosen && !this.near.hasAttribute("data-locked")) hand.open(Number(chosen.dataset.index));
    });
    keepKeys(view, this.el);
  }

  /**
   * @param {number | null} chosen @param {Portrait | undefined} portrait
   * @param {{names: string[], tileShape: number[], flag: string, missing: string}} look
   */
  show(chosen, portrait, { names, tileShape, flag, missing }) {
    this.index = chosen ?? -1;
    const same = this.drawn?.tile.index === chosen ? this.drawn : undefined; // as another evaluation is about to tell
    const shown = portrait ?? same;
    this.body.hidden = !shown;
    this.empty.hidden = !this.body.hidden;
    this.empty.textContent = chosen === null ? "Click an image to open it." : missing;
    this.flags.forEach((one, i) => {
      one.setAttribute("aria-pressed", String(FLAG_WORDS[i][0] === flag));
    });
    if (shown && shown !== this.drawn) this.fill(shown, names, tileShape);
    this.drawn = shown;
  }

  /** @param {Portrait} portrait @param {string[]} names @param {number[]} tileShape */
  fill(portrait, names, tileShape) {
    const { tile, shape, shrunk } = portrait;
    const [was, read] = [names[tile.true], names[tile.predicted]];
    const verdict =
      tile.true === tile.predicted ? `\u2713 ${was}, read correctly` : `\u2717 true ${was}, predicted ${read}`;
    this.title.textContent = `Image ${tile.index}: ${verdict}`;
    this.title.title = this.title.textContent;
    paintPicture(this.large, portrait.pixels, shape);
    this.large.setAttribute("aria-label", this.title.textContent);
    sizePicture(this.large, shape, Math.max(LEAST_SCALE, pixelScale(shape, LARGE_PICTURE)));
    const bars = portrait.top.map(([class_, share]) => bar(names[class_], share, roleWords(class_, tile)));
    this.bars.replaceChildren(...bars);
    this.note.textContent = `Loss ${fixed(portrait.loss, 3)}`;
    if (shrunk) this.note.textContent += `. Shrunk from ${shrunk[0]}\u00d7${shrunk[1]} pixels.`;
    this.near.replaceChildren(...nearest(portrait, names, tileShape));
  }
}

/** @param {number} class_ @param {Tile} tile */
function roleWords(class_, tile) {
  if (class_ === tile.true) return class_ === tile.predicted ? "true, predicted" : "true";
  return class_ === tile.predicted ? "predicted" : "";
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
