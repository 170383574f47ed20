// All images of a pinned place in a box that scrolls: only the tiles on screen exist.

import { keepKeys, make } from "../common/controls.js";
import { paintPicture, pixelScale, sizePicture } from "../drawing/image_canvas.js";
import { contentHeight, onScreen, scrollTo, steppedPlace } from "./tile_window.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./tiles.js").Tile} Tile */

/**
 * What a gallery shows and whom it asks: `key` names the images and their order; `long` captions take a line a part.
 * @typedef {{
 *   key: string, count: number, shape: number[], empty: string, note: string, selected: number | null,
 *   at: (place: number) => Tile | undefined, want: (first: number, last: number) => void,
 *   caption: (tile: Tile) => string[], long: boolean, flag: (index: number) => string,
 * }} Show
 */

const TILE_SIDE = 96;
const CAPTION = 20;
const GAP = 8;

export class Gallery {
  /** @param {View} view @param {{open: (index: number) => void, back: () => void}} hand */
  constructor(view, hand) {
    this.hand = hand;
    this.id = `slw-tile-${Math.random().toString(36).slice(2)}`;
    this.content = make("div", { role: "presentation", class: "slw-gallery-content" });
    this.box = make("div", { class: "slw-gallery", role: "listbox", tabIndex: 0 }, this.content);
    this.empty = make("p", { class: "slw-gallery-empty" });
    this.note = make("p", { class: "slw-gallery-note", role: "status", hidden: true });
    this.el = make("div", { class: "slw-gallery-frame" }, this.box, this.empty, this.note);
    /** @type {Map<number, HTMLElement>} */
    this.tiles = new Map();
    /** @type {Show | null} */
    this.showing = null;
    this.active = 0;
    this.width = TILE_SIDE;
    this.scale = 1;
    this.shape = { count: 0, columns: 1, tileHeight: TILE_SIDE, boxHeight: 0 };
    view.on(this.box, "scroll", () => this.refresh());
    view.on(this.box, "click", ({ target }) => this.open(target.closest(".slw-tile")));
    view.on(this.box, "keydown", (event) => this.press(event));
    keepKeys(view, this.box);
  }

  /** @param {Show} show */
  show(show) {
    const other = show.key !== this.showing?.key;
    this.showing = show;
    this.box.hidden = show.count === 0;
    this.empty.hidden = show.count > 0;
    this.empty.textContent = show.empty;
    this.note.hidden = !show.note;
    this.note.textContent = show.note;
    this.fit();
    if (other) this.restart();
    this.refresh();
  }

  restart() {
    this.active = 0;
    this.content.replaceChildren();
    this.tiles.clear();
    this.box.scrollTop = 0;
  }

  /** Lays the columns out for the present width. */
  fit() {
    if (!this.showing) return;
    const { shape, count, long } = this.showing;
    this.box.classList.toggle("slw-gallery-long", long);
    this.scale = pixelScale(shape, TILE_SIDE);
    this.width = Math.max(72, shape[2] * this.scale) + GAP;
    const columns = Math.max(1, Math.floor((this.box.clientWidth - GAP) / this.width));
    const tileHeight = shape[1] * this.scale + (long ? 3 : 1) * CAPTION + GAP;
    this.shape = { count, columns, tileHeight, boxHeight: this.box.clientHeight };
    this.content.style.height = `${contentHeight(this.shape)}px`;
  }

  /** Shows what has come on screen and lets go of what has left. */
  refresh() {
    if (!this.showing || !this.shape.boxHeight) return;
    const { first, last, top } = onScreen(this.shape, this.box.scrollTop);
    for (const [place, el] of this.tiles)
      if (place < first || place >= last) {
        el.remove();
        this.tiles.delete(place);
      }
    for (let place = first; place < last; place++) this.lay(place, place - first, top);
    this.point();
    this.showing.want(first, last);
  }

  /** @param {number} place @param {number} nth from the first on screen @param {number} top */
  lay(place, nth, top) {
    const el = this.tiles.get(place) ?? this.makeTile(place);
    const { columns, tileHeight } = this.shape;
    el.style.top = `${top + Math.floor(nth / columns) * tileHeight + GAP / 2}px`;
    el.style.left = `${(place % columns) * this.width + GAP / 2}px`;
    const tile = this.showing?.at(place);
    if (tile) this.fill(el, tile, place);
  }

  /** @param {number} place */
  makeTile(place) {
    const el = make(
      "div",
      { class: "slw-tile", role: "option", id: `${this.id}-${place}`, "aria-label": `image ${place + 1}: on its way` },
      make("canvas", { "aria-hidden": "true", width: 1, height: 1 }),
      make(
        "span",
        { class: "slw-tile-words" },
        ...["true", "guess", "share"].map((part) => make("span", { class: `slw-tile-${part}` })),
      ),
      make("span", { class: "slw-tile-flag", hidden: true }),
    );
    el.dataset.place = String(place);
    el.style.width = `${this.width - GAP}px`;
    sizePicture(/** @type {HTMLCanvasElement} */ (el.firstChild), this.showing?.shape ?? [], this.scale);
    this.tiles.set(place, el);
    this.content.append(el);
    return el;
  }

  /** @param {HTMLElement} el @param {Tile} tile @param {number} place */
  fill(el, tile, place) {
    const { shape, caption, flag, selected } = /** @type {Show} */ (this.showing);
    const [canvas, words, mark] = /** @type {[HTMLCanvasElement, HTMLElement, HTMLElement]} */ ([...el.children]);
    if (el.dataset.index !== String(tile.index)) {
      paintPicture(canvas, tile.pixels, shape);
      el.dataset.index = String(tile.index);
    }
    const parts = caption(tile);
    words.title = parts.join(" ");
    parts.forEach((part, i) => {
      words.children[i].textContent = part;
    });
    mark.textContent = flag(tile.index);
    mark.hidden = !mark.textContent;
    el.setAttribute("aria-selected", String(tile.index === selected));
    el.setAttribute("aria-posinset", String(place + 1));
    el.setAttribute("aria-setsize", String(this.shape.count));
    el.setAttribute("aria-label", [words.title, mark.textContent, `image ${tile.index}`].filter(Boolean).join(", "));
  }

  /** Marks the tile that the keyboard is at. */
  point() {
    for (const [place, el] of this.tiles) el.classList.toggle("slw-tile-active", place === this.active);
    if (this.tiles.has(this.active)) this.box.setAttribute("aria-activedescendant", `${this.id}-${this.active}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  /** @param {HTMLElement | null} el */
  open(el) {
    if (!el?.dataset.index) return;
    this.active = Number(el.dataset.place);
    this.point();
    this.hand.open(Number(el.dataset.index));
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const place = steppedPlace(event.key, this.active, this.shape);
    if (place !== null) this.moveTo(place);
    else if (event.key === "Enter" || event.key === " ") this.open(this.tiles.get(this.active) ?? null);
    else if (event.key === "Escape") this.hand.back();
    else return;
    event.preventDefault();
  }

  /** @param {number} place */
  moveTo(place) {
    this.active = place;
    this.box.scrollTop = scrollTo(this.shape, this.box.scrollTop, place);
    this.refresh();
  }
}
