// The learned kernels of a convolution as pictures: one click opens one, a button puts the edited one into the model.

import { divergingMap, extent, paint } from "../common/colours.js";
import { button, choice, keepKeys, make, setIdle } from "../common/controls.js";
import { shown } from "../common/numbers.js";
import { unpacked } from "../common/wire.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./feature_store.js").FeatureStore} FeatureStore */

const MOST_SHOWN = 200;

/** @param {View} view @param {FeatureStore} store @param {(text: string, problem?: boolean) => void} say */
export function kernelShelf(view, store, say) {
  const { model } = view;
  /** @type {Record<string, number[]>} */
  const sizes = model.get("kernels").layers;
  const names = Object.keys(sizes);
  let layer = names[0] ?? "";
  let inChannel = 0;
  /** @type {Map<string, Float32Array>} */
  let known = new Map();
  /** @type {Int32Array} */
  let palette = divergingMap({ zero: [255, 255, 255], negative: [0, 0, 0], positive: [0, 0, 0] });

  const shelf = make("div", { class: "slw-fx-shelf", role: "group", "aria-label": "Learned kernels" });
  const scale = make("span", { class: "slw-fx-scale" });
  const layers = choice(
    view,
    "kernels",
    "Layer",
    names.map((name) => [name, `${name} (${sizes[name][0]} of ${sizes[name][2]}\u00d7${sizes[name][3]})`]),
    (name) => {
      layer = name;
      inChannel = 0;
      refresh();
    },
  );
  const input = make("input", { type: "number", class: "slw-number", min: "0", value: "0" });
  const inputLabel = make("label", { class: "slw-choice" }, "over input map", input);
  const putBack = button(
    view,
    "put_back",
    "Put it back",
    () => act("put_back", "Put back: maps and scores are those of the changed model."),
    "Put the edited kernel back into the model",
  );
  const undo = button(
    view,
    "undo",
    "Undo",
    () => act("undo", "Undone: the weights are exactly as before."),
    "Undo: restore the kernel exactly",
  );
  const measure = button(view, "accuracy", "Test accuracy", () => run(), "Measure the accuracy before and after");
  const verdict = make("span", { class: "slw-fx-verdict", role: "status" });
  const picked = make("span", { class: "slw-fx-picked" });
  const el = make(
    "details",
    { class: "slw-fx-kernels", "data-control": "kernels" },
    make("summary", {}, "Learned kernels"),
    make("div", { class: "slw-fx-tools" }, layers.label, inputLabel, scale),
    shelf,
    make("div", { class: "slw-fx-tools" }, picked, putBack, undo, measure, verdict),
  );
  el.classList.toggle("slw-fx-none", !names.length);
  if (!names.length) return { el, redraw() {} };

  /** @param {string} kind @param {string} done */
  const act = (kind, done) => store.asker.ask(kind, {}, ({ problem }) => say(problem ?? done, Boolean(problem)));
  const run = () => {
    verdict.textContent = "Measuring \u2026";
    store.asker.ask("accuracy", {}, ({ problem, done, total }) => {
      if (problem) verdict.textContent = problem;
      else if (done < total) run();
      else showVerdict();
    });
  };
  const showVerdict = () => {
    const found = model.get("accuracy");
    const share = (/** @type {number} */ v) => `${(100 * v).toFixed(2)} %`;
    verdict.textContent = found
      ? `accuracy ${share(found.before)} \u2192 ${share(found.after)} of ${found.images.toLocaleString("en")} images`
      : "";
  };
  const key = () => `${layer} ${inChannel}`;
  const take = () => {
    known = new Map(
      Object.entries(model.get("kernels").first).map(([name, wire]) => [
        `${name} 0`,
        /** @type {Float32Array} */ (unpacked(/** @type {any} */ (wire))),
      ]),
    );
    refresh();
  };
  const fetch = () => {
    const wanted = key();
    store.asker.ask("kernels", { layer, in_channel: inChannel }, ({ problem, shape }, [data]) => {
      if (problem) return say(problem, true);
      known.set(wanted, /** @type {Float32Array} */ (unpacked({ shape, dtype: "float32", data })));
      refresh();
    });
  };
  function refresh() {
    const [count, inputs, rows, columns] = sizes[layer];
    layers.select.value = layer;
    input.max = String(inputs - 1);
    inputLabel.hidden = inputs === 1;
    const numbers = known.get(key());
    if (!numbers && store.asker.alive) fetch();
    const limit = numbers ? extent(numbers) : 1;
    scale.textContent = numbers
      ? `one scale: \u2212${shown(limit)} to +${shown(limit)}`
      : store.asker.alive
        ? ""
        : "Other input maps need Python.";
    build(numbers ? Math.min(count, MOST_SHOWN) : 0);
    [...shelf.children].forEach((card, i) => {
      const part = /** @type {Float32Array} */ (numbers).subarray(i * rows * columns, (i + 1) * rows * columns);
      paint(/** @type {HTMLCanvasElement} */ (card.firstElementChild), part, -limit, limit, palette, columns, rows);
    });
    mark();
  }
  /** @param {number} count */
  const build = (count) => {
    while (shelf.childElementCount > count) shelf.lastElementChild?.remove();
    while (shelf.childElementCount < count) shelf.append(card(shelf.childElementCount));
  };
  /** @param {number} i */
  const card = (i) => {
    const el = make(
      "button",
      { type: "button", class: "slw-fx-kernel", "data-channel": String(i) },
      make("canvas", { "aria-hidden": "true" }),
      make("small", {}, `${i}`),
    );
    el.setAttribute("aria-label", `kernel ${i}: open it`);
    return el;
  };
  const mark = () => {
    const chosen = model.get("picked_kernel");
    const here = chosen?.layer === layer && chosen.in_channel === inChannel;
    [...shelf.children].forEach((card, i) => {
      card.setAttribute("aria-pressed", String(here && chosen.channel === i));
      /** @type {HTMLElement} */ (card).tabIndex = i === (here ? chosen.channel : 0) ? 0 : -1;
    });
    picked.textContent = chosen
      ? `Picked: ${chosen.layer}, kernel ${chosen.channel} over map ${chosen.in_channel}`
      : "Click a kernel to pick it.";
    const away = !store.asker.alive;
    setIdle(putBack, away || !chosen || same(chosen.kernel, model.get("edited_kernel")));
    setIdle(undo, away || !model.get("changes"));
    setIdle(measure, away || !model.get("labels"));
  };
  view.on(shelf, "click", (event) => {
    const card = event.target.closest("[data-channel]");
    if (!card || el.hasAttribute("data-locked")) return;
    if (!store.asker.alive) return say("Picking a kernel needs Python: run the cell.", true);
    store.asker.ask(
      "pick",
      { layer, channel: Number(card.dataset.channel), in_channel: inChannel },
      ({ problem }) => problem && say(problem, true),
    );
  });
  view.on(shelf, "keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[/** @type {string} */ (event.key)];
    const card = event.target.closest("[data-channel]");
    if (!step || !card) return;
    event.preventDefault();
    const next = /** @type {HTMLElement | null} */ (shelf.children[Number(card.dataset.channel) + step]);
    next?.focus();
  });
  view.on(input, "change", () => {
    inChannel = Math.max(0, Math.min(sizes[layer][1] - 1, Math.round(Number(input.value)) || 0));
    input.value = String(inChannel);
    refresh();
  });
  keepKeys(view, el);
  view.follow("kernels", take);
  view.follow("picked_kernel edited_kernel changes", mark);
  view.follow("accuracy", showVerdict);
  view.cleanup(store.asker.whenAlive(refresh));
  take();
  showVerdict();
  return {
    el,
    /** @param {Int32Array} map */
    redraw(map) {
      palette = map;
      refresh();
    },
  };
}

/** @param {number[][] | null} a @param {number[][] | null} b */
function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
