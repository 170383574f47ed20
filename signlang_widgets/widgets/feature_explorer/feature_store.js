// What all views of one explorer share: the present maps, the picture under the brush, small pictures, questions.

import { makeAsker } from "../common/asking.js";
import { makeHistory } from "../common/undo.js";
import { layersOf } from "./feature_maps.js";
import { makePace } from "./pace.js";
import { samePixels } from "./painting.js";

/** @typedef {import("../common/view.js").Model} Model */
/** @typedef {import("./feature_maps.js").Layer} Layer */
/** @typedef {{image: number, serial: number, edited: boolean, scores: number[], layers: Map<string, Layer>}} Maps */
/** @typedef {"paint" | "erase" | "cover" | "shift"} Tool */

const MOST_KEPT = 24; // images whose maps are kept, about 100 kB each for the chapter's ConvNet

const PATIENCE = 700; // milliseconds

export class FeatureStore {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.pace = makePace();
    this.asker = makeAsker(model, this.pace);
    /** @type {Map<number, Uint8Array>} */
    this.stills = new Map();
    /** @type {Map<string, Maps>} */
    this.kept = new Map();
    /** @type {Maps | null} */
    this.present = null;
    /** @type {Maps | null} */
    this.second = null;
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    const [, channels, height, width] = model.get("thumbs").shape;
    this.thumbSize = { channels, height, width };
    this.keepStills(
      Array.from({ length: model.get("thumbs").shape[0] }, (_, i) => i),
      model.get("thumbs").data,
    );
    const [c, h, w] = model.get("maps").picture.shape;
    this.size = { channels: c, height: h, width: w };
    /** @type {Uint8Array} */
    this.origin = new Uint8Array(c * h * w);
    /** @type {Uint8Array} */
    this.pixels = this.origin;
    this.history = makeHistory(this.pixels, samePixels);
    /** What this page itself last set as `edited`. @type {unknown} */
    this.mine = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.needing = undefined;
    this.takeMaps();
    this.takeSecond();
    this.takePicture();
    this.takeEdited();
    model.on("destroy", () => {
      this.pace.stop();
      clearTimeout(this.needing);
    });
    model.on("change:maps", () => this.arrived());
    model.on("change:other_maps", () => this.takeSecond());
    model.on("change:edited", () => this.takeEdited());
    model.on("change:selected_image", () => this.choose());
    for (const name of ["selected_image", "epoch", "layer", "compare_image"])
      model.on(`change:${name}`, () => this.await());
    this.await();
  }

  /** Calls back when pixels or small pictures changed. @param {() => void} callback @returns {() => void} */
  listen(callback) {
    this.listeners.add(callback);
    return () => this.listeners.delete(callback);
  }

  tell() {
    for (const callback of [...this.listeners]) callback();
  }

  /** Sets traits at once here, and in Python as soon as the pace allows. @param {Record<string, any>} values */
  set(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.pace.run("traits", () => this.model.save_changes());
  }

  arrived() {
    const message = this.model.get("maps");
    this.pace.spend(message.data.byteLength + message.ranges.byteLength);
    this.takeMaps();
    if (message.image === this.model.get("selected_image")) this.takePicture();
  }

  /** Layers of the same image and edit belong together, in however many messages they come. */
  takeMaps() {
    const message = this.model.get("maps");
    const layers = layersOf(message);
    const { image, serial, edited, scores } = message;
    const old = /** @type {Maps | null} */ (this.present);
    const before = old && old.serial === serial ? old.layers : new Map();
    this.present = { image, serial, edited, scores, layers: new Map([...before, ...layers]) };
    if (edited) return;
    const key = this.keyOf(image);
    this.kept.delete(key);
    this.kept.set(key, this.present);
    for (const oldest of this.kept.keys()) if (this.kept.size > MOST_KEPT) this.kept.delete(oldest);
  }

  /** @param {number} image */
  keyOf(image) {
    const { epoch, version } = this.model.get("maps");
    return `${image} ${epoch} ${version}`;
  }

  takeSecond() {
    const message = this.model.get("other_maps");
    if (message) this.pace.spend(message.data.byteLength + message.ranges.byteLength);
    this.second = message && { ...message, edited: false, serial: 0, layers: layersOf(message) };
  }

  /** The maps to show now: those of the chosen image if they were ever seen, else the last that came. */
  maps() {
    const present = /** @type {Maps} */ (this.present);
    const image = this.model.get("selected_image");
    if (present.image === image || this.model.get("edited")) return present;
    return this.kept.get(this.keyOf(image)) ?? present;
  }

  /** Maps that do not come by themselves (this page was opened anew, or Python changed its mind too often) are asked for. */
  await() {
    clearTimeout(this.needing);
    this.needing = setTimeout(() => {
      if (!this.isHere()) this.asker.ask("again", {}, () => {});
    }, PATIENCE);
  }

  /** Whether what was chosen has come. */
  isHere() {
    const { image, epoch } = this.model.get("maps");
    const chosen = image === this.model.get("selected_image") && epoch === this.model.get("epoch");
    const second = this.model.get("compare_image");
    const both = second === null || this.model.get("other_maps")?.image === second;
    return chosen && both && Boolean(this.present?.layers.has(this.model.get("layer")));
  }

  takePicture() {
    const { picture, image } = this.model.get("maps");
    if (image === this.model.get("selected_image")) this.begin(pixelsOf(picture));
  }

  /** Another picture under the brush, unless it is the same. @param {Uint8Array} origin */
  begin(origin) {
    if (this.pictured === this.model.get("selected_image") && origin.length === this.origin.length) return;
    this.pictured = this.model.get("selected_image");
    this.origin = origin;
    this.pixels = origin;
    this.history = makeHistory(origin, samePixels);
    this.tell();
  }

  /** Another image was chosen: its picture is at hand if the strip shows it whole. */
  choose() {
    const still = this.stills.get(this.model.get("selected_image"));
    const { height, width } = this.thumbSize;
    if (still && height === this.size.height && width === this.size.width) this.begin(still);
    else this.takePicture();
  }

  /** Python painted, or took the paint away. */
  takeEdited() {
    const edited = this.model.get("edited");
    if (edited === this.mine) return;
    this.mine = edited;
    this.pixels = edited ? pixelsOf(edited) : this.origin;
    this.history.record(this.pixels);
    this.tell();
  }

  /** The hand painted. @param {Uint8Array} pixels @param {unknown} [gesture] one step of undo a gesture */
  paint(pixels, gesture = null) {
    this.history.record(pixels, gesture);
    this.show(pixels);
  }

  /** @param {1 | -1} direction */
  go(direction) {
    this.show(this.history.go(direction));
  }

  /** @param {Uint8Array} pixels */
  show(pixels) {
    this.pixels = pixels;
    const { channels, height, width } = this.size;
    const data = new DataView(pixels.slice().buffer);
    const touched = !samePixels(pixels, this.origin);
    this.mine = touched ? { shape: [channels, height, width], dtype: "uint8", data } : null;
    this.tell();
    this.set({ edited: this.mine });
  }

  /** @param {number[]} numbers @param {DataView} data */
  keepStills(numbers, data) {
    const size = data.byteLength / (numbers.length || 1);
    numbers.forEach((number, i) => {
      this.stills.set(number, new Uint8Array(data.buffer, data.byteOffset + i * size, size));
    });
  }

  /** Asks for small pictures that are not here yet. @param {number[]} numbers */
  fetchStills(numbers) {
    const missing = numbers.filter((number) => !this.stills.has(number)).slice(0, 60);
    if (!missing.length) return;
    this.asker.ask("pictures", { numbers: missing }, (answer, [data]) => {
      if (!data) return;
      this.keepStills(answer.numbers, data);
      this.tell();
    });
  }
}

/** @param {{data: DataView}} picture */
export function pixelsOf({ data }) {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
}
