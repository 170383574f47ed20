// What makes Python answer goes out at a pace that its answers can be sent at: few messages, few bytes.

const AT_ONCE = 3; // errands after a rest, so that the first does not wait; with those of a second at most ten
const A_MILLISECOND = 0.007; // errands that may go out for ever
const BURST = 700_000; // bytes that may come at once, after a rest
const REFILL = 275; // bytes a millisecond that may come for ever

/**
 * Runs one errand at a time. A newer errand of the same name takes the place of one that waits; the last one always runs.
 * @param {{now?: () => number, later?: (act: () => void, wait: number) => unknown}} [clock]
 */
export function makePace({ now = () => performance.now(), later = (act, wait) => setTimeout(act, wait) } = {}) {
  /** @type {Map<string, () => void>} */
  const waiting = new Map();
  let errands = AT_ONCE;
  let room = BURST;
  let usual = 0; // bytes of the last answer: the next one must find as much room
  let counted = now();
  let resting = false;
  let stopped = false;

  const refill = () => {
    const passed = now() - counted;
    room = Math.min(BURST, room + passed * REFILL);
    errands = Math.min(AT_ONCE, errands + passed * A_MILLISECOND);
    counted = now();
  };
  const pump = () => {
    resting = false;
    const next = waiting.entries().next().value;
    if (!next) return;
    refill();
    const wait = Math.max((1 - errands) / A_MILLISECOND, (usual - room) / REFILL);
    if (wait > 0) {
      resting = true;
      later(pump, Math.ceil(wait));
      return;
    }
    waiting.delete(next[0]);
    errands -= 1;
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
      usual = Math.min(bytes, BURST);
    },
  };
}
