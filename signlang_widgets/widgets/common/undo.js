// Undo and redo for one value. Changes of one gesture (a drag, typing in one cell) count as one step.

const LIMIT = 200;

/**
 * @template T
 * @param {T} first @param {(a: T, b: T) => boolean} same
 */
export function makeHistory(first, same) {
  /** @type {T[]} */
  let states = [first];
  let at = 0;
  /** @type {unknown} */
  let current = null;
  return {
    /** @param {T} value @param {unknown} [gesture] changes with the same gesture replace each other */
    record(value, gesture = null) {
      if (same(states[at], value)) return;
      const replace = gesture !== null && gesture === current && at > 0;
      states = [...states.slice(0, replace ? at : at + 1), value].slice(-LIMIT);
      at = states.length - 1;
      current = gesture;
    },
    /** @param {1 | -1} direction @returns {T} */
    go(direction) {
      at = Math.max(0, Math.min(states.length - 1, at + direction));
      current = null;
      return states[at];
    },
    canUndo: () => at > 0,
    canRedo: () => at < states.length - 1,
  };
}
