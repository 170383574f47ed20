// Who computes what the explorer shows. The view asks a source and does not know whether Python or the browser works behind it.

/** @typedef {import("./feature_maps.js").MapsMessage} MapsMessage */
/** @typedef {import("./number_chain.js").ChainStep} ChainStep */
/** @typedef {{problem: string} | {problem?: undefined}} Outcome a sentence for the learner where something went wrong */

/**
 * What the network reads: an image, after a saved epoch (null: now), with which version of the weights. `painted` is what was
 * painted on it, with a number of its own for each state of the picture.
 * @typedef {{image: number, epoch: number | null, version: number, painted: {pixels: Uint8Array, serial: number} | null}} Input
 */

/** @typedef {{channel: number, row: number, column: number}} Place a cell of a layer's planes; a vector is one row */
/** @typedef {{shape: number[], drops: ArrayLike<number>, predicted: number, score: number, size: number, stride: number}} Sweep */

/**
 * Whatever computes maps. Answers come by callback, later or never; of two wishes of one kind the older one may go unanswered.
 * Commands (`pick`, `putBack`, `undo`) are done once; what they change shows in the model's traits.
 * @typedef {object} MapsSource
 * @property {boolean} ready whether it answers now
 * @property {(callback: () => void) => () => void} watch calls back when `ready` changes; returns what ends that
 * @property {(input: Input, wish: MapsWish, then: (found: (MapsMessage & {problem?: undefined}) | {problem: string}) => void) => void} maps
 *   the scores of an input and the maps of `wish.layer`, and of as many other layers as fit
 * @property {() => void} keep stores what is shown for a notebook without Python
 * @property {(input: Input, layer: string, place: Place, then: (found: Outcome & {steps: ChainStep[]}) => void) => void} chain
 *   the numbers behind one cell
 * @property {(input: Input, size: number, then: (found: (Sweep & {problem?: undefined}) | {problem: string}) => void) => void} sweep
 *   how far the score falls with a cover at each place
 * @property {(numbers: number[], then: (numbers: number[], data: DataView) => void) => void} pictures small pictures of images
 * @property {(then: (progress: Outcome & {done: number, total: number}) => void) => void} search
 *   a piece of the walk over the whole set; its end shows in the trait `dead`
 * @property {(layer: string, channel: number, then: (found: Outcome & {images: [number, number][] | null}) => void) => void} strongest
 *   image and largest value of those that excite a channel most; null before the search has ended
 * @property {(layer: string, inChannel: number, then: (found: Outcome & {kernels: Float32Array | null}) => void) => void} kernels
 * @property {(layer: string, channel: number, inChannel: number, then: (outcome: Outcome) => void) => void} pick
 * @property {(then: (outcome: Outcome) => void) => void} putBack
 * @property {(then: (outcome: Outcome) => void) => void} undo
 * @property {(then: (progress: Outcome & {done: number, total: number}) => void) => void} accuracy
 *   a piece of reading the set with and without the changes; its end shows in the trait `accuracy`
 */

/**
 * `have`: layers that are here; none comes where `layer` is one of them. `picture`: whether the untouched image is wanted too.
 * `second`: the image that the first is compared with, a wish of its own beside that of the first.
 * @typedef {{layer: string, have: string[], picture: boolean, second?: boolean}} MapsWish
 */

/** What tells one input from another. @param {Input} input */
export function keyOf({ image, epoch, version, painted }) {
  return `${image} ${epoch} ${version} ${painted?.serial ?? ""}`;
}
