// A clock that a test turns: what was put off happens when its time has come, in order.

export function handTurnedClock() {
  let time = 0;
  /** @type {{at: number, act: () => void}[]} */
  let due = [];
  return {
    now: () => time,
    later(/** @type {() => void} */ act, /** @type {number} */ wait) {
      const timer = { at: time + wait, act };
      due.push(timer);
      return timer;
    },
    drop(/** @type {any} */ timer) {
      due = due.filter((other) => other !== timer);
    },
    /** Lets time pass. @param {number} milliseconds */
    pass(milliseconds) {
      const end = time + milliseconds;
      for (;;) {
        const [next] = due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        due = due.filter((other) => other !== next);
        time = Math.max(time, next.at);
        next.act();
      }
      time = end;
    },
  };
}
