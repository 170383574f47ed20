// The explorer's choices: what cells show, how images are sorted, and a strip that jumps to the commonest mistakes.

import { choice, controlBar, make, setTrait, toggle } from "../common/controls.js";
import { grouped } from "../drawing/confusion_numbers.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("../drawing/confusion_numbers.js").Pin} Pin */
/** @typedef {import("../drawing/confusion_numbers.js").Counts} Counts */

const MOST_MISTAKES = 6;

/** @param {View} view */
export function confusionBar(view) {
  const bar = controlBar(view);
  const mode = choice(
    view,
    "mode",
    "Cells show",
    [
      ["count", "images"],
      ["recall", "row % (recall)"],
      ["precision", "column % (precision)"],
    ],
    (value) => setTrait(view, "mode", value),
  );
  const show = () => {
    mode.select.value = view.model.get("mode");
  };
  view.follow("mode", show);
  show();
  bar.append(
    mode.label,
    toggle(view, "hide_diagonal", "Hide diagonal", "Leave out what was read correctly"),
    toggle(view, "pairs", "Pairs", "Count M for N and N for M together"),
    toggle(view, "all_classes", "All classes", "Also show classes that never occur"),
  );
}

/** @param {View} view */
export function sortChoice(view) {
  const sort = choice(
    view,
    "sort",
    "Sort",
    [
      ["confidence false", "Least sure first"],
      ["confidence true", "Surest first"],
      ["margin false", "Closest call first"],
      ["margin true", "Clearest lead first"],
      ["loss true", "Largest loss first"],
      ["loss false", "Smallest loss first"],
    ],
    (value) => {
      const [by, descending] = value.split(" ");
      view.model.set("sort", by);
      setTrait(view, "descending", descending === "true");
    },
    { labelled: false },
  );
  sort.label.title = "The lead: how far the first probability is ahead of the second";
  const show = () => {
    sort.select.value = `${view.model.get("sort")} ${view.model.get("descending")}`;
  };
  view.follow("sort descending", show);
  show();
  return sort;
}

/** Buttons for the commonest mistakes. */
export class MistakeStrip {
  /** @param {View} view @param {(pin: Pin) => void} jump */
  constructor(view, jump) {
    this.view = view;
    this.jump = jump;
    const about = { role: "group", "aria-label": "Most confused", "data-control": "strip" };
    this.el = make("div", { class: "slw-cm-strip", ...about });
    this.key = "";
    /** @type {{pin: [number, number], button: HTMLButtonElement}[]} */
    this.mistakes = [];
  }

  /** @param {Counts} counts @param {Pin | null} pinned @param {boolean} pairs */
  show(counts, pinned, pairs) {
    const found = counts.mistakes(pairs, MOST_MISTAKES);
    if (this.key !== JSON.stringify(found)) this.fill(counts.names, found, pairs);
    this.key = JSON.stringify(found);
    for (const { pin, button } of this.mistakes) {
      const here = isPinned(pinned, pin) || (pairs && isPinned(pinned, pin.toReversed()));
      button.setAttribute("aria-pressed", String(here));
    }
  }

  /** @param {string[]} names @param {ReturnType<Counts["mistakes"]>} found @param {boolean} pairs */
  fill(names, found, pairs) {
    this.mistakes = found.map(({ pin, count }) => {
      const [a, b] = pin.map((i) => names[i]);
      const label = pairs ? `${a} and ${b} mixed up` : `true ${a}, predicted ${b}`;
      const button = make(
        "button",
        { type: "button", class: "slw-button", "aria-label": `${label}, ${count}`, title: label },
        make("span", { class: "slw-cm-names" }, `${a} ${pairs ? "\u2194" : "\u2192"} ${b}`),
        make("b", {}, grouped(count)),
      );
      button.toggleAttribute("disabled", this.el.hasAttribute("data-locked"));
      this.view.on(button, "click", () => this.jump(pin));
      return { pin, button };
    });
    const title = found.length ? "Most confused" : "No mistakes: every image was read correctly.";
    this.el.replaceChildren(make("span", {}, title), ...this.mistakes.map(({ button }) => button));
  }
}

/** @param {Pin | null} pinned @param {(number | null)[]} pin */
function isPinned(pinned, pin) {
  return pinned?.[0] === pin[0] && pinned?.[1] === pin[1];
}
