// Thousands of images as a strip: only those in sight are drawn, and only those are asked for.

import { keepKeys, make } from "../common/controls.js";
import { showPicture } from "./painting.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./feature_store.js").FeatureStore} FeatureStore */

const SLOT = 56; // pixels of the screen an image takes, its letter under it
const BEYOND = 4;

/**
 * @param {View} view @param {FeatureStore} store @param {(image: number, second: boolean) => void} choose
 */
export function imageStrip(view, store, choose) {
  const { model } = view;
  const inner = make("div", { class: "slw-fx-reel" });
  const el = make(
    "div",
    {
      class: "slw-fx-strip",
      role: "listbox",
      "aria-label": "Images. Shift with click or Enter chooses a second one.",
      "data-control": "images",
    },
    inner,
  );
  const labels = model.get("labels") && numbersIn(model.get("labels"));
  /** @type {number[]} */
  let offered = [];
  /** @type {Map<number, {slot: HTMLElement, canvas: HTMLCanvasElement}>} */
  let drawn = new Map();

  const nameOf = (/** @type {number} */ image) => (labels ? model.get("class_names")[labels[image]] : "");
  const filter = () => {
    const letter = model.get("letter");
    const all = Array.from({ length: model.get("count") }, (_, i) => i);
    offered = letter ? all.filter((image) => nameOf(image) === letter) : all;
    inner.style.width = `${offered.length * SLOT}px`;
    for (const { slot } of drawn.values()) slot.remove();
    drawn = new Map();
    bring();
    draw();
  };
  const slotFor = (/** @type {number} */ image) => {
    const canvas = make("canvas", { "aria-hidden": "true" });
    const slot = make(
      "div",
      { class: "slw-fx-slot", role: "option", tabIndex: -1 },
      canvas,
      make("span", {}, nameOf(image) || `${image}`),
    );
    slot.dataset.image = String(image);
    slot.setAttribute("aria-label", `image ${image}${nameOf(image) && `, ${nameOf(image)}`}`);
    slot.setAttribute("aria-setsize", String(offered.length));
    inner.append(slot);
    return { slot, canvas };
  };
  const inSight = () => {
    const first = Math.max(0, Math.floor(el.scrollLeft / SLOT) - BEYOND);
    const last = Math.min(offered.length, Math.ceil((el.scrollLeft + (el.clientWidth || 900)) / SLOT) + BEYOND);
    const focused = /** @type {HTMLElement | null} */ (inner.querySelector(":focus"));
    const kept = [model.get("selected_image"), Number(focused?.dataset.image ?? -1)];
    const places = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);
    for (const place of kept.map((image) => offered.indexOf(image)))
      if (place >= 0 && !places.includes(place)) places.push(place);
    return places;
  };
  function draw() {
    const places = inSight();
    const wanted = new Set(places.map((place) => offered[place]));
    for (const [image, { slot }] of drawn) {
      if (wanted.has(image)) continue;
      slot.remove();
      drawn.delete(image);
    }
    const [chosen, second] = [model.get("selected_image"), model.get("compare_image")];
    const focusable = offered.includes(chosen) ? chosen : offered[places[0]];
    for (const place of places) {
      const image = offered[place];
      if (!drawn.has(image)) drawn.set(image, slotFor(image));
      const { slot, canvas } = /** @type {{slot: HTMLElement, canvas: HTMLCanvasElement}} */ (drawn.get(image));
      slot.style.left = `${place * SLOT}px`;
      slot.setAttribute("aria-posinset", String(place + 1));
      slot.setAttribute("aria-selected", String(image === chosen));
      slot.classList.toggle("slw-fx-compared", image === second);
      slot.tabIndex = image === focusable ? 0 : -1;
      const still = store.stills.get(image);
      if (!still || "shown" in canvas.dataset) continue;
      canvas.dataset.shown = "";
      showPicture(canvas, still, store.thumbSize);
    }
    store.fetchStills(places.map((place) => offered[place]));
  }
  /** Scrolls so that the chosen image is in sight. */
  function bring() {
    const place = offered.indexOf(model.get("selected_image"));
    if (place < 0) return;
    const [left, width] = [place * SLOT, el.clientWidth || 900];
    if (left < el.scrollLeft) el.scrollLeft = left;
    else if (left + SLOT > el.scrollLeft + width) el.scrollLeft = left + SLOT - width;
  }
  const go = (/** @type {number} */ place, /** @type {boolean} */ second) => {
    const image = offered[Math.max(0, Math.min(offered.length - 1, place))];
    if (image === undefined) return;
    choose(image, second);
    bring();
    draw();
    if (!second) drawn.get(image)?.slot.focus({ preventScroll: true });
  };
  const locked = () => el.hasAttribute("data-locked");

  view.on(el, "scroll", draw);
  view.on(el, "click", (event) => {
    const slot = event.target.closest("[data-image]");
    if (slot && !locked()) choose(Number(slot.dataset.image), event.shiftKey);
  });
  view.on(el, "keydown", (event) => {
    const here = offered.indexOf(Number(event.target.dataset.image));
    const steps = {
      ArrowLeft: -1,
      ArrowRight: 1,
      PageUp: -10,
      PageDown: 10,
      Home: -offered.length,
      End: offered.length,
    };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (locked() || (step === undefined && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    go(here + (step ?? 0), event.key === "Enter" && event.shiftKey);
  });
  keepKeys(view, el);
  view.follow("letter", filter);
  view.follow("selected_image compare_image", () => {
    bring();
    draw();
  });
  view.cleanup(store.listen(draw));
  return {
    el,
    start: filter,
    fit: draw,
    /** The class of an image, or null. @param {number} image @returns {number | null} */
    labelOf: (image) => (labels ? labels[image] : null),
  };
}

/** @param {{dtype: string, data: DataView}} labels */
function numbersIn({ dtype, data }) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  return dtype === "uint8" ? bytes : new Int32Array(bytes.buffer);
}
