// The matrix with what belongs to it: the scale of its colours, and a line that says in words what the hand is at.

import { legend, paletteOf, sequentialMap } from "../common/colours.js";
import { hintLine, make, setTrait } from "../common/controls.js";
import { grouped, percent, placeWords } from "./confusion_numbers.js";
import { MatrixView } from "./matrix_view.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./confusion_numbers.js").Pin} Pin */
/** @typedef {import("./confusion_numbers.js").Counts} Counts */
/** @typedef {import("./matrix_paint.js").Scene["look"]} Look */

const CLICK_HINT = "Click a cell to see its images; click a letter for its whole row or column.";

/** @param {View} view @param {() => Counts} counts */
export function matrixSide(view, counts) {
  const { model, root } = view;
  /** @returns {Look} */
  const look = () => ({ mode: model.get("mode"), pairs: model.get("pairs"), hideDiagonal: model.get("hide_diagonal") });
  const wordsOf = (/** @type {Pin} */ pin) => placeWords(counts(), model.get("figures"), pin, look());
  const words = hintLine(CLICK_HINT);
  words.line.removeAttribute("role"); // it follows the mouse; what the keyboard does is spoken by a line of its own
  const spokenLine = make("div", { class: "slw-spoken", role: "status" });
  const scale = make("div");
  const showScale = legend(scale);

  const matrix = new MatrixView(view, {
    pin(pin) {
      setTrait(view, "pinned", pin);
      spokenLine.textContent = pin ? `Pinned: ${wordsOf(pin)}` : "Let go";
    },
    words: wordsOf,
    look(pin, aloud) {
      const seen = pin ?? model.get("pinned");
      words.say(seen ? wordsOf(seen) : CLICK_HINT);
      if (aloud && pin) spokenLine.textContent = wordsOf(pin);
    },
  });

  /** Another pin leaves the painted cells as they are. */
  const repin = () => {
    matrix.repin(model.get("pinned"));
    matrix.hover(null);
  };

  return {
    el: make("div", { class: "slw-cm-side" }, matrix.el, scale, words.line, spokenLine),
    grid: matrix.el,
    repin,
    /** @param {number} room pixels there are for the matrix */
    redraw(room) {
      const { recall, precision, occurring, names } = model.get("figures");
      /** @type {number[]} */
      const shown = model.get("all_classes") ? [...names.keys()] : occurring;
      const map = sequentialMap(paletteOf(root));
      const most = largest(counts(), shown, look());
      const scene = {
        counts: counts(),
        shown,
        pinned: model.get("pinned"),
        look: look(),
        recall,
        precision,
        most,
        map,
      };
      matrix.lay({ ...scene, figures: !model.get("hide").includes("figures"), colours: inksOf(root) }, room);
      showScale({ ...scaleWords(look(), most), map });
      repin();
    },
  };
}

/** The largest value shown: it takes the darkest colour. @param {Counts} counts @param {number[]} shown @param {Look} look */
function largest(counts, shown, { mode, pairs, hideDiagonal }) {
  let most = 0;
  for (const i of shown)
    for (const j of shown) if (!hideDiagonal || i !== j) most = Math.max(most, counts.value(i, j, mode, pairs) ?? 0);
  return most || 1;
}

/** @param {Look} look @param {number} most */
function scaleWords({ mode, pairs, hideDiagonal }, most) {
  const what = { count: "images a cell", recall: "share of the row", precision: "share of the column" }[mode];
  const notes = [what, pairs ? "both ways together" : "", hideDiagonal ? "diagonal left out" : ""];
  const high = mode === "count" ? grouped(most) : percent(most);
  return { low: "0", high, words: notes.filter(Boolean).join(", ") };
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
