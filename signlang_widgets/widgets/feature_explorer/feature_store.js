// What all views of one explorer share: the present maps, the picture under the brush, small pictures, and whom to ask.

import { Throttle } from "../common/throttle.js";
import { numbersIn, packed, unpacked } from "../common/wire.js";
import { layersOf } from "./feature_maps.js";
import { keyOf } from "./maps_source.js";
import { PaintedPicture } from "./painting.js";
import { PythonSource } from "./python_source.js";

/** @typedef {import("../common/view.js").Model} Model */
/** @typedef {import("./feature_maps.js").Layer} Layer */
/** @typedef {import("./feature_maps.js").MapsMessage} MapsMessage */
/** @typedef {import("./maps_source.js").Input} Input */
/** @typedef {import("./maps_source.js").MapsSource} MapsSource */
/** @typedef {import("./painting.js").Size} Size */
/** @typedef {"maps" | "pixels" | "small"} News */
/** @typedef {{key: string, image: number, edited: boolean, scores: number[], layers: Map<string, Layer>, picture: Uint8Array<ArrayBuffer> | null}} Maps */

const MOST_KEPT = 24; // images whose maps are kept, about 100 kB each for the chapter's ConvNet
const SAVE_EVERY = 145; // milliseconds between choices told to Python: a stroke tells many, and asks as often
const REST = 2000; // milliseconds without new maps before a notebook keeps what is shown

const MOST_AT_ONCE = 60;

/** Small pictures of images: the first ones came with the widget, others are asked for when they come into sight. */
class SmallPictures {
  /** @param {import("../common/wire.js").Packed} first @param {MapsSource} source @param {() => void} tell calls back when more are here */
  constructor({ shape, data }, source, tell) {
    this.source = source;
    this.tell = tell;
    /** @type {Map<number, Uint8Array<ArrayBuffer>>} */
    this.here = new Map();
    const [count, channels, height, width] = shape;
    this.size = { channels, height, width };
    this.keep(
      Array.from({ length: count }, (_, i) => i),
      data,
    );
  }

  /** @param {number} image */
  get(image) {
    return this.here.get(image);
  }

  /** The picture of an image, if the small ones are as large as the images. @param {number} image @param {Size} size */
  whole(image, { height, width }) {
    return height === this.size.height && width === this.size.width ? this.here.get(image) : undefined;
  }

  /** @param {number[]} numbers @param {DataView} data */
  keep(numbers, data) {
    const all = numbersIn(data, "uint8");
    const size = all.length / (numbers.length || 1);
    numbers.forEach((number, i) => {
      this.here.set(number, all.subarray(i * size, (i + 1) * size));
    });
  }

  /** Asks for those that are not here yet. @param {number[]} numbers */
  fetch(numbers) {
    const missing = numbers.filter((number) => !this.here.has(number)).slice(0, MOST_AT_ONCE);
    if (!missing.length) return;
    this.source.pictures(missing, (found, data) => {
      this.keep(found, data);
      this.tell();
    });
  }
}

/** @param {{data: DataView} | null | undefined} picture */
function pixelsOf(picture) {
  return picture ? /** @type {Uint8Array<ArrayBuffer>} */ (unpacked(/** @type {any} */ (picture))) : null;
}

export class FeatureStore {
  /** @param {Model} model @param {MapsSource} [source] */
  constructor(model, source = new PythonSource(model)) {
    this.model = model;
    this.source = source;
    this.saving = new Throttle(SAVE_EVERY);
    /** @type {Set<(news: News) => void>} */
    this.listeners = new Set();
    this.small = new SmallPictures(model.get("thumbs"), source, () => this.tell("small"));
    const stored = model.get("maps");
    const [channels, height, width] = stored.picture.shape;
    this.painted = new PaintedPicture({ channels, height, width });
    /** What this page itself last set as `edited`. @type {unknown} */
    this.mine = null;
    /** @type {Map<string, Maps>} */
    this.kept = new Map();
    /** What was asked for last and is not here yet, of the first image and of the second. */
    this.asked = ["", ""];
    /** @type {Maps | null} */
    this.compared = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.resting = undefined;
    this.setting = false;
    this.present = this.begin(stored);
    this.listenToModel();
    this.want(true);
  }

  /** Begins with the maps that a notebook or a page was stored with. @param {MapsMessage} stored @returns {Maps} */
  begin(stored) {
    const present = this.storedMaps(stored);
    if (!stored.edited) this.kept.set(present.key, present);
    const other = this.model.get("other_maps");
    this.compared = other && this.storedMaps(other);
    this.choose(present);
    this.takeEdited();
    return present;
  }

  /** What was painted when they were stored cannot be told, so such maps are never taken for those of a picture. @param {MapsMessage} stored @returns {Maps} */
  storedMaps(stored) {
    const key = stored.edited ? "stored" : keyOf({ ...stored, painted: null });
    return { ...stored, key, layers: layersOf(stored), picture: pixelsOf(stored.picture) };
  }

  listenToModel() {
    const { model } = this;
    model.on("destroy", () => {
      this.saving.stop();
      clearTimeout(this.resting);
    });
    model.on("change:edited", () => {
      if (this.takeEdited()) this.want();
      if (!model.get("edited")) this.tell("maps"); // those of the untouched image are here already
    });
    model.on("change:selected_image", () => this.choose(this.present));
    for (const name of ["selected_image", "epoch", "version", "layer", "compare_image"])
      model.on(`change:${name}`, () => this.want());
  }

  /** Calls back when maps, the pixels under the brush or small pictures changed. @param {(news: News) => void} callback @returns {() => void} */
  listen(callback) {
    this.listeners.add(callback);
    return () => this.listeners.delete(callback);
  }

  /** @param {News} news */
  tell(news) {
    for (const callback of [...this.listeners]) callback(news);
  }

  /** Sets traits: here at once, in Python soon. @param {Record<string, any>} values */
  set(values) {
    this.setting = true;
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.setting = false;
    this.want();
    this.saving.run(() => this.model.save_changes());
  }

  /** What the network reads now. @returns {Input} */
  input() {
    const { model } = this;
    const painted = model.get("edited") && { pixels: this.painted.pixels, serial: this.painted.serial };
    return { image: model.get("selected_image"), epoch: model.get("epoch"), version: model.get("version"), painted };
  }

  /** The maps to show now: those of the chosen image if they were ever seen, else the last that came. @returns {Maps} */
  maps() {
    return this.known(keyOf(this.input())) ?? this.present;
  }

  /** @param {string} key */
  known(key) {
    return this.present.key === key ? this.present : this.kept.get(key);
  }

  /** The maps of the image that the first is compared with, once they are here. @returns {Maps | null} */
  get second() {
    return this.compared?.image === this.model.get("compare_image") ? this.compared : null;
  }

  /** Asks for what is chosen and not here. @param {boolean} [anyway] even if all of it is here: to hear whether anyone answers */
  want(anyway = false) {
    if (this.setting) return;
    const [first, image] = [this.input(), this.model.get("compare_image")];
    const have = this.known(keyOf(first));
    this.ask(0, first, have, anyway, this.painted.image !== first.image, (found) => this.take(found));
    if (image === null) return;
    const second = { ...first, image, painted: null };
    const known = this.compared?.key === keyOf(second) ? this.compared : undefined;
    this.ask(1, second, known, false, true, (found) => {
      this.compared = found;
    });
  }

  /** @param {0 | 1} which @param {Input} input @param {Maps | undefined} known @param {boolean} anyway @param {boolean} picture @param {(found: Maps) => void} take */
  ask(which, input, known, anyway, picture, take) {
    const layer = this.model.get("layer");
    const wish = `${keyOf(input)} ${layer}`;
    if (this.asked[which] === wish || (known?.layers.has(layer) && !anyway && !(picture && !known.picture))) return;
    this.asked[which] = wish;
    const have = [...(known?.layers.keys() ?? [])];
    this.source.maps(input, { layer, have, picture, second: which === 1 }, (found) => {
      if (this.asked[which] === wish) this.asked[which] = "";
      if (found.problem !== undefined) return;
      take(this.merged(input, found, known));
      this.tell("maps");
      clearTimeout(this.resting);
      if (Object.keys(found.layers).length) this.resting = setTimeout(() => this.source.keep(), REST);
    });
  }

  /** Layers of the same input belong together, in however many answers they come. @param {Input} input @param {MapsMessage} found @param {Maps | undefined} known @returns {Maps} */
  merged(input, found, known) {
    const key = keyOf({ ...input, version: found.version });
    const { image, edited, scores } = found;
    const before = known?.key === key ? known.layers : [];
    const picture = pixelsOf(found.picture) ?? known?.picture ?? null;
    return { key, image, edited, scores, picture, layers: new Map([...before, ...layersOf(found)]) };
  }

  /** @param {Maps} found */
  take(found) {
    this.present = found;
    this.choose(found);
    if (found.edited) return;
    this.kept.delete(found.key);
    this.kept.set(found.key, found);
    for (const oldest of this.kept.keys()) if (this.kept.size > MOST_KEPT) this.kept.delete(oldest);
  }

  /** The picture of the chosen image is at hand if the strip shows it whole, or if it came with its maps. @param {Maps} found */
  choose(found) {
    const image = this.model.get("selected_image");
    const picture = this.small.whole(image, this.painted.size) ?? (found.image === image ? found.picture : null);
    if (picture && this.painted.begin(image, picture)) this.tell("pixels");
  }

  /** Python painted, or took the paint away; false if it only says what this page said. */
  takeEdited() {
    const edited = this.model.get("edited");
    if (edited === this.mine) return false;
    this.mine = edited;
    this.painted.paint(pixelsOf(edited) ?? this.painted.origin);
    this.tell("pixels");
    return true;
  }

  /** The hand painted. @param {Uint8Array<ArrayBuffer>} pixels @param {unknown} [gesture] one step of undo a gesture */
  paint(pixels, gesture = null) {
    this.painted.paint(pixels, gesture);
    this.handPainted();
  }

  /** Undo, or redo. @param {1 | -1} direction */
  go(direction) {
    this.painted.go(direction);
    this.handPainted();
  }

  handPainted() {
    const { touched, pixels, size } = this.painted;
    this.mine = touched ? packed([size.channels, size.height, size.width], pixels) : null;
    this.tell("pixels");
    this.set({ edited: this.mine });
  }
}
