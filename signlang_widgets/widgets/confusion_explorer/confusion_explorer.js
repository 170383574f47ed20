// Click the confusion matrix, see the images behind it. The images are Python's; what was seen once is kept here.

import { make, obeyTeacher, setTrait } from "../common/controls.js";
import { defineWidget, watchSurroundings } from "../common/view.js";
import { confusionBar, mistakeStrip } from "./confusion_controls.js";
import { Counts } from "./confusion_numbers.js";
import { imageStore } from "./image_store.js";
import { imagesSide, longNames } from "./images_side.js";
import { matrixSide } from "./matrix_side.js";
import { bytesOf } from "./tiles.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("../common/view.js").Model} Model */

const NARROW = 720; // below, the images go under the matrix
const IMAGES_SIDE = 336;

/** What all views of a model share. @param {Model} model */
function start(model) {
  let version = -1;
  /** @type {Counts} */
  let counts;
  return {
    store: imageStore(model),
    /** The counts of the evaluation shown now. */
    counts() {
      const figures = /** @type {import("./confusion_numbers.js").Figures} */ (model.get("figures"));
      if (version !== figures.version) {
        counts = new Counts(new Int32Array(bytesOf(figures.matrix.data).buffer), figures.names);
        version = figures.version;
      }
      return counts;
    },
  };
}

/** @param {View} view @param {ReturnType<typeof start>} shared */
function draw(view, shared) {
  const { model, root } = view;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Confusion explorer");
  confusionBar(view);
  const strip = mistakeStrip(view, (pin) => setTrait(view, "pinned", pin));
  const matrix = matrixSide(view, shared.counts);
  const images = imagesSide(view, shared, () => matrix.grid.focus());
  const body = make("div", { class: "slw-cm-body" }, matrix.el, images.el);
  root.append(strip.el, body, images.detail);

  const redrawMatrix = () => {
    const room = root.clientWidth - 16;
    body.classList.toggle("slw-cm-narrow", room <= NARROW);
    body.classList.toggle("slw-cm-long", longNames(model.get("figures").names));
    matrix.redraw(room > NARROW ? room - IMAGES_SIDE : room);
  };
  const redrawStrip = () => strip.show(shared.counts(), model.get("pinned"), model.get("pairs"));

  view.follow("figures mode hide_diagonal pairs all_classes hide", redrawMatrix);
  view.follow("pinned", matrix.repin);
  view.follow("figures pinned pairs", redrawStrip);
  view.follow("figures pinned pairs sort descending selected_image flags", images.redraw);
  view.cleanup(shared.store.listen(images.redraw));
  let width = 0;
  watchSurroundings(view, (reason) => {
    if (reason !== "size" || root.clientWidth !== width) redrawMatrix();
    width = root.clientWidth;
    images.redraw(); // the gallery is as high as the matrix
  });
  obeyTeacher(view);
  redrawMatrix();
  redrawStrip();
  images.redraw();
}

export default defineWidget("confusion-explorer", { start, draw });
