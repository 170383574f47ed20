// The explorer's choices: what cells show, how images are sorted, and a strip that jumps to the commonest mistakes.

import { choice, controlBar, make, setTrait, toggle } from "../common/controls.js";
import { grouped } from "./confusion_numbers.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./confusion_numbers.js").Pin} Pin */

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

/** Buttons for the commonest mistakes. @param {View} view @param {(pin: Pin) => void} jump */
export function mistakeStrip(view, jump) {
  const el = make("div", {
    class: "slw-cm-strip",
    role: "group",
    "aria-label": "Most confused",
    "data-control": "strip",
  });
  let key = "";
  /** @type {{pin: [number, number], button: HTMLButtonElement}[]} */
  let mistakes = [];
  return {
    el,
    /** @param {import("./confusion_numbers.js").Counts} counts @param {Pin | null} pinned @param {boolean} pairs */
    show(counts, pinned, pairs) {
      const found = counts.mistakes(pairs, MOST_MISTAKES);
      if (key !== JSON.stringify(found)) {
        key = JSON.stringify(found);
        mistakes = found.map(({ pin, count }) => {
          const words = `${counts.names[pin[0]]} ${pairs ? "\u2194" : "\u2192"} ${counts.names[pin[1]]}`;
          const label = pairs ? words.replace("\u2194", "and") : words.replace("\u2192", "taken for");
          const one = make(
            "button",
            { type: "button", class: "slw-button", "aria-label": `${label}, ${count}`, title: label },
            make("span", { class: "slw-cm-names" }, words),
            make("b", {}, grouped(count)),
          );
          one.toggleAttribute("disabled", el.hasAttribute("data-locked"));
          view.on(one, "click", () => jump(pin));
          return { pin, button: one };
        });
        const title = make("span", {}, found.length ? "Most confused" : "No mistakes: every image was read correctly.");
        el.replaceChildren(title, ...mistakes.map(({ button }) => button));
      }
      for (const { pin, button } of mistakes)
        button.setAttribute(
          "aria-pressed",
          String(isPinned(pinned, pin) || (pairs && isPinned(pinned, pin.toReversed()))),
        );
    },
  };
}

/** @param {Pin | null} pinned @param {(number | null)[]} pin */
function isPinned(pinned, pin) {
  return pinned?.[0] === pin[0] && pinned?.[1] === pin[1];
}
