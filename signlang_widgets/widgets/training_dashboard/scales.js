// Axes: which numbers are worth a tick, and where a value stands between the ends.

/** @typedef {{low: number, high: number, log: boolean}} Axis */

const STEPS_OF_TEN = [1, 2, 5, 10];

/** The round step that gives at most `most` ticks from 0 to `span`. @param {number} span @param {number} most */
export function roundStep(span, most) {
  const raw = span / most;
  const ten = 10 ** Math.floor(Math.log10(raw));
  return (STEPS_OF_TEN.find((step) => step * ten >= raw * (1 - 1e-9)) ?? 10) * ten;
}

/** Round numbers from `low` to `high`, at most `most` + 1 of them. @param {number} low @param {number} high @param {number} most */
export function linearTicks(low, high, most) {
  if (!(high > low)) return [low];
  const step = roundStep(high - low, most);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** 1, 2 and 5 times powers of ten; powers alone over more than three decades, round numbers within less than one. @param {number} low @param {number} high */
export function logTicks(low, high) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const steps = last - first > 3 ? [1] : [1, 2, 5];
  const apart = Math.ceil((last - first) / 6); // never more than about six powers
  const ticks = [];
  for (let power = first; power <= last; power++)
    if (steps.length > 1 || (power - first) % apart === 0)
      for (const step of steps) ticks.push(Number((step * 10 ** power).toPrecision(12)));
  const inside = ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
  return inside.length > 2 ? inside : linearTicks(low, high, 4);
}

/** Where a value stands, 0 at the low end, 1 at the high end. @param {Axis} axis @param {number} value */
export function share({ low, high, log }, value) {
  if (!(high > low)) return 0.5;
  if (!log) return (value - low) / (high - low);
  return Math.log(Math.max(value, low / 10) / low) / Math.log(high / low);
}

/**
 * An axis from 0 (or, on a logarithmic scale, from below the lowest) to a round number above the highest.
 * @param {Iterable<number>} values @param {boolean} log @returns {Axis}
 */
export function axisOver(values, log) {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values)
    if (Number.isFinite(value) && value > 0) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (high === 0) return { low: log ? 0.1 : 0, high: 1, log };
  if (log) return { low: low / 1.2, high: Math.max(high, low * 2) * 1.2, log };
  const step = roundStep(high, 5);
  return { low: 0, high: Math.ceil(high / step - 1e-9) * step, log };
}

/** Place of the value nearest to `x` in an ascending list; -1 in an empty one. @param {ArrayLike<number>} xs @param {number} x */
export function nearestPlace(xs, x) {
  let [from, to] = [0, xs.length - 1];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (xs[middle] < x) from = middle;
    else to = middle;
  }
  return to >= 0 && Math.abs(xs[to] - x) <= Math.abs(xs[from] - x) ? to : Math.min(from, to);
}
