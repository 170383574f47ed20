// Click the confusion matrix, see the images behind it. The images are Python's; what was seen once is kept here.

import { make, obeyTeacher, setTrait } from "../common/controls.js";
import { defineWidget, watchSurroundings } from "../common/view.js";
import { unpacked } from "../common/wire.js";
import { Counts } from "../drawing/confusion_numbers.js";
import { confusionBar, MistakeStrip } from "./confusion_controls.js";
import { imagesOf } from "./image_store.js";
import { ImagesSide, longNames } from "./images_side.js";
import { MatrixSide } from "./matrix_side.js";

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
    store: imagesOf(model),
    /** The counts of the evaluation shown now. */
    counts() {
      const figures = /** @type {import("./tiles.js").Figures} */ (model.get("figures"));
      if (version !== figures.version) {
        counts = new Counts(unpacked(figures.matrix), figures.names);
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
  const strip = new MistakeStrip(view, (pin) => setTrait(view, "pinned", pin));
  const matrix = new MatrixSide(view, shared.counts);
  const images = new ImagesSide(view, shared, () => matrix.grid.focus());
  const body = make("div", { class: "slw-cm-body" }, matrix.el, images.el);
  root.append(strip.el, body, images.detail.el);

  const redrawMatrix = () => {
    const room = root.clientWidth - 16;
    body.classList.toggle("slw-cm-narrow", room <= NARROW);
    body.classList.toggle("slw-cm-long", longNames(model.get("figures").names));
    matrix.redraw(room > NARROW ? room - IMAGES_SIDE : room);
  };
  const redrawStrip = () => strip.show(shared.counts(), model.get("pinned"), model.get("pairs"));

  view.follow("figures mode hide_diagonal pairs all_classes hide", redrawMatrix);
  view.follow("pinned", () => matrix.repin());
  view.follow("figures pinned pairs", redrawStrip);
  const redrawImages = () => images.redraw();
  view.follow("figures pinned pairs sort descending selected_image flags", redrawImages);
  view.cleanup(shared.store.listen(redrawImages));
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
