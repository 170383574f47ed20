// All maps of a layer on one canvas: readable when there are many, dead ones crossed out, every pixel within reach.

import { keepKeys, leaveToNotebook, make } from "../common/controls.js";
import { spoken } from "../drawing/numbers.js";
import { colourTile, levelAt } from "./feature_maps.js";

/** @typedef {import("../common/view.js").View} View */
/** @typedef {import("./feature_maps.js").Layer} Layer */
/** @typedef {import("./feature_maps.js").Ends} Ends */
/** @typedef {{tile: number, row: number, column: number}} Spot */

/**
 * What a mosaic shows: `order` lists the tiles of this page; `difference` takes the place of the layer's own values.
 * @typedef {{
 *   layer: Layer, difference: Float32Array | null, order: number[], scale: (tile: number) => Ends, map: Int32Array,
 *   level: number, dead: Set<number>, open: number | null, ink: string, paper: string, line: string, names: string[] | null,
 * }} MosaicScene
 */

/** @typedef {{across: number, tileWidth: number, tileHeight: number, stepX: number, stepY: number, zoom: number, label: number}} Tiling */

export const LEVELS = [32, 48, 72, 96, 144, 216]; // pixels of the screen a map is wide, about
const MAP_GAP = 4;
const LABEL = 16;

/**
 * How tiles lie in a box of some width.
 * @param {{count: number, rows: number, columns: number, strip: boolean}} layer @param {number} level @param {number} width
 * @returns {Tiling}
 */
export function tilingOf({ count, rows, columns, strip }, level, width) {
  const target = LEVELS[level] * (strip ? (count > 200 ? 0.17 : 0.45) : count <= 8 ? 2 : 1);
  const zoom = Math.max(1, Math.floor(target / columns));
  const [tileWidth, tileHeight] = [columns * zoom, rows * zoom];
  const gap = tileWidth < 20 ? 1 : MAP_GAP;
  const label = tileWidth < 20 ? 0 : LABEL;
  const [stepX, stepY] = [tileWidth + gap, tileHeight + label + gap];
  return { across: Math.max(1, Math.floor((width + gap) / stepX)), tileWidth, tileHeight, stepX, stepY, zoom, label };
}

/**
 * The slot and the pixel under a point, or null beside all tiles.
 * @param {Tiling} tiling @param {number} count @param {number} x @param {number} y
 */
export function spotUnder({ across, stepX, stepY, tileWidth, tileHeight, zoom }, count, x, y) {
  const [column, row] = [Math.floor(x / stepX), Math.floor(y / stepY)];
  const slot = row * across + column;
  const [left, top] = [x - column * stepX, y - row * stepY];
  if (column >= across || slot >= count || slot < 0 || left >= tileWidth || top >= tileHeight) return null;
  return { slot, row: Math.floor(top / zoom), column: Math.floor(left / zoom) };
}

export class Mosaic {
  /** @param {View} view @param {{look: (spot: Spot, aloud: boolean) => void, pick: (spot: Spot | null) => void}} hand */
  constructor(view, hand) {
    this.hand = hand;
    this.canvas = make("canvas", { class: "slw-fx-tiles" });
    this.pixelBox = make("div", { class: "slw-window", hidden: true });
    this.inner = make("div", { class: "slw-fx-inner" }, this.canvas, this.pixelBox);
    this.spokenLine = make("div", { class: "slw-spoken", role: "status" });
    this.el = make(
      "div",
      { class: "slw-fx-mosaic", role: "application", tabIndex: 0, "data-control": "maps", "aria-label": "Maps" },
      this.inner,
    );
    this.width = 480;
    /** @type {MosaicScene | null} */
    this.scene = null;
    /** @type {Spot & {pinned: boolean}} */
    this.at = { tile: 0, row: 0, column: 0, pinned: false };
    this.tiling = tilingOf({ count: 1, rows: 1, columns: 1, strip: false }, 2, 400);
    view.on(this.canvas, "pointermove", (event) => this.at.pinned || this.point(event, false));
    view.on(this.canvas, "click", (event) => this.point(event, true));
    view.on(this.el, "keydown", (event) => this.press(event));
    view.on(this.el, "focus", () => this.outline());
    keepKeys(view, this.el);
  }

  /** Looks how much room there is: asked for once a resize, for the browser has to lay out the page to tell. */
  measure() {
    this.width = this.el.clientWidth - 8 || 480;
  }

  /** @param {MosaicScene} scene */
  show(scene) {
    const other = this.scene?.layer.name !== scene.layer.name;
    this.scene = scene;
    if (other) Object.assign(this.at, { tile: scene.order[0], row: 0, column: 0, pinned: false });
    if (other) this.el.scrollTop = 0;
    this.tiling = tilingOf(scene.layer, scene.level, this.width);
    this.paint(scene);
    this.outline();
    const { name, count, rows, columns } = scene.layer;
    const what = scene.layer.strip ? `${count} numbers` : `${count} maps of ${rows} by ${columns}`;
    const keys = "Arrow keys move over the pixels, Page Up and Page Down from map to map, Enter opens a map.";
    this.el.setAttribute("aria-label", `${name}: ${what}. ${keys}`);
  }

  /** @param {MosaicScene} scene */
  paint(scene) {
    const { layer, order, ink, paper } = scene;
    const { across, stepX, stepY, tileWidth, tileHeight, label } = this.tiling;
    const [width, height] = [across * stepX, Math.ceil(order.length / across) * stepY];
    const dense = Math.min(2, globalThis.devicePixelRatio || 1);
    const [right, bottom] = [Math.round(width * dense), Math.round(height * dense)];
    if (this.canvas.width !== right || this.canvas.height !== bottom)
      Object.assign(this.canvas, { width: right, height: bottom });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, width, height);
    context.imageSmoothingEnabled = false;
    const raw = rawTiles(scene);
    order.forEach((tile, slot) => {
      const [x, y] = [(slot % across) * stepX, Math.floor(slot / across) * stepY];
      context.drawImage(raw, 0, slot * layer.rows, layer.columns, layer.rows, x, y, tileWidth, tileHeight);
      if (label) edge(context, { x, y, width: tileWidth, height: tileHeight }, scene.line);
      const dead = scene.dead.has(tile);
      if (dead) cross(context, { x, y, width: tileWidth, height: tileHeight }, ink, paper);
      if (tile === scene.open) frame(context, { x, y, width: tileWidth, height: tileHeight }, ink, paper);
      if (!label) return;
      context.fillStyle = ink;
      context.font = "12px system-ui, sans-serif";
      const name = scene.names?.[tile] ?? `${tile}`;
      context.fillText(dead && tileWidth >= 56 ? `${name} dead` : name, x, y + tileHeight + 12, tileWidth);
    });
  }

  /** @param {PointerEvent} event @param {boolean} pin */
  point(event, pin) {
    const scene = this.scene;
    if (!scene) return;
    const box = this.canvas.getBoundingClientRect();
    const found = spotUnder(this.tiling, scene.order.length, event.clientX - box.left, event.clientY - box.top);
    if (!found) return;
    const spot = { tile: scene.order[found.slot], row: found.row, column: found.column };
    const same = this.at.pinned && this.isAt(spot);
    if (!pin && this.isAt(spot) && !this.pixelBox.hidden) return;
    this.go(spot, false);
    if (pin) this.pin(!same);
  }

  /** @param {Spot} spot */
  isAt({ tile, row, column }) {
    return this.at.tile === tile && this.at.row === row && this.at.column === column;
  }

  /** @param {Spot} spot @param {boolean} aloud */
  go(spot, aloud) {
    Object.assign(this.at, spot);
    this.pixelBox.hidden = false;
    this.outline();
    this.hand.look(spot, aloud);
    if (aloud) this.speak();
  }

  /** @param {boolean} pinned */
  pin(pinned) {
    this.at.pinned = pinned;
    this.pixelBox.classList.toggle("slw-fx-pinned", pinned);
    const { tile, row, column } = this.at;
    this.hand.pick(pinned ? { tile, row, column } : null);
  }

  speak() {
    const { layer } = /** @type {MosaicScene} */ (this.scene);
    const { tile, row, column } = this.at;
    const name = this.scene?.names ? `, ${this.scene.names[tile]}` : "";
    const place = layer.strip
      ? `number ${tile}${name}`
      : `map ${tile}, row ${row * layer.step}, column ${column * layer.step}`;
    const dead = this.scene?.dead.has(tile) ? ", dead" : "";
    this.spokenLine.textContent = `${place}: about ${spoken(this.value(this.at), 3)}${dead}`;
  }

  /** @param {Spot} spot */
  value({ tile, row, column }) {
    const { layer, difference } = /** @type {MosaicScene} */ (this.scene);
    const cell = row * layer.columns + column;
    return difference ? difference[tile * layer.rows * layer.columns + cell] : levelAt(layer, tile, cell);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const scene = this.scene;
    if (!scene || event.ctrlKey || event.metaKey) return;
    const spot = this.moved(event.key, scene);
    if (spot) this.go(spot, true);
    else if (event.key === "Enter") this.pin(!this.at.pinned);
    else if (event.key === "Escape" && this.at.pinned) this.pin(false);
    else if (event.key === "Escape") leaveToNotebook(this.el);
    else return;
    event.preventDefault();
    this.bringIntoView();
  }

  /** Where a key leads, or null. @param {string} key @param {MosaicScene} scene @returns {Spot | null} */
  moved(key, { layer, order }) {
    const { tile, row, column } = this.at;
    const slot = Math.max(0, order.indexOf(tile));
    const toSlot = (/** @type {number} */ to) => {
      const inside = Math.max(0, Math.min(order.length - 1, to));
      return { tile: order[inside], row, column };
    };
    const jumps = { PageUp: slot - 1, PageDown: slot + 1, Home: 0, End: order.length - 1 };
    if (key in jumps) return toSlot(jumps[/** @type {keyof typeof jumps} */ (key)]);
    const arrow = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
    if (!arrow) return null;
    if (layer.strip) return toSlot(slot + arrow[0] * this.tiling.across + arrow[1]);
    const inside = (/** @type {number} */ at, /** @type {number} */ side) => Math.max(0, Math.min(side - 1, at));
    return { tile, row: inside(row + arrow[0], layer.rows), column: inside(column + arrow[1], layer.columns) };
  }

  /** Puts the box around the pixel that is looked at. */
  outline() {
    const slot = this.scene?.order.indexOf(this.at.tile) ?? -1;
    if (slot < 0) {
      this.pixelBox.hidden = true;
      return;
    }
    const { across, stepX, stepY, zoom } = this.tiling;
    Object.assign(this.pixelBox.style, {
      left: `${(slot % across) * stepX + this.at.column * zoom}px`,
      top: `${Math.floor(slot / across) * stepY + this.at.row * zoom}px`,
      width: `${zoom}px`,
      height: `${zoom}px`,
    });
  }

  bringIntoView() {
    const top = this.pixelBox.offsetTop;
    const { scrollTop, clientHeight } = this.el;
    if (top < scrollTop) this.el.scrollTop = Math.max(0, top - 20);
    else if (top + 40 > scrollTop + clientHeight) this.el.scrollTop = top + 60 - clientHeight;
  }
}

/** Tiles one under the other, one canvas pixel a cell. @param {MosaicScene} scene */
function rawTiles({ layer, difference, order, scale, map }) {
  const size = layer.rows * layer.columns;
  const canvas = new OffscreenCanvas(layer.columns, Math.max(1, layer.rows * order.length));
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(canvas.width, canvas.height);
  const colours = new Int32Array(picture.data.buffer);
  order.forEach((tile, slot) => {
    const ends = scale(tile);
    if (difference) colourFloats(colours, slot * size, difference.subarray(tile * size, (tile + 1) * size), ends, map);
    else colourTile({ out: colours, at: slot * size, across: layer.columns }, layer, tile, ends, map);
  });
  context.putImageData(picture, 0, 0);
  return canvas;
}

/** @param {Int32Array} out @param {number} at @param {Float32Array} values @param {Ends} ends @param {Int32Array} map */
function colourFloats(out, at, values, { low, high }, map) {
  const factor = (map.length - 1) / (high - low);
  for (let i = 0; i < values.length; i++)
    out[at + i] = map[Math.max(0, Math.min(map.length - 1, Math.round((values[i] - low) * factor)))];
}

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {string} ink @param {string} paper */
function cross(context, { x, y, width, height }, ink, paper) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + width, y + height);
  context.moveTo(x + width, y);
  context.lineTo(x, y + height);
  stroke(context, ink, paper, 1);
}

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {string} line */
function edge(context, { x, y, width, height }, line) {
  Object.assign(context, { strokeStyle: line, lineWidth: 1 });
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
}

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {string} ink @param {string} paper */
function frame(context, { x, y, width, height }, ink, paper) {
  context.beginPath();
  context.rect(x + 1.5, y + 1.5, width - 3, height - 3);
  stroke(context, ink, paper, 2);
}

/** @param {CanvasRenderingContext2D} context @param {string} ink @param {string} paper @param {number} width */
function stroke(context, ink, paper, width) {
  Object.assign(context, { strokeStyle: paper, lineWidth: width + 2 });
  context.stroke();
  Object.assign(context, { strokeStyle: ink, lineWidth: width });
  context.stroke();
}
