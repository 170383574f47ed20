// The row of controls that every widget has: buttons, choices, switches, a menu for the rest, a hint and a spoken line.

/** @typedef {import("./shared_model.js").View} View */

/**
 * An element with properties and children; text is text, never markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, any>} [properties] @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") el.className = value;
    else if (name in el && !name.startsWith("aria")) /** @type {any} */ (el)[name] = value;
    else el.setAttribute(name, value);
  }
  el.append(...children);
  return el;
}

/** The row of controls, at the top of the view. @param {View} view */
export function controlBar(view) {
  return view.root.appendChild(make("div", { class: "slw-bar", role: "group", "aria-label": "Controls" }));
}

/**
 * Follows the model's `hide` and `lock`: any element with data-control obeys.
 * @param {View} view
 */
export function obeyTeacher(view) {
  const apply = () => {
    const [hidden, locked] = [view.model.get("hide"), view.model.get("lock")];
    for (const el of /** @type {NodeListOf<HTMLElement>} */ (view.root.querySelectorAll("[data-control]"))) {
      const name = el.dataset.control ?? "";
      el.hidden = hidden.includes(name);
      el.toggleAttribute("data-locked", locked.includes(name));
      for (const part of /** @type {Iterable<HTMLElement>} */ (
        el.matches(LOCKABLE) ? [el] : el.querySelectorAll(LOCKABLE)
      ))
        setLocked(part, locked.includes(name));
    }
    for (const el of /** @type {NodeListOf<HTMLElement>} */ (view.root.querySelectorAll(".slw-menu")))
      el.hidden = !el.querySelector("[data-control]:not([hidden])");
  };
  view.follow("hide lock", apply);
  apply();
}

const LOCKABLE = "button, select, input";

/** @param {HTMLElement} part @param {boolean} locked */
function setLocked(part, locked) {
  if (part instanceof HTMLInputElement && part.type === "text") part.readOnly = locked;
  else part.toggleAttribute("disabled", locked || part.hasAttribute("data-idle"));
}

/**
 * A button that does one thing. `idle(true)` greys it while it has nothing to do.
 * @param {View} view @param {string} name @param {string} words @param {() => void} act @param {string} [title]
 */
export function button(view, name, words, act, title = words) {
  const el = make("button", { type: "button", class: "slw-button", title, "data-control": name }, words);
  if (title !== words) el.setAttribute("aria-label", title);
  view.on(el, "click", act);
  return el;
}

/** What has the keyboard around an element: inside a shadow root the document knows only its host. @param {Element} el */
export function focusedAround(el) {
  return /** @type {Document | ShadowRoot} */ (el.getRootNode()).activeElement ?? null;
}

/** @param {HTMLButtonElement} el @param {boolean} idle */
export function setIdle(el, idle) {
  if (idle && el === focusedAround(el)) neighbour(el)?.focus();
  el.toggleAttribute("data-idle", idle);
  el.disabled = idle || el.hasAttribute("data-locked");
}

/** Where the keyboard goes when a button greys out under it. @param {HTMLElement} el @returns {HTMLElement | undefined} */
function neighbour(el) {
  const parts = /** @type {HTMLElement[]} */ ([...(el.parentElement?.querySelectorAll(LOCKABLE) ?? [])]);
  const usable = parts.filter((part) => part !== el && !part.matches(":disabled") && part.offsetParent);
  const far = (/** @type {HTMLElement} */ part) =>
    Math.abs(parts.indexOf(part) - parts.indexOf(el)) + (part.tagName === el.tagName ? 0 : parts.length);
  return usable.sort((a, b) => far(a) - far(b))[0];
}

/**
 * A drop-down choice. Its label is spoken, and shown unless the choices speak for themselves.
 * @param {View} view @param {string} name @param {string} words @param {[string, string][]} choices value and words
 * @param {(value: string) => void} act @param {{labelled?: boolean}} [look]
 */
export function choice(view, name, words, choices, act, { labelled = true } = {}) {
  const select = make("select", { class: "slw-select", "aria-label": words });
  for (const [value, text] of choices) select.append(make("option", { value }, text));
  view.on(select, "change", () => act(select.value));
  const label = make("label", { class: "slw-choice", "data-control": name }, ...(labelled ? [words] : []), select);
  return { label, select };
}

/**
 * A switch with a word, tied to a true/false trait.
 * @param {View} view @param {string} trait @param {string} words @param {string} title
 */
export function toggle(view, trait, words, title) {
  const box = make("input", { type: "checkbox" });
  const label = make("label", { class: "slw-toggle", title, "data-control": trait }, box, make("span", {}, words));
  const show = () => {
    box.checked = view.model.get(trait);
  };
  view.on(box, "change", () => setTrait(view, trait, box.checked));
  view.follow(trait, show);
  show();
  return label;
}

/** @param {View} view @param {string} trait @param {any} value */
export function setTrait(view, trait, value) {
  view.model.set(trait, value);
  view.send();
}

/**
 * "..." for the rest: opens under its word, closes on Escape, after an action and when pointer or keyboard go elsewhere.
 * @param {View} view @param {string} words @param {HTMLElement[]} items
 */
export function menu(view, words, items) {
  const summary = make("summary", { class: "slw-button" }, words);
  const el = make("details", { class: "slw-menu" }, summary, make("div", { class: "slw-menu-items" }, ...items));
  const close = () => {
    el.open = false;
  };
  view.on(document, "pointerdown", (event) => event.composedPath().includes(el) || close());
  const closeAndStay = () => {
    close();
    summary.focus();
  };
  view.on(el, "click", (event) => event.target.closest("button") && closeAndStay());
  view.on(el, "focusout", ({ relatedTarget }) => relatedTarget && !el.contains(relatedTarget) && close());
  view.on(el, "keydown", (event) => {
    if (!el.open) return;
    if (event.key === "Escape") closeAndStay();
    else if (event.key === "ArrowDown") walk(1);
    else if (event.key === "ArrowUp") walk(-1);
    else return;
    event.preventDefault();
  });
  /** @param {1 | -1} by */
  const walk = (by) => {
    const usable = items.filter((item) => !item.hidden && !(/** @type {HTMLButtonElement} */ (item).disabled));
    const place = usable.indexOf(/** @type {HTMLElement} */ (focusedAround(el)));
    usable.at(place < 0 && by < 0 ? -1 : (place + by) % usable.length)?.focus();
  };
  return el;
}

/**
 * A quiet line that says the next thing worth trying, and what went wrong; it keeps its height.
 * @param {string} hint
 */
export function hintLine(hint) {
  const line = make("p", { class: "slw-hint", role: "status" }, hint);
  return {
    line,
    /** @param {string} text @param {boolean} [problem] */
    say(text, problem = false) {
      if (line.textContent !== text) line.textContent = text;
      line.classList.toggle("slw-problem", problem);
    },
  };
}

/**
 * Keeps the notebook's shortcuts out of a part of the page, and the part's own keys out of the notebook. Keys with Ctrl or
 * Meta and Tab pass (save, run all), but not undo, copy, paste, and no kind of Enter.
 * @param {View} view @param {HTMLElement} part
 */
export function keepKeys(view, part) {
  view.on(part, "keydown", (event) => {
    const passes =
      event.key === "Tab" || ((event.ctrlKey || event.metaKey) && !"zyvcx".includes(event.key.toLowerCase()));
    if (!passes || event.key === "Enter") event.stopPropagation();
  });
}

/** Gives the keyboard back to the notebook cell. @param {HTMLElement} el */
export function leaveToNotebook(el) {
  const cell = /** @type {HTMLElement | null} */ (el.closest(".jp-Cell"));
  el.blur();
  cell?.focus();
}
