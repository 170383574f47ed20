// Python as the source of maps: each wish is a question, each answer comes with its bytes. `answers.py` is the other side.

import { Requests } from "../common/requests.js";
import { numbersIn } from "../common/wire.js";

/** @typedef {import("../common/view.js").Model} Model */
/** @typedef {import("./maps_source.js").MapsSource} MapsSource */
/** @typedef {import("./maps_source.js").Input} Input */

/** @implements {MapsSource} */
export class PythonSource {
  /** @param {Model} model */
  constructor(model) {
    this.requests = new Requests(model);
  }

  get ready() {
    return this.requests.answered;
  }

  /** @param {() => void} callback */
  watch(callback) {
    let before = this.ready;
    return this.requests.watch(() => {
      if (this.ready === before) return;
      before = this.ready;
      callback();
    });
  }

  /** A question about an input: what was painted goes along, so that the answer is exact. @param {string} kind @param {Input} input @param {Record<string, any>} more @param {import("../common/requests.js").Then} then @param {string} [name] */
  about(kind, { image, epoch, version, painted }, more, then, name = kind) {
    const buffers = painted ? [/** @type {ArrayBuffer} */ (painted.pixels.slice().buffer)] : undefined;
    this.requests.ask(kind, { image, epoch, version, ...more }, then, { buffers, name });
  }

  /** @type {MapsSource["maps"]} */
  maps(input, { second, ...wish }, then) {
    const take = (/** @type {any} */ told, /** @type {DataView[]} */ [data, ranges, picture]) =>
      then({ ...told, data, ranges, picture: told.picture && { ...told.picture, data: picture } });
    this.about("maps", input, wish, take, second ? "second" : "maps");
  }

  keep() {
    this.requests.ask("keep", {});
  }

  /** @type {MapsSource["chain"]} */
  chain(input, layer, place, then) {
    this.about("chain", input, { layer, ...place }, (told) => then(/** @type {any} */ (told)));
  }

  /** @type {MapsSource["sweep"]} */
  sweep(input, size, then) {
    this.about("sweep", input, { size }, (/** @type {any} */ told, [data]) =>
      then(told.problem ? told : { ...told, drops: numbersIn(data, "float32") }),
    );
  }

  /** @type {MapsSource["pictures"]} */
  pictures(numbers, then) {
    this.requests.ask("pictures", { numbers }, (told, [data]) => data && then(told.numbers, data));
  }

  /** @type {MapsSource["search"]} */
  search(then) {
    this.requests.ask("search", {}, (told) => then(/** @type {any} */ (told)));
  }

  /** @type {MapsSource["strongest"]} */
  strongest(layer, channel, then) {
    this.requests.ask("strongest", { layer, channel }, (told) => then(/** @type {any} */ (told)));
  }

  /** @type {MapsSource["kernels"]} */
  kernels(layer, inChannel, then) {
    this.requests.ask("kernels", { layer, in_channel: inChannel }, ({ problem }, [data]) =>
      then({ problem, kernels: data ? numbersIn(data, "float32") : null }),
    );
  }

  /** @type {MapsSource["pick"]} */
  pick(layer, channel, inChannel, then) {
    this.requests.ask("pick", { layer, channel, in_channel: inChannel }, then, { once: true });
  }

  /** @type {MapsSource["putBack"]} */
  putBack(then) {
    this.requests.ask("put_back", {}, then, { once: true });
  }

  /** @type {MapsSource["undo"]} */
  undo(then) {
    this.requests.ask("undo", {}, then, { once: true });
  }

  /** @type {MapsSource["accuracy"]} */
  accuracy(then) {
    this.requests.ask("accuracy", {}, (told) => then(/** @type {any} */ (told)));
  }
}
