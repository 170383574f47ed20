// What makes Python answer goes out at a pace that its answers can be sent at: few messages, few bytes.

const GAP = 110; // milliseconds: at most nine answers a second
const BURST = 1_200_000; // bytes that may come at once, after a rest
const REFILL = 300; // bytes a millisecond that may come for ever

/**
 * Runs one errand at a time. A newer errand of the same name takes the place of one that waits; the last one always runs.
 * @param {{now?: () => number, later?: (act: () => void, wait: number) => unknown}} [clock]
 */
export function makePace({ now = () => performance.now(), later = (act, wait) => setTimeout(act, wait) } = {}) {
  /** @type {Map<string, () => void>} */
  const waiting = new Map();
  let last = Number.NEGATIVE_INFINITY;
  let room = BURST;
  let counted = now();
  let resting = false;
  let stopped = false;

  const refill = () => {
    room = Math.min(BURST, room + (now() - counted) * REFILL);
    counted = now();
  };
  const pump = () => {
    resting = false;
    const next = waiting.entries().next().value;
    if (!next) return;
    refill();
    const wait = Math.max(last + GAP - now(), room < 0 ? -room / REFILL : 0);
    if (wait > 0) {
      resting = true;
      later(pump, Math.ceil(wait));
      return;
    }
    waiting.delete(next[0]);
    last = now();
    next[1]();
    pump();
  };
  return {
    /** @param {string} name @param {() => void} act */
    run(name, act) {
      if (!stopped) waiting.set(name, act);
      if (!resting) pump();
    },
    /** Python is gone: nothing goes out any more. */
    stop() {
      stopped = true;
      waiting.clear();
    },
    /** Notes what an answer weighed. @param {number} bytes */
    spend(bytes) {
      refill();
      room -= bytes;
    },
  };
}
