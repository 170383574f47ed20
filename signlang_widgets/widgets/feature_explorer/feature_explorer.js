// Look inside a network. Pictures are drawn here; a source of maps computes, and tells the exact numbers of the one pixel looked at.

import { hintLine, keepKeys, make, obeyTeacher } from "../common/controls.js";
import { defineWidget, watchSurroundings } from "../common/view.js";
import { divergingMap, legend, paletteOf, sequentialMap } from "../drawing/colours.js";
import { FeatureBar } from "./feature_bar.js";
import { differenceOf, orderOf, scalesOf } from "./feature_maps.js";
import { FeatureStore } from "./feature_store.js";
import { ImageStrip } from "./image_strip.js";
import { InputPicture } from "./input_picture.js";
import { LayerList } from "./layer_list.js";
import { LearnedKernels } from "./learned_kernels.js";
import { Mosaic } from "./mosaic.js";
import { numberChain } from "./number_chain.js";
import { scoreBars } from "./score_bars.js";
import { StrongestImages } from "./strongest_images.js";
import { SweepMap } from "./sweep_map.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("../common/view.js").Model} Model */
/** @typedef {import("./feature_maps.js").Layer} Layer */
/** @typedef {import("./mosaic.js").Spot} Spot */

const HINT = "Hover a pixel of a map to see the numbers behind it. Paint on the image, and all maps follow.";
const TILES_A_PAGE = 100;
const NUMBERS_A_PAGE = 2500;
const ASK_AGAIN = 200; // milliseconds of rest after a stroke before the numbers are asked for again

class FeatureView {
  /** @param {View} view @param {FeatureStore} store */
  constructor(view, store) {
    this.view = view;
    this.model = view.model;
    this.store = store;
    /** What only this view knows. */
    this.local = { level: 2, page: 0, arming: false };
    /** @type {Spot | null} */
    this.looked = null;
    this.again = 0;
    this.palette = paletteOf(view.root);
    this.colours = coloursOf(this.palette);
    this.inks = { ink: "", paper: "", line: "" };
    const { local } = this;
    const redraw = () => this.redraw();
    const choose = (/** @type {number} */ image, /** @type {boolean} */ second = false) => this.choose(image, second);
    this.hint = hintLine(HINT);
    this.bar = new FeatureBar(view, store, local, redraw);
    this.strip = new ImageStrip(view, store, choose);
    this.layers = new LayerList(view, (name) => store.set({ layer: name, channel: null }));
    this.input = new InputPicture(view, store, { say: this.hint.say, sweep: (size) => this.sweepOver(size) });
    this.sweep = new SweepMap(view, (window) => this.input.outline(window));
    this.chain = numberChain();
    this.mosaic = new Mosaic(view, { look: (spot) => this.look(spot), pick: (spot) => this.pick(spot) });
    this.pages = new Pager(view, local, redraw);
    this.scores = scoreBars(view);
    this.strongest = new StrongestImages(view, store, choose);
    this.kernels = new LearnedKernels(view, store, this.hint.say);
    this.caption = make("h3", {});
    this.scale = make("div");
    this.showScale = legend(this.scale);
    this.lay();
    this.follow();
    obeyTeacher(view);
    this.strip.filter();
    this.input.show();
    this.bar.refresh();
    this.kernels.redraw(this.colours.signed);
    this.redraw();
  }

  /** Lays the parts out. */
  lay() {
    const { root } = this.view;
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", "Feature explorer");
    this.input.el.append(this.sweep.el);
    const middle = make("section", { class: "slw-fx-middle", "aria-label": "Maps" });
    middle.append(this.caption, this.mosaic.el, this.mosaic.spokenLine, this.pages.el, this.scale);
    root.append(
      this.strip.el,
      this.layers.el,
      make("div", { class: "slw-fx-body" }, this.input.el, middle, this.scores.el),
      make("div", { class: "slw-fx-below" }, this.chain.el, this.strongest.el),
      this.kernels.el,
      this.hint.line,
    );
    keepKeys(this.view, root);
  }

  follow() {
    const { view, model, store } = this;
    const redraw = () => this.redraw();
    view.follow("colour_range channel dead compare_image", redraw);
    view.follow("layer order", () => {
      this.local.page = 0;
      this.redraw();
    });
    view.follow("selected_image epoch kernels", () => {
      this.sweep.clear();
      this.redraw();
    });
    view.follow("problem", () => this.hint.say(model.get("problem") || HINT, Boolean(model.get("problem"))));
    view.cleanup(
      store.listen((news) => {
        if (news === "pixels") this.input.show();
        else if (news === "maps") this.redraw();
      }),
    );
    view.cleanup(store.source.watch(redraw));
    view.cleanup(() => clearTimeout(this.again));
    watchSurroundings(view, (reason) => this.lookAround(reason));
  }

  /** @param {"theme" | "size" | "seen"} reason */
  lookAround(reason) {
    this.palette = paletteOf(this.view.root);
    this.colours = coloursOf(this.palette);
    this.inks = inksOf(this.view.root); // asked for here alone: the browser has to work out all styles for it
    this.sweep.redraw(this.colours.signed);
    this.kernels.redraw(this.colours.signed);
    if (reason !== "theme") {
      this.mosaic.measure();
      this.strip.draw();
    }
    this.input.show();
    this.redraw();
  }

  /** @param {number} image @param {boolean} second */
  choose(image, second) {
    const { store, local } = this;
    if (!store.source.ready) return this.hint.say("Another image needs Python: run the cell.", true);
    if (second || local.arming) {
      local.arming = false;
      store.set({ compare_image: image });
      return this.bar.refresh();
    }
    if (image !== this.model.get("selected_image")) store.set({ edited: null, selected_image: image });
  }

  /** @param {Spot} spot */
  look(spot) {
    this.looked = spot;
    this.explain();
  }

  /** @param {Spot | null} spot */
  pick(spot) {
    this.store.set({ channel: spot ? spot.tile : null });
    this.hint.say("");
  }

  /** @param {number} size */
  sweepOver(size) {
    this.store.source.sweep(this.store.input(), size, (found) => {
      if (found.problem !== undefined) return this.hint.say(found.problem, true);
      this.sweep.take(found);
      this.sweep.redraw(this.colours.signed);
    });
  }

  /** Asks for the numbers behind the pixel that is looked at. */
  explain() {
    if (!this.looked) return;
    if (!this.store.source.ready) return this.chain.say("The numbers behind a pixel need Python: run the cell.");
    const layer = this.store.maps().layers.get(this.model.get("layer"));
    if (!layer) return;
    const { tile, row, column } = this.looked;
    const place = layer.strip
      ? { channel: 0, row: 0, column: tile }
      : { channel: tile, row: row * layer.step, column: column * layer.step };
    this.store.source.chain(this.store.input(), layer.name, place, ({ problem, steps }) => {
      if (problem !== undefined) return this.chain.say(problem);
      this.chain.show(steps, this.palette);
      const [first] = steps;
      this.input.outline(first.parts.from === "image" ? (first.parts.span ?? null) : null);
    });
  }

  redraw() {
    const { model, store } = this;
    const [maps, second] = [store.maps(), store.second];
    const layer = maps.layers.get(model.get("layer"));
    this.layers.mark(model.get("layer"));
    this.layers.paint(maps.layers, this.colours);
    const truth = this.strip.labelOf(model.get("selected_image"));
    this.scores.show({ scores: maps.scores, second: second?.scores ?? null, truth });
    this.input.beside(model.get("compare_image"), second?.picture ?? null);
    if (layer) this.drawLayer(layer, second?.layers.get(layer.name) ?? null);
    clearTimeout(this.again);
    this.again = window.setTimeout(() => this.explain(), ASK_AGAIN);
  }

  /** @param {Layer} layer @param {Layer | null} other */
  drawLayer(layer, other) {
    const { model, colours } = this;
    const difference = other && differenceOf(layer, other);
    const numbers = orderOf(layer, model.get("order"));
    const range = model.get("colour_range");
    const scales = scalesOf(range, layer, difference, this.store.maps().layers);
    const map = scales.signed ? colours.signed : colours.unsigned;
    const dead = model.get("dead")?.[layer.name] ?? [];
    this.mosaic.show({
      layer,
      difference,
      order: this.pages.slice(numbers, layer.strip ? NUMBERS_A_PAGE : TILES_A_PAGE),
      scale: scales.scale,
      map,
      level: this.local.level,
      dead: new Set(dead),
      open: model.get("channel"),
      names: namesOf(layer, model),
      ...this.inks,
    });
    this.caption.textContent = this.caption.title = captionOf(layer, difference !== null, model);
    const crossed = dead.length ? `; crossed out: ${dead.length} dead (0 in every image)` : "";
    this.showScale({ ...scales.ends, words: scales.words + crossed, map });
  }
}

/** @param {import("../drawing/colours.js").Palette} palette */
function coloursOf(palette) {
  return { signed: divergingMap(palette), unsigned: sequentialMap(palette) };
}

/** Ink, paper and line of the theme, for what is drawn on the canvas. @param {HTMLElement} root */
function inksOf(root) {
  const look = getComputedStyle(root);
  const line = getComputedStyle(/** @type {Element} */ (root.querySelector(".slw-fx-mosaic"))).borderTopColor;
  return { ink: look.color, paper: look.backgroundColor, line };
}

/** The classes, where a layer's numbers are their scores. @param {Layer} layer @param {Model} model @returns {string[] | null} */
function namesOf({ name, count, strip }, model) {
  const last = model.get("layers").at(-1).name;
  const names = model.get("class_names");
  return strip && name === last && names.length === count ? names : null;
}

/** @param {Layer} layer @param {boolean} comparing @param {Model} model */
function captionOf({ name, count, rows, columns, step, strip, broken }, comparing, model) {
  const sides = strip ? `${count} numbers` : `${count} maps of ${rows * step}\u00d7${columns * step}`;
  const parts = [`${name || "layer"}: ${sides}`];
  if (step > 1) parts.push(`every ${step}th pixel is shown`);
  if (comparing) parts.push(`image ${model.get("selected_image")} less image ${model.get("compare_image")}`);
  if (model.get("channel") !== null) parts.push(`map ${model.get("channel")} is open`);
  if (broken) parts.push(`${broken} values are NaN or infinite and shown as 0`);
  return parts.join(", ");
}

/** Leafs through more tiles than fit on a page. */
class Pager {
  /** @param {View} view @param {{page: number}} local @param {() => void} redraw */
  constructor(view, local, redraw) {
    this.local = local;
    this.words = make("span", {});
    const turn = (/** @type {string} */ name, /** @type {string} */ text, /** @type {number} */ by) => {
      const el = make("button", { type: "button", class: "slw-button", "aria-label": name }, text);
      view.on(el, "click", () => {
        local.page += by;
        redraw();
      });
      return el;
    };
    this.back = turn("Earlier maps", "\u2039", -1);
    this.forth = turn("Later maps", "\u203a", 1);
    this.el = make("div", { class: "slw-fx-tools slw-fx-pages" }, this.back, this.words, this.forth);
  }

  /** The numbers of the present page. @param {number[]} numbers @param {number} size */
  slice(numbers, size) {
    const last = Math.max(0, Math.ceil(numbers.length / size) - 1);
    const page = Math.max(0, Math.min(last, this.local.page));
    const first = page * size;
    this.local.page = page;
    this.el.hidden = last === 0;
    this.words.textContent = `${first + 1} to ${Math.min(numbers.length, first + size)} of ${numbers.length}`;
    this.back.disabled = page === 0;
    this.forth.disabled = page === last;
    return numbers.slice(first, first + size);
  }
}

export default defineWidget("feature-explorer", {
  start: (model) => new FeatureStore(model),
  draw: (view, store) => {
    new FeatureView(view, store);
  },
});
