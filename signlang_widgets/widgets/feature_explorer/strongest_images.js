// What a map is excited by: the images of the set in which its largest value is largest. Found by a search on demand.

import { button, make, setIdle } from "../common/controls.js";
import { shown } from "../drawing/numbers.js";
import { showPicture } from "./painting.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./feature_store.js").FeatureStore} FeatureStore */

const SEARCHED_AT_ONCE = 1000; // images: so small a set is searched without being asked

export class StrongestImages {
  /** @param {View} view @param {FeatureStore} store @param {(image: number) => void} choose */
  constructor(view, store, choose) {
    this.model = view.model;
    this.source = store.source;
    this.small = store.small;
    this.choose = choose;
    this.total = this.model.get("count");
    this.searching = false;
    this.head = make("h3", {}, "Images that excite a map most");
    this.words = make("p", { class: "slw-fx-wait" }, "Click a map.");
    this.row = make("div", { class: "slw-fx-six" });
    this.button = button(view, "search", `Search ${this.total.toLocaleString("en")} images`, () => this.search());
    this.progress = make("progress", { max: this.total, value: 0, "aria-label": "Images searched", hidden: true });
    const names = { class: "slw-fx-strongest", "aria-label": "Strongest images", "data-control": "strongest" };
    const tools = make("div", { class: "slw-fx-tools" }, this.button, this.progress);
    this.el = make("section", names, this.head, this.row, this.words, tools);
    view.cleanup(store.listen((news) => news === "small" && this.paint()));
    view.cleanup(this.source.watch(() => this.refresh()));
    view.follow("channel layer", () => this.show());
    view.follow("dead", () => {
      this.refresh();
      this.show();
    });
    this.refresh();
    this.show();
  }

  search() {
    if (this.searching || !this.source.ready) return;
    this.searching = true;
    this.refresh();
    this.goOn();
  }

  goOn() {
    this.source.search(({ done, total, problem }) => {
      this.progress.value = done ?? 0;
      this.searching = !problem && done < total;
      if (problem) this.words.textContent = problem;
      if (this.searching) return this.goOn();
      this.refresh();
      this.show();
    });
  }

  refresh() {
    const [found, ready] = [this.model.get("dead") !== null, this.source.ready];
    this.button.classList.toggle("slw-fx-none", found);
    this.progress.hidden = !this.searching;
    setIdle(this.button, this.searching || !ready);
    if (this.total <= SEARCHED_AT_ONCE && ready && !found) this.search();
  }

  /** Asks for the images of the open map. */
  show() {
    const { model } = this;
    const [layer, channel] = [model.get("layer"), model.get("channel")];
    if (channel === null) return this.say("Click a map.", []);
    this.head.textContent = `Images that excite map ${channel} most`;
    if (!this.source.ready) return this.say("This needs Python: run the cell.", []);
    if (model.get("dead") === null) return this.say("Search the set to see them.", []);
    this.source.strongest(layer, channel, ({ images, problem }) => {
      if (channel !== model.get("channel") || layer !== model.get("layer")) return;
      this.say(problem ?? "", images ?? []);
    });
  }

  /** @param {string} text @param {[number, number][]} images */
  say(text, images) {
    this.words.textContent = text;
    this.row.replaceChildren(...images.map(([image, value]) => this.card(image, value)));
    this.small.fetch(images.map(([image]) => image));
    this.paint();
  }

  /** @param {number} image @param {number} value */
  card(image, value) {
    const names = { type: "button", class: "slw-fx-card", "data-image": String(image) };
    const el = make("button", names, make("canvas", { "aria-hidden": "true" }), make("small", {}, shown(value, 3)));
    el.setAttribute("aria-label", `image ${image}, largest value ${shown(value, 3)}: show it`);
    el.addEventListener("click", () => this.choose(image));
    return el;
  }

  paint() {
    for (const el of this.row.children) {
      const picture = this.small.get(Number(/** @type {HTMLElement} */ (el).dataset.image));
      if (picture) showPicture(/** @type {HTMLCanvasElement} */ (el.firstElementChild), picture, this.small.size);
    }
  }
}
