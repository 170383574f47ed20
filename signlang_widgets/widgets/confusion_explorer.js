// Click the confusion matrix, see the images behind it. The images are Python's; what was seen once is kept here.

import { confusionBar, mistakeStrip, sortChoice } from "./confusion_controls.js";
import { Counts, grouped, imagesWords, percent, pinWords, placeWords } from "./confusion_numbers.js";
import { hintLine, make, obeyTeacher, setTrait } from "./controls.js";
import { Gallery } from "./gallery.js";
import { imageDetail } from "./image_detail.js";
import { imageStore } from "./image_store.js";
import { MatrixView } from "./matrix_view.js";
import { legend, paletteOf, sequentialMap } from "./pixels.js";
import { defineWidget, watchSurroundings } from "./view.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Model} Model */
/** @typedef {import("./confusion_numbers.js").Pin} Pin */
/** @typedef {import("./image_store.js").ImageStore} ImageStore */
/** @typedef {import("./confusion_numbers.js").Figures} Figures */

const HINT = "Click a cell to see its images; click a letter for its whole row or column.";
const LATE_WORDS = "Python is silent: the images come when its cell ends. Without a kernel, run this cell again.";
const NARROW = 720; // below, the images go under the matrix
const IMAGES_SIDE = 336;

/** What all views of a model share. @param {Model} model */
function start(model) {
  const store = imageStore(model);
  let version = -1;
  /** @type {Counts} */
  let counts;
  return {
    store,
    /** The counts of the evaluation shown now. */
    counts() {
      const figures = /** @type {Figures} */ (model.get("figures"));
      if (version !== figures.version) {
        const { data } = figures.matrix;
        const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
        counts = new Counts(new Int32Array(bytes), figures.names);
        version = figures.version;
      }
      return counts;
    },
  };
}

/** @param {View} view @param {ReturnType<typeof start>} shared */
function draw(view, { store, counts }) {
  const { model, root } = view;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Confusion explorer");
  const figures = () => /** @type {Figures} */ (model.get("figures"));
  const look = () => ({ mode: model.get("mode"), pairs: model.get("pairs"), hideDiagonal: model.get("hide_diagonal") });
  const wordsOf = (/** @type {Pin} */ pin) => placeWords(counts(), figures(), pin, look());

  confusionBar(view);
  const strip = mistakeStrip(view, (pin) => setTrait(view, "pinned", pin));
  const words = hintLine(HINT);
  const spokenLine = make("div", { class: "slw-spoken", role: "status" });
  const scale = make("div");
  const showScale = legend(scale);
  const say = (/** @type {string} */ text) => {
    spokenLine.textContent = text;
  };
  words.line.removeAttribute("role"); // follows the mouse: what the keyboard does is spoken by the line beside it

  const matrix = new MatrixView(view, {
    pin(pin) {
      setTrait(view, "pinned", pin);
      say(pin ? `Pinned: ${wordsOf(pin)}` : "Let go");
    },
    words: wordsOf,
    look(pin, aloud) {
      const seen = pin ?? model.get("pinned");
      words.say(seen ? wordsOf(seen) : HINT);
      if (aloud && pin) say(wordsOf(pin));
    },
  });
  const gallery = new Gallery(view, {
    open: (index) => setTrait(view, "selected_image", index),
    back: () => (model.get("selected_image") === null ? matrix.el.focus() : setTrait(view, "selected_image", null)),
  });
  const detail = imageDetail(view, {
    open: (index) => setTrait(view, "selected_image", index),
    close() {
      setTrait(view, "selected_image", null);
      (gallery.box.hidden ? matrix.el : gallery.box).focus();
    },
    flag: (index, word) => setTrait(view, "flags", flagged(model.get("flags"), index, word)),
  });
  const heading = make("strong", { class: "slw-cm-heading" });
  const sort = sortChoice(view);
  const matrixSide = make("div", { class: "slw-cm-side" }, matrix.el, scale, words.line, spokenLine);
  const imagesSide = make(
    "div",
    { class: "slw-cm-images" },
    make("div", { class: "slw-cm-head" }, heading, sort.label),
    gallery.el,
  );
  const body = make("div", { class: "slw-cm-body" }, matrixSide, imagesSide);
  root.append(strip.el, body, detail.el);

  let palette = paletteOf(root);
  const redrawMatrix = () => {
    const { recall, precision, occurring, names } = figures();
    const shown = model.get("all_classes") ? [...names.keys()] : occurring;
    const room = root.clientWidth - 16;
    const map = sequentialMap(palette);
    const most = largest(counts(), shown, look());
    matrix.lay(
      {
        ...{ counts: counts(), shown, pinned: model.get("pinned"), look: look(), recall, precision, most, map },
        figures: !model.get("hide").includes("figures"),
        colours: inksOf(root),
      },
      room > NARROW ? room - IMAGES_SIDE : room,
    );
    showScale({ ...scaleWords(look(), most), map });
    repin();
  };

  /** Another pin leaves the painted cells as they are. */
  const repin = () => {
    const pinned = model.get("pinned");
    matrix.repin(pinned);
    strip.show(counts(), pinned, model.get("pairs"));
    matrix.hover(null);
  };

  const redrawImages = () => {
    const { version, tile, names, total } = figures();
    const [pin, pairs, chosen] = [model.get("pinned"), model.get("pairs"), model.get("selected_image")];
    const query = { version, pin, pairs, sort: model.get("sort"), descending: model.get("descending") };
    const held = counts().held(pin, pairs);
    const count = pin ? store.reachable(query, held) : 0;
    const flags = model.get("flags");
    heading.textContent = pin ? `${pinWords(names, pin, pairs)}: ${imagesWords(held)}` : "No cell is pinned";
    if (count < held) heading.textContent += `, ${grouped(count)} of them in this page`;
    heading.title = heading.textContent;
    gallery.show({
      ...{ key: JSON.stringify({ ...query, version: 0 }), count, shape: tile, selected: chosen },
      empty: emptyWords(pin, held, total),
      note: store.late() ? LATE_WORDS : "",
      at: (place) => store.at(query, place),
      want: (first, last) => store.want(query, first, last, count),
      caption: (t) =>
        `${t.true === t.predicted ? `${names[t.true]} \u2713` : `${names[t.true]} \u2192 ${names[t.predicted]}`} ${percent(t.confidence)}`,
      flag: (index) => flags[index] ?? "",
    });
    gallery.box.setAttribute("aria-label", `Images: ${heading.textContent}`);
    const portrait = chosen === null ? undefined : store.portrait(version, chosen);
    if (chosen !== null && !portrait) store.wantPortrait(version, chosen);
    detail.show(chosen, portrait, {
      ...{ names, tileShape: tile, flag: flags[chosen ?? -1] ?? "" },
      missing: model.get("preloaded") ? "This image was left out of the page." : "Waiting for Python \u2026",
    });
  };

  view.follow("figures mode hide_diagonal pairs all_classes hide", redrawMatrix);
  view.follow("pinned", repin);
  view.follow("figures pinned pairs sort descending selected_image flags", redrawImages);
  view.cleanup(store.listen(redrawImages));
  let width = 0;
  watchSurroundings(view, (reason) => {
    if (reason !== "size" || root.clientWidth !== width) {
      width = root.clientWidth;
      palette = paletteOf(root);
      body.classList.toggle("slw-cm-narrow", width - 16 <= NARROW);
      redrawMatrix();
    }
    redrawImages(); // the gallery is as high as the matrix
  });
  obeyTeacher(view);
  redrawMatrix();
  redrawImages();
}

/** @param {Record<string, string>} flags @param {number} index @param {string} word */
function flagged(flags, index, word) {
  const { [index]: _, ...others } = flags;
  return word ? { ...others, [index]: word } : others;
}

/** @param {Pin | null} pin @param {number} held @param {number} total */
function emptyWords(pin, held, total) {
  if (!pin) return `Click a cell of the matrix: its images appear here. All ${grouped(total)} are in some cell.`;
  return held ? "None of these images fitted into this page." : "No image is in this cell.";
}

/**
 * The largest value shown, so that it takes the darkest colour.
 * @param {Counts} counts @param {number[]} shown @param {{mode: import("./confusion_numbers.js").Mode, pairs: boolean, hideDiagonal: boolean}} look
 */
function largest(counts, shown, { mode, pairs, hideDiagonal }) {
  let most = 0;
  for (const i of shown)
    for (const j of shown) if (!hideDiagonal || i !== j) most = Math.max(most, counts.value(i, j, mode, pairs) ?? 0);
  return most || 1;
}

/** @param {{mode: import("./confusion_numbers.js").Mode, pairs: boolean, hideDiagonal: boolean}} look @param {number} most */
function scaleWords({ mode, pairs, hideDiagonal }, most) {
  const what = { count: "images a cell", recall: "share of the true letter", precision: "share of the answers" }[mode];
  const notes = [what, pairs ? "both ways together" : "", hideDiagonal ? "diagonal left out" : ""];
  return {
    low: "0",
    high: mode === "count" ? grouped(most) : percent(most),
    words: notes.filter(Boolean).join(", "),
  };
}

/** The inks for text on the canvas. @param {Element} root */
function inksOf(root) {
  const probe = root.appendChild(document.createElement("i"));
  const [ink, quiet, line] = ["--slw-ink", "--slw-quiet", "--slw-line"].map((name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return { ink, quiet, line };
}

export default defineWidget("confusion-explorer", { start, draw });
