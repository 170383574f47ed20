// The slip of every beginner: the right sum over the wrong window.

import { placeOf } from "./output_size.js";

/** @param {number} cells @param {string} less @param {string} more */
function shift(cells, less, more) {
  return cells === 0 ? "" : `${Math.abs(cells)} cell${Math.abs(cells) === 1 ? "" : "s"} too ${cells < 0 ? less : more}`;
}

/**
 * What windows nearby would give, nearest first, then all other steps of a small output.
 * @param {import("./player.js").Plan} plan @param {number} step @param {(top: number, left: number) => number} valueAt
 * @returns {Generator<[number, string]>}
 */
export function* windowMistakes(plan, step, valueAt) {
  const { top, left } = placeOf(plan, step);
  const { stride } = plan.moves;
  const near = [-stride, -1, 0, 1, stride].filter((by, i, all) => all.indexOf(by) === i);
  const moves = near.flatMap((down) => near.map((right) => ({ down, right, far: Math.abs(down) + Math.abs(right) })));
  for (const { down, right, far } of moves.sort((a, b) => a.far - b.far)) {
    if (!far || !touches(plan, top + down, left + right)) continue;
    const where = [shift(down, "high", "low"), shift(right, "far left", "far right")].filter(Boolean).join(" and ");
    yield [valueAt(top + down, left + right), `Wrong window: yours lies ${where}.`];
  }
  if (plan.output.length > 64) return;
  for (let other = 0; other < plan.output.length; other++) {
    const place = placeOf(plan, other);
    yield [plan.output[other], `Wrong window: that is the value of row ${place.row + 1}, column ${place.column + 1}.`];
  }
}

/** Whether a window covers any real cell. @param {import("./player.js").Plan} plan @param {number} top @param {number} left */
function touches({ image, window, moves: { dilation } }, top, left) {
  const [height, width] = [dilation * (window.height - 1) + 1, dilation * (window.width - 1) + 1];
  return top < image.height && left < image.width && top + height > 0 && left + width > 0;
}
