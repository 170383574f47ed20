// One plane of numbers on the page: as numbers when it is small, as a picture otherwise; with padding, a window and marks.

import { make } from "../common/controls.js";
import { paint, swatch } from "../drawing/colours.js";
import { shown, spoken } from "../drawing/numbers.js";

/** @typedef {import("../common/view.js").View} View */

/**
 * What a plane looks like. `pad` cells lie around it (`below` and `right` may be more: a window that reaches over the edge);
 * real cells from row `usedRows` and column `usedColumns` on are left over.
 * @typedef {{
 *   data: ArrayLike<number>, height: number, width: number, pad: number, below: number, right: number,
 *   usedRows: number, usedColumns: number, padText: string, numbers: boolean, cell: number,
 *   look: {low: number, high: number, map: Int32Array, tinted: boolean},
 * }} Scene
 */

const MOST_NUMBERS = 12;
export const DIGITS = 4; // significant digits of a number that is not whole: cell, line and speech agree
const SVG = "http://www.w3.org/2000/svg";

/**
 * Whether all numbers of a plane can be read on screen, and how wide its cells are then.
 * @param {ArrayLike<number>} data @param {number} height @param {number} width
 */
export function numbersFit(data, height, width) {
  if (Math.max(height, width) > MOST_NUMBERS) return { numbers: false, cell: 0 };
  const longest = Math.max(...Array.from(data, (value) => shown(value, DIGITS).length));
  const cell = Math.max(width > 6 ? 30 : 40, 8 * longest + 8);
  return { numbers: cell * width <= 520, cell };
}

export class PlaneView {
  /**
   * @param {View} view @param {string} name @param {"table" | "grid"} role a grid takes the keyboard
   * @param {(y: number, x: number, hover: boolean) => void} point
   */
  constructor(view, name, role, point) {
    this.role = role;
    this.name = name;
    this.caption = make("figcaption", {}, name);
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.ground = make("div", { class: "slw-plane-image" }, this.canvas);
    this.cells = make("div", { class: "slw-plane-cells" });
    this.zones = make("div", { class: "slw-plane-zones", "aria-hidden": "true" });
    this.lines = outlines();
    this.frame = make("div", { class: "slw-plane-frame" }, this.ground, this.zones, this.cells, this.lines.el);
    this.el = make("figure", { class: "slw-plane" }, this.caption, this.frame);
    /** @type {Scene | null} */
    this.scene = null;
    /** @type {HTMLElement[]} */
    this.boxes = [];
    if (role === "grid") this.frame.tabIndex = 0;
    this.listen(view, point);
  }

  /** @param {View} view @param {(y: number, x: number, hover: boolean) => void} point */
  listen(view, point) {
    let last = "";
    view.on(this.frame, "pointermove", (event) => {
      const at = `${event.clientX} ${event.clientY}`;
      if (event.pointerType === "touch" || at === last) return; // the page may move under a resting mouse
      last = at;
      this.toCell(event, true, point);
    });
    view.on(this.frame, "click", (event) => this.toCell(event, false, point));
  }

  /** @param {PointerEvent} event @param {boolean} hover @param {(y: number, x: number, hover: boolean) => void} point */
  toCell(event, hover, point) {
    if (!this.scene) return;
    const { pad, height, width } = this.scene;
    const box = this.frame.getBoundingClientRect();
    const { rows, columns } = area(this.scene);
    const y = Math.floor(((event.clientY - box.top) / box.height) * rows) - pad;
    const x = Math.floor(((event.clientX - box.left) / box.width) * columns) - pad;
    point(Math.max(0, Math.min(height - 1, y)), Math.max(0, Math.min(width - 1, x)), hover);
  }

  /** Draws the plane anew: another plane, another setting or other colours. @param {Scene} scene */
  lay(scene) {
    this.scene = scene;
    const { rows, columns } = area(scene);
    const { height, width, pad, numbers, look, data } = scene;
    Object.assign(this.frame.style, { width: `${columns * scene.cell}px`, aspectRatio: `${columns} / ${rows}` });
    place(this.ground, { top: pad, left: pad, height, width }, rows, columns);
    this.canvas.hidden = numbers;
    if (!numbers) paint(this.canvas, data, look.low, look.high, look.map, width, height);
    this.zones.replaceChildren(...zonesOf(scene).map(({ kind, box }) => place(zone(kind), box, rows, columns)));
    this.lines.fit(rows, columns);
    this.frame.classList.toggle("slw-plane-numbers", numbers);
    this.layCells(numbers ? rows : 0, columns);
  }

  /** @param {number} rows @param {number} columns */
  layCells(rows, columns) {
    const [line, cell] = this.role === "grid" ? ["row", "gridcell"] : ["row", "cell"];
    this.frame.setAttribute("role", rows ? this.role : this.role === "grid" ? "application" : "img");
    this.frame.setAttribute("aria-label", this.name);
    this.frame.removeAttribute("aria-activedescendant");
    this.boxes = Array.from({ length: rows * columns }, () => make("span", { role: cell }));
    const row = (/** @type {number} */ i) =>
      make("div", { role: line }, ...this.boxes.slice(i * columns, (i + 1) * columns));
    this.cells.style.setProperty("--columns", String(columns));
    this.cells.replaceChildren(...Array.from({ length: rows }, (_, i) => row(i)));
    for (const i of this.boxes.keys()) this.write(i);
  }

  /** Writes one cell of the area: a number, a padding cell, or nothing. @param {number} i */
  write(i) {
    const { height, width, pad, look, data, padText } = /** @type {Scene} */ (this.scene);
    const { columns } = area(/** @type {Scene} */ (this.scene));
    const [y, x] = [Math.floor(i / columns) - pad, (i % columns) - pad];
    const box = this.boxes[i];
    if (y >= 0 && x >= 0 && y < height && x < width) {
      const value = data[y * width + x];
      box.textContent = shown(value, DIGITS);
      box.setAttribute("aria-label", `row ${y + 1}, column ${x + 1}: ${spoken(value, DIGITS)}`);
      if (look.tinted) Object.assign(box.style, inked(swatch(value, look)));
    } else if (y < height + pad && x < width + pad) {
      box.className = "slw-pad";
      box.textContent = padText;
      box.setAttribute("aria-label", "padding");
    }
  }

  /**
   * Shows an output up to `filled` cells; the cell at `current` stands out. The rest waits.
   * @param {number} filled @param {number} current @param {string} id a name for the current cell
   */
  fill(filled, current, id) {
    const { width, height, data, look } = /** @type {Scene} */ (this.scene);
    this.outline(`M${current % width} ${Math.floor(current / width)}h1v1h-1z`);
    if (!this.boxes.length) return this.lines.cover(rest(filled, height, width));
    this.boxes.forEach((box, i) => {
      const text = i < filled ? shown(data[i], DIGITS) : i === current ? "?" : "";
      if (box.textContent !== text) {
        box.textContent = text;
        const words = i < filled ? spoken(data[i], DIGITS) : i === current ? "to be told" : "not yet";
        box.setAttribute("aria-label", `row ${Math.floor(i / width) + 1}, column ${(i % width) + 1}: ${words}`);
        Object.assign(box.style, i < filled ? inked(swatch(data[i], look)) : { background: "", color: "" });
      }
      if (i === current) box.id = id;
      else if (box.id) box.removeAttribute("id");
    });
    this.frame.setAttribute("aria-activedescendant", id);
  }

  /** @param {string} path in cells of the plane, padding lies left of and above 0 */
  outline(path) {
    this.lines.outline(path, this.scene?.pad ?? 0);
  }

  /** Rings around cells. @param {Iterable<number>} cells */
  mark(cells) {
    const { width, numbers } = /** @type {Scene} */ (this.scene);
    const r = numbers ? 0.42 : 0.25;
    let path = "";
    for (const cell of cells)
      path += `M${(cell % width) + 0.5 - r} ${Math.floor(cell / width) + 0.5}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
    this.lines.mark(path, numbers);
  }

  /** @param {string} words */
  describe(words) {
    this.frame.setAttribute("aria-label", words);
  }
}

/** @param {Scene} scene */
function area({ height, width, pad, below, right }) {
  return { rows: pad + height + below, columns: pad + width + right };
}

/** @param {{background: string, ink: string}} colours */
export function inked({ background, ink }) {
  return { background, color: ink };
}

/**
 * Lines over a plane, in its own units: a window with a halo, marks, and a cover over what is not there yet.
 */
function outlines() {
  const el = document.createElementNS(SVG, "svg");
  el.setAttribute("class", "slw-plane-lines");
  el.setAttribute("aria-hidden", "true");
  el.setAttribute("preserveAspectRatio", "none");
  const [cover, markHalo, marks, halo, line] = ["cover", "halo", "marks", "halo", "line"].map((kind) => {
    const path = el.appendChild(document.createElementNS(SVG, "path"));
    path.setAttribute("class", `slw-plane-${kind}`);
    return path;
  });
  const draw = (/** @type {SVGPathElement[]} */ paths, /** @type {string} */ d, pad = 0) => {
    for (const path of paths) {
      path.setAttribute("d", d);
      path.setAttribute("transform", `translate(${pad} ${pad})`);
    }
  };
  let shift = 0;
  return {
    el,
    /** @param {number} rows @param {number} columns */
    fit(rows, columns) {
      el.setAttribute("viewBox", `0 0 ${columns} ${rows}`);
      draw([cover, markHalo, marks, halo, line], "");
    },
    /** @param {string} d @param {number} pad */
    outline(d, pad) {
      shift = pad;
      draw([halo, line], d, pad);
    },
    /** @param {string} d @param {boolean} rings */
    mark(d, rings) {
      draw([markHalo, marks], d, shift);
      marks.classList.toggle("slw-dots", !rings);
    },
    /** @param {string} d */
    cover: (d) => draw([cover], d),
  };
}

/** What of an output is not there yet. @param {number} filled @param {number} height @param {number} width */
function rest(filled, height, width) {
  const [row, column] = [Math.floor(filled / width), filled % width];
  return row < height ? `M${column} ${row}H${width}V${height}H0V${row + 1}H${column}z` : "";
}

/** @param {string} kind */
function zone(kind) {
  return make("i", { class: `slw-zone-${kind}` });
}

/** Cells that are left over at the edge, and what lies beyond the padding. @param {Scene} scene */
function zonesOf(scene) {
  const { height, width, pad, usedRows, usedColumns, below, right } = scene;
  const { rows, columns } = area(scene);
  const [bottom, end] = [height + 2 * pad, width + 2 * pad];
  const left = [
    { kind: "left", box: { top: usedRows + pad, left: 0, height: bottom - usedRows - pad, width: end } },
    { kind: "left", box: { top: 0, left: usedColumns + pad, height: bottom, width: end - usedColumns - pad } },
    { kind: "beyond", box: { top: bottom, left: 0, height: below - pad, width: columns } },
    { kind: "beyond", box: { top: 0, left: end, height: rows, width: right - pad } },
  ];
  return left.filter(({ box }) => box.height > 0 && box.width > 0);
}

/**
 * @template {HTMLElement} E
 * @param {E} el @param {{top: number, left: number, height: number, width: number}} box @param {number} rows @param {number} columns
 */
function place(el, { top, left, height, width }, rows, columns) {
  const percent = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
  Object.assign(el.style, {
    top: percent(top, rows),
    left: percent(left, columns),
    height: percent(height, rows),
    width: percent(width, columns),
  });
  return el;
}
