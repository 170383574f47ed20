// The images of the pinned place, and the one that is open.

import { make, setTrait } from "../common/controls.js";
import { sortChoice } from "./confusion_controls.js";
import { grouped, imagesWords, percent, pinWords } from "./confusion_numbers.js";
import { imageDetail } from "./image_detail.js";
import { Gallery } from "./tile_gallery.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./confusion_numbers.js").Pin} Pin */
/** @typedef {import("./confusion_numbers.js").Figures} Figures */
/** @typedef {import("./tiles.js").Tile} Tile */

const LATE_WORDS = "Python is silent: the images come when its cell ends. Without a kernel, run this cell again.";
const LETTERS = 3; // names up to this length share one line of a caption

/**
 * @param {View} view
 * @param {{store: import("./image_store.js").ImageStore, counts: () => import("./confusion_numbers.js").Counts}} shared
 * @param {() => void} leave gives the keyboard back to the matrix
 */
export function imagesSide(view, { store, counts }, leave) {
  const { model } = view;
  const open = (/** @type {number | null} */ index) => setTrait(view, "selected_image", index);
  const gallery = new Gallery(view, {
    open,
    back: () => (model.get("selected_image") === null ? leave() : open(null)),
  });
  const detail = imageDetail(view, {
    open,
    close() {
      open(null);
      if (gallery.box.hidden) leave();
      else gallery.box.focus();
    },
    flag: (index, word) => setTrait(view, "flags", flagged(model.get("flags"), index, word)),
  });
  const heading = make("strong", { class: "slw-cm-heading" });
  const sort = sortChoice(view);

  const redrawGallery = () => {
    const { version, tile, names, total } = /** @type {Figures} */ (model.get("figures"));
    const [pin, pairs, flags] = [model.get("pinned"), model.get("pairs"), model.get("flags")];
    const query = { version, pin, pairs, sort: model.get("sort"), descending: model.get("descending") };
    const held = counts().held(pin, pairs);
    const count = pin ? store.reachable(query, held) : 0;
    const left = count < held ? `, ${grouped(count)} of them in this page` : "";
    heading.textContent = pin ? `${pinWords(names, pin, pairs)}: ${imagesWords(held)}${left}` : "No cell is pinned";
    heading.title = heading.textContent;
    gallery.box.setAttribute("aria-label", `Images: ${heading.textContent}. Arrow keys move, Enter opens.`);
    gallery.show({
      ...{ key: JSON.stringify({ ...query, version: 0 }), count, shape: tile, selected: model.get("selected_image") },
      empty: emptyWords(pin, held),
      note: store.late() ? LATE_WORDS : pageWords(store.kept(), total),
      at: (place) => store.at(query, place),
      want: (first, last) => store.want(query, first, last, count),
      caption: (t) => captionOf(t, names),
      long: longNames(names),
      flag: (index) => flags[index] ?? "",
    });
  };

  const redrawDetail = () => {
    const { version, tile, names } = /** @type {Figures} */ (model.get("figures"));
    const chosen = model.get("selected_image");
    const portrait = chosen === null ? undefined : store.portrait(version, chosen);
    if (chosen !== null && !portrait) store.wantPortrait(version, chosen);
    detail.show(chosen, portrait, {
      ...{ names, tileShape: tile, flag: model.get("flags")[chosen ?? -1] ?? "" },
      missing: model.get("preloaded") ? "This image was left out of the page." : "Waiting for Python \u2026",
    });
  };

  return {
    el: make("div", { class: "slw-cm-images" }, make("div", { class: "slw-cm-head" }, heading, sort.label), gallery.el),
    detail: detail.el,
    redraw() {
      redrawGallery();
      redrawDetail();
    },
  };
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
