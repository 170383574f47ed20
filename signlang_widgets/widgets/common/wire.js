// Arrays on their way between Python and the page: {shape, dtype, data}, little-endian bytes. wire.py is the other side.

/** @typedef {"uint8" | "int32" | "float32" | "float64"} Kind */
/** @typedef {{shape: number[], dtype: Kind, data: DataView}} Packed */
/** @typedef {Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>} Numbers */

const KINDS = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array, float64: Float64Array };

/**
 * The numbers of bytes that came, in a copy of their own: bytes become 0..255, floats stay as they are.
 * @template {Kind} K
 * @param {DataView} data @param {K} dtype @returns {InstanceType<(typeof KINDS)[K]>}
 */
export function numbersIn(data, dtype) {
  const copy = /** @type {ArrayBuffer} */ (data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
  return /** @type {any} */ (new KINDS[dtype](copy));
}

/** The numbers of a packed array. @param {Packed} packed @returns {Numbers} */
export function unpacked({ dtype, data }) {
  return numbersIn(data, dtype);
}

/** An array as it travels. @param {number[]} shape @param {Numbers} numbers @returns {Packed} */
export function packed(shape, numbers) {
  const dtype = /** @type {Kind} */ (
    Object.keys(KINDS).find((kind) => numbers instanceof KINDS[/** @type {Kind} */ (kind)])
  );
  return { shape, dtype, data: new DataView(numbers.slice().buffer) };
}
