// What a map is excited by: the images of the set in which its largest value is largest. Found by a search on demand.

import { button, make, setIdle } from "../common/controls.js";
import { shown } from "../common/numbers.js";
import { showPicture } from "./painting.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./feature_store.js").FeatureStore} FeatureStore */

const SEARCHED_AT_ONCE = 1000; // images: so small a set is searched without being asked

/** @param {View} view @param {FeatureStore} store @param {(image: number) => void} choose */
export function strongestImages(view, store, choose) {
  const { model } = view;
  const total = model.get("count");
  const head = make("h3", {}, "Images that excite a map most");
  const words = make("p", { class: "slw-fx-wait" }, "Click a map.");
  const row = make("div", { class: "slw-fx-six" });
  const search = button(view, "search", `Search ${total.toLocaleString("en")} images`, () => start());
  const progress = make("progress", { max: total, value: 0, "aria-label": "Images searched", hidden: true });
  const el = make(
    "section",
    { class: "slw-fx-strongest", "aria-label": "Strongest images", "data-control": "strongest" },
    head,
    row,
    words,
    make("div", { class: "slw-fx-tools" }, search, progress),
  );
  let searching = false;
  /** @type {number[]} */
  let found = [];

  const start = () => {
    if (searching || !store.asker.alive) return;
    searching = true;
    refresh();
    next();
  };
  const next = () =>
    store.asker.ask("search", {}, ({ done, total: all, problem }) => {
      progress.value = done ?? 0;
      searching = !problem && done < all;
      if (problem) words.textContent = problem;
      if (searching) return next();
      refresh();
      show();
    });
  const refresh = () => {
    const done = model.get("dead") !== null;
    search.classList.toggle("slw-fx-none", done);
    progress.hidden = !searching;
    setIdle(search, searching || !store.asker.alive);
    if (total <= SEARCHED_AT_ONCE && store.asker.alive && !done) start();
  };
  /** Asks for the images of the open map. */
  function show() {
    const channel = model.get("channel");
    if (channel === null) return say("Click a map.", []);
    const layer = model.get("layer");
    head.textContent = `Images that excite map ${channel} most`;
    if (!store.asker.alive) return say("This needs Python: run the cell.", []);
    if (model.get("dead") === null) return say("Search the set to see them.", []);
    store.asker.ask("strongest", { layer, channel }, ({ images, problem }) => {
      if (channel !== model.get("channel") || layer !== model.get("layer")) return;
      say(problem ?? "", images ?? []);
    });
  }
  /** @param {string} text @param {[number, number][]} images */
  const say = (text, images) => {
    words.textContent = text;
    found = images.map(([image]) => image);
    row.replaceChildren(...images.map(([image, value]) => card(image, value)));
    store.fetchStills(found);
    paint();
  };
  /** @param {number} image @param {number} value */
  const card = (image, value) => {
    const el = make(
      "button",
      { type: "button", class: "slw-fx-card", "data-image": String(image) },
      make("canvas", { "aria-hidden": "true" }),
      make("small", {}, shown(value, 3)),
    );
    el.setAttribute("aria-label", `image ${image}, largest value ${shown(value, 3)}: show it`);
    el.addEventListener("click", () => choose(image));
    return el;
  };
  const paint = () => {
    for (const el of row.children) {
      const still = store.stills.get(Number(/** @type {HTMLElement} */ (el).dataset.image));
      if (still) showPicture(/** @type {HTMLCanvasElement} */ (el.firstElementChild), still, store.thumbSize);
    }
  };
  view.cleanup(store.listen(paint));
  view.cleanup(store.asker.whenAlive(refresh));
  view.follow("channel layer", show);
  view.follow("dead", () => {
    refresh();
    show();
  });
  refresh();
  show();
  return { el };
}
