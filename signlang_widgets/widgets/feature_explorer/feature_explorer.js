// Look inside a network. Pictures are drawn here; Python computes, and tells the exact numbers of the one pixel looked at.

import { divergingMap, extent, legend, paletteOf, sequentialMap, symmetric } from "../common/colours.js";
import { hintLine, keepKeys, make, obeyTeacher } from "../common/controls.js";
import { shown } from "../common/numbers.js";
import { defineWidget, watchSurroundings } from "../common/view.js";
import { featureBar } from "./feature_bar.js";
import { differenceOf, endsOf, layerEnds, orderOf, scaleOf } from "./feature_maps.js";
import { FeatureStore, pixelsOf } from "./feature_store.js";
import { imageStrip } from "./image_strip.js";
import { inputPicture } from "./input_picture.js";
import { layerList } from "./layer_list.js";
import { kernelShelf } from "./learned_kernels.js";
import { Mosaic } from "./mosaic.js";
import { numberChain } from "./number_chain.js";
import { scoreBars } from "./score_bars.js";
import { strongestImages } from "./strongest_images.js";
import { sweepMap } from "./sweep_map.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("../common/view.js").Model} Model */
/** @typedef {import("./feature_maps.js").Layer} Layer */
/** @typedef {import("./mosaic.js").Spot} Spot */

const HINT = "Hover a pixel of a map to see the numbers behind it. Paint on the image, and all maps follow.";
const TILES_A_PAGE = 100;
const NUMBERS_A_PAGE = 2500;
const ASK_AGAIN = 200; // milliseconds of rest after a stroke before the numbers are asked for again

/** @param {Model} model */
function start(model) {
  return new FeatureStore(model);
}

/** @param {View} view @param {FeatureStore} store */
function draw(view, store) {
  const { model, root } = view;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Feature explorer");
  const local = { level: 2, page: 0, arming: false };
  /** @type {Spot | null} */
  let looked = null;
  let again = 0;
  let palette = paletteOf(root);
  let colours = coloursOf(palette);
  let inks = { ink: "", paper: "", line: "" };

  const hint = hintLine(HINT);
  const bar = featureBar(view, store, local, () => redraw());
  const choose = (/** @type {number} */ image, /** @type {boolean} */ second = false) => {
    if (!store.asker.alive) return hint.say("Another image needs Python: run the cell.", true);
    if (second || local.arming) {
      local.arming = false;
      store.set({ compare_image: image });
      return bar.refresh();
    }
    if (image !== model.get("selected_image")) store.set({ edited: null, selected_image: image });
  };
  const strip = imageStrip(view, store, choose);
  const layers = layerList(view, (name) => store.set({ layer: name, channel: null }));
  const input = inputPicture(view, store, { say: hint.say, sweep: (size) => askSweep(size) });
  const sweep = sweepMap(view, input.outline);
  const chain = numberChain();
  const mosaic = new Mosaic(view, {
    look(spot) {
      looked = spot;
      askChain();
    },
    pick(spot) {
      store.set({ channel: spot ? spot.tile : null });
      hint.say("");
    },
  });
  const pages = pager(view, local, () => redraw());
  const scores = scoreBars(view);
  const strongest = strongestImages(view, store, choose);
  const kernels = kernelShelf(view, store, hint.say);
  const scale = make("div");
  const showScale = legend(scale);
  const caption = make("h3", {});
  input.el.append(sweep.el);
  root.append(
    strip.el,
    layers.el,
    make(
      "div",
      { class: "slw-fx-body" },
      input.el,
      make(
        "section",
        { class: "slw-fx-middle", "aria-label": "Maps" },
        caption,
        mosaic.el,
        mosaic.spokenLine,
        pages.el,
        scale,
      ),
      scores.el,
    ),
    make("div", { class: "slw-fx-below" }, chain.el, strongest.el),
    kernels.el,
    hint.line,
  );
  keepKeys(view, root);

  /** @param {number} size */
  function askSweep(size) {
    store.asker.ask("sweep", { size }, (answer, [data]) => {
      if (answer.problem) return hint.say(answer.problem, true);
      sweep.take(/** @type {any} */ (answer), data);
      sweep.redraw(colours.signed);
    });
  }
  function askChain() {
    if (!looked) return;
    if (!store.asker.alive) return chain.say("The numbers behind a pixel need Python: run the cell.");
    const layer = store.maps().layers.get(model.get("layer"));
    if (!layer) return;
    const { tile, row, column } = looked;
    const place = layer.strip
      ? { channel: 0, row: 0, column: tile }
      : { channel: tile, row: row * layer.step, column: column * layer.step };
    store.asker.ask("chain", { layer: layer.name, ...place }, ({ problem, steps }) => {
      if (problem) return chain.say(problem);
      chain.show(steps, palette);
      const [first] = steps;
      input.outline(first.parts.from === "image" ? (first.parts.span ?? null) : null);
    });
  }

  function redraw() {
    const maps = store.maps();
    const layer = maps.layers.get(model.get("layer"));
    layers.mark(model.get("layer"));
    layers.paint(maps.layers, colours);
    const [truth, second] = [strip.labelOf(model.get("selected_image")), store.second];
    scores.show({ scores: maps.scores, second: second?.scores ?? null, truth });
    const other = model.get("other_maps");
    input.beside(model.get("compare_image"), other && pixelsOf(other.picture));
    if (layer) drawLayer(layer, second?.layers.get(layer.name) ?? null);
    clearTimeout(again);
    again = window.setTimeout(askChain, ASK_AGAIN);
  }
  /** @param {Layer} layer @param {Layer | null} other */
  function drawLayer(layer, other) {
    const comparing = other && model.get("compare_image") !== null ? differenceOf(layer, other) : null;
    const numbers = orderOf(layer, model.get("order"));
    const size = layer.strip ? NUMBERS_A_PAGE : TILES_A_PAGE;
    const shownNow = pages.slice(numbers, size);
    const { scale: scaleFor, signed, low, high } = scales(layer, comparing);
    mosaic.show({
      layer,
      difference: comparing,
      order: shownNow,
      scale: scaleFor,
      map: signed ? colours.signed : colours.unsigned,
      level: local.level,
      dead: new Set(model.get("dead")?.[layer.name] ?? []),
      open: model.get("channel"),
      names: namesOf(layer, model),
      ...inks,
    });
    caption.textContent = caption.title = captionOf(layer, comparing !== null, model);
    const range = model.get("colour_range");
    const own = range === "map" && !layer.strip;
    const words = own
      ? "each map has its own scale"
      : range === "network"
        ? "one scale for all layers"
        : "one scale for this layer";
    const ends = own
      ? { low: signed ? "\u2212" : "0", high: "+" }
      : signed
        ? symmetric(high)
        : { low: shown(low), high: shown(high) };
    const dead = model.get("dead")?.[layer.name]?.length ?? 0;
    const crossed = dead ? `; crossed out: ${dead} dead (0 in every image)` : "";
    showScale({ ...ends, words: words + crossed, map: signed ? colours.signed : colours.unsigned });
  }
  /** What the colours of each tile run over. @param {Layer} layer @param {Float32Array | null} difference */
  function scales(layer, difference) {
    const range = layer.strip && model.get("colour_range") === "map" ? "layer" : model.get("colour_range");
    if (difference) {
      const size = layer.rows * layer.columns;
      const whole = extent(difference) || 1;
      const own = (/** @type {number} */ tile) => extent(difference.subarray(tile * size, (tile + 1) * size)) || 1;
      const scale = (/** @type {number} */ tile) => {
        const limit = range === "map" ? own(tile) : whole;
        return { low: -limit, high: limit };
      };
      return { scale, signed: true, low: -whole, high: whole };
    }
    const all = layerEnds(layer);
    const network = networkEnds(store.maps().layers);
    const scale = (/** @type {number} */ tile) => scaleOf(range, endsOf(layer, tile), all, network);
    const { low, high } = scaleOf(range === "map" ? "layer" : range, all, all, network);
    return { scale, signed: low < 0, low, high };
  }

  const anew = () => {
    local.page = 0;
    redraw();
  };
  const otherImage = () => {
    sweep.clear();
    redraw();
  };
  view.follow("maps other_maps colour_range channel dead compare_image", redraw);
  view.follow("layer order", anew);
  view.follow("selected_image epoch kernels", otherImage);
  view.follow("problem", () => hint.say(model.get("problem") || HINT, Boolean(model.get("problem"))));
  view.cleanup(store.listen(input.show));
  view.cleanup(store.asker.whenAlive(redraw));
  view.cleanup(() => clearTimeout(again));
  watchSurroundings(view, (reason) => {
    palette = paletteOf(root);
    colours = coloursOf(palette);
    inks = inksOf(root); // asked for here alone: the browser has to work out all styles for it
    sweep.redraw(colours.signed);
    kernels.redraw(colours.signed);
    if (reason !== "theme") {
      mosaic.measure();
      strip.fit();
    }
    input.show();
    redraw();
  });
  obeyTeacher(view);
  strip.start();
  input.show();
  bar.refresh();
  kernels.redraw(colours.signed);
  redraw();
}

/** @param {import("../common/colours.js").Palette} palette */
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

/** @param {Map<string, Layer>} layers */
function networkEnds(layers) {
  const ends = [...layers.values()].map(layerEnds);
  return { low: Math.min(...ends.map(({ low }) => low)), high: Math.max(...ends.map(({ high }) => high)) };
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

/** Leafs through more tiles than fit on a page. @param {View} view @param {{page: number}} local @param {() => void} redraw */
function pager(view, local, redraw) {
  const words = make("span", {});
  const go = (/** @type {number} */ by) => () => {
    local.page += by;
    redraw();
  };
  const back = make("button", { type: "button", class: "slw-button", "aria-label": "Earlier maps" }, "\u2039");
  const forth = make("button", { type: "button", class: "slw-button", "aria-label": "Later maps" }, "\u203a");
  view.on(back, "click", go(-1));
  view.on(forth, "click", go(1));
  const el = make("div", { class: "slw-fx-tools slw-fx-pages" }, back, words, forth);
  return {
    el,
    /** The numbers of the present page. @param {number[]} numbers @param {number} size */
    slice(numbers, size) {
      const last = Math.max(0, Math.ceil(numbers.length / size) - 1);
      local.page = Math.max(0, Math.min(last, local.page));
      const first = local.page * size;
      el.hidden = last === 0;
      words.textContent = `${first + 1} to ${Math.min(numbers.length, first + size)} of ${numbers.length}`;
      back.disabled = local.page === 0;
      forth.disabled = local.page === last;
      return numbers.slice(first, first + size);
    },
  };
}

export default defineWidget("feature-explorer", { start, draw });
