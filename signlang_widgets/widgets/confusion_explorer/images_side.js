// The images of the pinned place, and the one that is open.

import { make, setTrait } from "../common/controls.js";
import { grouped, imagesWords, percent, pinWords } from "../drawing/confusion_numbers.js";
import { sortChoice } from "./confusion_controls.js";
import { ImageDetail } from "./image_detail.js";
import { Gallery } from "./tile_gallery.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("../drawing/confusion_numbers.js").Pin} Pin */
/** @typedef {import("./tiles.js").Figures} Figures */
/** @typedef {import("./tiles.js").Tile} Tile */
/** @typedef {import("./tiles.js").ImageSource} ImageSource */

const LATE_WORDS = "Python is silent: the images come when its cell ends. Without a kernel, run this cell again.";
const LETTERS = 3; // names up to this length share one line of a caption

export class ImagesSide {
  /**
   * @param {View} view
   * @param {{store: ImageSource, counts: () => import("../drawing/confusion_numbers.js").Counts}} shared
   * @param {() => void} leave gives the keyboard back to the matrix
   */
  constructor(view, { store, counts }, leave) {
    const { model } = view;
    this.model = model;
    this.store = store;
    this.counts = counts;
    const open = (/** @type {number | null} */ index) => setTrait(view, "selected_image", index);
    this.gallery = new Gallery(view, {
      open,
      back: () => (model.get("selected_image") === null ? leave() : open(null)),
    });
    this.detail = new ImageDetail(view, {
      open,
      close: () => {
        open(null);
        if (this.gallery.box.hidden) leave();
        else this.gallery.box.focus();
      },
      flag: (index, word) => setTrait(view, "flags", flagged(model.get("flags"), index, word)),
    });
    this.heading = make("strong", { class: "slw-cm-heading" });
    const head = make("div", { class: "slw-cm-head" }, this.heading, sortChoice(view).label);
    this.el = make("div", { class: "slw-cm-images" }, head, this.gallery.el);
  }

  redraw() {
    this.redrawGallery();
    this.redrawDetail();
  }

  redrawGallery() {
    const { model, store } = this;
    const { version, tile, names, total } = /** @type {Figures} */ (model.get("figures"));
    const [pin, pairs, flags] = [model.get("pinned"), model.get("pairs"), model.get("flags")];
    const query = { version, pin, pairs, sort: model.get("sort"), descending: model.get("descending") };
    const held = this.counts().held(pin, pairs);
    const count = pin ? store.reachable(query, held) : 0;
    this.head(pin ? placeHeading(names, pin, pairs, held, count) : "No cell is pinned");
    this.gallery.show({
      ...{ key: JSON.stringify({ ...query, version: 0 }), count, shape: tile, selected: model.get("selected_image") },
      empty: emptyWords(pin, held),
      note: store.problem || (store.late ? LATE_WORDS : pageWords(store.kept, total)),
      at: (place) => store.at(query, place),
      want: (first, last) => store.want(query, first, last, count),
      caption: (t) => captionOf(t, names),
      long: longNames(names),
      flag: (index) => flags[index] ?? "",
    });
  }

  /** @param {string} words */
  head(words) {
    this.heading.textContent = words;
    this.heading.title = words;
    this.gallery.box.setAttribute("aria-label", `Images: ${words}. Arrow keys move, Enter opens.`);
  }

  redrawDetail() {
    const { model, store } = this;
    const { version, tile, names } = /** @type {Figures} */ (model.get("figures"));
    const chosen = model.get("selected_image");
    const portrait = chosen === null ? undefined : store.portrait(version, chosen);
    if (chosen !== null && !portrait) store.wantPortrait(version, chosen);
    this.detail.show(chosen, portrait, {
      ...{ names, tileShape: tile, flag: model.get("flags")[chosen ?? -1] ?? "" },
      missing: model.get("preloaded") ? "This image was left out of the page." : "Waiting for Python \u2026",
    });
  }
}

/** @param {string[]} names @param {Pin} pin @param {boolean} pairs @param {number} held @param {number} count of them in the page */
function placeHeading(names, pin, pairs, held, count) {
  const left = count < held ? `, ${grouped(count)} of them in this page` : "";
  return `${pinWords(names, pin, pairs)}: ${imagesWords(held)}${left}`;
}

/** Whether captions and sentences need more room than letters do. @param {string[]} names */
export function longNames(names) {
  return names.some((name) => name.length > LETTERS);
}

/** @param {Tile} tile @param {string[]} names */
function captionOf({ true: was, predicted, confidence }, names) {
  const right = was === predicted;
  return [right ? `${names[was]} \u2713` : names[was], right ? "" : `\u2192 ${names[predicted]}`, percent(confidence)];
}

/** @param {Record<string, string>} flags @param {number} index @param {string} word */
function flagged(flags, index, word) {
  const { [index]: _, ...others } = flags;
  return word ? { ...others, [index]: word } : others;
}

/** What a page without Python lacks. @param {number} kept @param {number} total */
function pageWords(kept, total) {
  if (kept >= total) return "";
  return `This page holds ${grouped(kept)} of ${grouped(total)} images: mistakes first, then the surest of the others.`;
}

/** @param {Pin | null} pin @param {number} held */
function emptyWords(pin, held) {
  if (!pin) return "Click a cell of the matrix: its images appear here.";
  return held ? "None of these images fitted into this page." : "No image is in this cell.";
}
