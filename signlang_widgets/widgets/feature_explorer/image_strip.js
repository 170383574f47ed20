// Thousands of images as a strip: only those in sight are drawn, and only those are asked for.

import { keepKeys, make } from "../common/controls.js";
import { unpacked } from "../common/wire.js";
import { showPicture } from "./painting.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./feature_store.js").FeatureStore} FeatureStore */

const SLOT = 56; // pixels of the screen an image takes, its letter under it
const BEYOND = 4;

export class ImageStrip {
  /** @param {View} view @param {FeatureStore} store @param {(image: number, second: boolean) => void} choose */
  constructor(view, store, choose) {
    this.model = view.model;
    this.small = store.small;
    this.choose = choose;
    this.reel = make("div", { class: "slw-fx-reel" });
    const label = "Images. Shift with click or Enter chooses a second one.";
    const names = { class: "slw-fx-strip", role: "listbox", "aria-label": label, "data-control": "images" };
    this.el = make("div", names, this.reel);
    this.labels = this.model.get("labels") && unpacked(this.model.get("labels"));
    /** @type {number[]} */
    this.offered = [];
    /** @type {Map<number, {slot: HTMLElement, canvas: HTMLCanvasElement}>} */
    this.drawn = new Map();
    view.on(this.el, "scroll", () => this.draw());
    view.on(this.el, "click", (event) => this.click(event));
    view.on(this.el, "keydown", (event) => this.press(event));
    keepKeys(view, this.el);
    view.follow("letter", () => this.filter());
    view.follow("selected_image compare_image", () => {
      this.bring();
      this.draw();
    });
    view.cleanup(store.listen((news) => news !== "maps" && this.draw()));
  }

  /** The class of an image, or null. @param {number} image @returns {number | null} */
  labelOf(image) {
    return this.labels ? this.labels[image] : null;
  }

  /** @param {number} image */
  nameOf(image) {
    return this.labels ? this.model.get("class_names")[this.labels[image]] : "";
  }

  /** Offers the images of the chosen letter. */
  filter() {
    const letter = this.model.get("letter");
    const all = Array.from({ length: this.model.get("count") }, (_, i) => i);
    this.offered = letter ? all.filter((image) => this.nameOf(image) === letter) : all;
    this.reel.style.width = `${this.offered.length * SLOT}px`;
    for (const { slot } of this.drawn.values()) slot.remove();
    this.drawn = new Map();
    this.bring();
    this.draw();
  }

  /** @param {number} image */
  slotFor(image) {
    const canvas = make("canvas", { "aria-hidden": "true" });
    const name = this.nameOf(image);
    const slot = make("div", { class: "slw-fx-slot", role: "option", tabIndex: -1 }, canvas);
    slot.append(make("span", {}, name || `${image}`));
    slot.dataset.image = String(image);
    slot.setAttribute("aria-label", `image ${image}${name && `, ${name}`}`);
    slot.setAttribute("aria-setsize", String(this.offered.length));
    this.reel.append(slot);
    return { slot, canvas };
  }

  /** The places in sight, and those of the chosen and of the focused image. */
  inSight() {
    const { el, offered } = this;
    const first = Math.max(0, Math.floor(el.scrollLeft / SLOT) - BEYOND);
    const last = Math.min(offered.length, Math.ceil((el.scrollLeft + (el.clientWidth || 900)) / SLOT) + BEYOND);
    const focused = /** @type {HTMLElement | null} */ (this.reel.querySelector(":focus"));
    const kept = [this.model.get("selected_image"), Number(focused?.dataset.image ?? -1)];
    const places = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);
    for (const place of kept.map((image) => offered.indexOf(image)))
      if (place >= 0 && !places.includes(place)) places.push(place);
    return places;
  }

  draw() {
    const places = this.inSight();
    const images = places.map((place) => this.offered[place]);
    const wanted = new Set(images);
    for (const [image, { slot }] of this.drawn) {
      if (wanted.has(image)) continue;
      slot.remove();
      this.drawn.delete(image);
    }
    const chosen = this.model.get("selected_image");
    const focusable = this.offered.includes(chosen) ? chosen : images[0];
    for (const place of places) this.drawSlot(place, focusable);
    this.small.fetch(images);
  }

  /** @param {number} place @param {number} focusable */
  drawSlot(place, focusable) {
    const image = this.offered[place];
    const { slot, canvas } = this.drawn.get(image) ?? this.slotFor(image);
    this.drawn.set(image, { slot, canvas });
    slot.style.left = `${place * SLOT}px`;
    slot.setAttribute("aria-posinset", String(place + 1));
    slot.setAttribute("aria-selected", String(image === this.model.get("selected_image")));
    slot.classList.toggle("slw-fx-compared", image === this.model.get("compare_image"));
    slot.tabIndex = image === focusable ? 0 : -1;
    const picture = this.small.get(image);
    if (!picture || "shown" in canvas.dataset) return;
    canvas.dataset.shown = "";
    showPicture(canvas, picture, this.small.size);
  }

  /** Scrolls so that the chosen image is in sight. */
  bring() {
    const { el } = this;
    const place = this.offered.indexOf(this.model.get("selected_image"));
    if (place < 0) return;
    const [left, width] = [place * SLOT, el.clientWidth || 900];
    if (left < el.scrollLeft) el.scrollLeft = left;
    else if (left + SLOT > el.scrollLeft + width) el.scrollLeft = left + SLOT - width;
  }

  /** @param {number} place @param {boolean} second */
  go(place, second) {
    const image = this.offered[Math.max(0, Math.min(this.offered.length - 1, place))];
    if (image === undefined) return;
    this.choose(image, second);
    this.bring();
    this.draw();
    if (!second) this.drawn.get(image)?.slot.focus({ preventScroll: true });
  }

  get locked() {
    return this.el.hasAttribute("data-locked");
  }

  /** @param {any} event */
  click(event) {
    const slot = event.target.closest("[data-image]");
    if (slot && !this.locked) this.choose(Number(slot.dataset.image), event.shiftKey);
  }

  /** @param {any} event */
  press(event) {
    const { length } = this.offered;
    const here = this.offered.indexOf(Number(event.target.dataset.image));
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -length, End: length };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (this.locked || (step === undefined && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    this.go(here + (step ?? 0), event.key === "Enter" && event.shiftKey);
  }
}
