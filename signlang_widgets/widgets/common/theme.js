// Light or dark: one decision a widget, from which its paper and its ink both come (theme.css reads data-slw-theme).
//
// Whoever says it nearest to the widget is followed; where nobody does, the page's own background decides; else the system.

import { luminance, MIDDLE } from "../drawing/colours.js";

/** @typedef {"light" | "dark"} Theme */

const ATTRIBUTES = ["data-jp-theme-light", "data-vscode-theme-kind", "data-theme", "theme", "class", "style"];
const WORDS = /^(?:vscode-)?(?:high-contrast-)?(light|dark)$/;

// Paper of the page's own that keeps every ink of theme.css at 4.5 to 1.
const BRIGHT = 0.72;
const DIM = 0.05;

/** The element around an element, out of shadow roots too. @param {Element} el @returns {Element | null} */
function around(el) {
  const root = /** @type {ShadowRoot} */ (el.getRootNode());
  return el.assignedSlot ?? el.parentElement ?? root.host ?? null;
}

/** Every element around the view, nearest first; a view that is not on the page yet is in its body. @param {Element} root */
function* surroundings(root) {
  for (let el = around(root); el; el = around(el)) yield el;
  if (!root.isConnected) yield* [document.body, document.documentElement];
}

/** Those that may say a theme: shadow hosts, body, html. @param {Element} root @returns {Set<Element>} */
function speakers(root) {
  const hosts = [root, ...surroundings(root)].map((el) => /** @type {ShadowRoot} */ (el.getRootNode()).host);
  return new Set([...hosts.filter(Boolean), document.body, document.documentElement]);
}

/** What an element says, as JupyterLab, VS Code, MyST, marimo and Colab say it. @param {Element} el @returns {Theme | null} */
function saidBy(el) {
  const jupyter = { true: "light", false: "dark" }[el.getAttribute("data-jp-theme-light") ?? ""];
  const [kind, named, theme] = ["data-vscode-theme-kind", "data-theme", "theme"].map((name) => el.getAttribute(name));
  const contrast = [kind, ...el.classList].includes("vscode-high-contrast") ? "dark" : null; // after the light one
  for (const word of [jupyter, kind, named, theme, ...el.classList, contrast]) {
    const said = WORDS.exec(word ?? "")?.[1];
    if (said) return /** @type {Theme} */ (said);
  }
  return null;
}

/** @type {CanvasRenderingContext2D | null} */
let pen = null;

/** How light a colour is, 0..1, or null where it lets through what lies behind it. @param {string} colour */
function lightness(colour) {
  pen ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!pen || !colour) return null;
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = "transparent";
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
  return alpha === 255 ? luminance([red, green, blue]) : null;
}

/** The background that is seen behind the view. @param {Element} root @returns {Theme | null} */
function behind(root) {
  for (const el of surroundings(root)) {
    const light = lightness(getComputedStyle(el).backgroundColor);
    if (light !== null) return light > MIDDLE ? "light" : "dark";
  }
  return null;
}

/** @param {Element} root @returns {Theme} */
function ofSystem(root) {
  const [place] = surroundings(root);
  const scheme = getComputedStyle(place).colorScheme.split(" ");
  if (scheme.includes("dark") !== scheme.includes("light")) return scheme.includes("dark") ? "dark" : "light";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Whether Jupyter's paper is as light or dark as the theme. @param {Element} root @param {Theme} theme */
function fits(root, theme) {
  const light = lightness(getComputedStyle(root).getPropertyValue("--jp-layout-color0").trim());
  return light !== null && (theme === "light" ? light >= BRIGHT : light <= DIM);
}

/** Decides and writes it on the view's root; tells whether anything changed. @param {HTMLElement} root */
function decide(root) {
  const said = [...speakers(root)].map(saidBy).find(Boolean);
  const theme = said ?? behind(root) ?? ofSystem(root);
  const paper = fits(root, theme) ? "page" : "own";
  const changed = root.dataset.slwTheme !== theme || root.dataset.slwPaper !== paper;
  Object.assign(root.dataset, { slwTheme: theme, slwPaper: paper });
  return changed;
}

/**
 * Follows the theme around a view; a change is told as an event "slw-theme" on its root, after it is written there.
 * @param {import("./shared_model.js").View} view
 */
export function followTheme({ root, on, cleanup }) {
  /** @type {Set<Element>} */
  let heard = new Set();
  const words = new MutationObserver(() => look());
  const listen = () => {
    const now = speakers(root);
    if ([...now].every((el) => heard.has(el))) return;
    heard = now;
    for (const el of now) words.observe(el, { attributes: true, attributeFilter: ATTRIBUTES });
  };
  const look = () => {
    listen();
    if (decide(root)) root.dispatchEvent(new Event("slw-theme"));
  };
  // Jupyter draws before the view is on the page: its place is known with its first size, before the first paint.
  const sizes = new ResizeObserver(look);
  sizes.observe(root);
  on(matchMedia("(prefers-color-scheme: dark)"), "change", look);
  on(document, "transitionend", ({ propertyName }) => propertyName.startsWith("background") && look());
  for (const observer of [words, sizes]) cleanup(() => observer.disconnect());
  look();
}
