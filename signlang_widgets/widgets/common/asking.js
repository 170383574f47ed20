// Questions to Python and their answers. Without a kernel nobody answers: then `alive` stays false.

/** @typedef {import("./view.js").Model} Model */
/** @typedef {{id: number, problem?: string} & Record<string, any>} Answer */
/** @typedef {(answer: Answer, buffers: DataView[]) => void} Then */

/** @param {Model} model @param {{run: (name: string, act: () => void) => void, spend: (bytes: number) => void}} pace */
export function makeAsker(model, pace) {
  /** @type {Map<number, Then>} */
  const open = new Map();
  /** @type {Set<() => void>} */
  const awaiting = new Set();
  let last = 0;
  const asker = {
    alive: false,
    /**
     * Asks once the pace allows; a newer question of the same kind takes the place of one that was not sent yet.
     * @param {string} kind @param {Record<string, any>} question @param {Then} then
     */
    ask(kind, question, then) {
      pace.run(kind, () => {
        last += 1;
        open.set(last, then);
        model.send({ ...question, ask: kind, id: last });
      });
    },
    /** Calls back when Python is there. @param {() => void} callback @returns {() => void} what ends it */
    whenAlive(callback) {
      awaiting.add(callback);
      if (asker.alive) callback();
      return () => awaiting.delete(callback);
    },
  };
  model.on("msg:custom", (/** @type {Answer} */ answer, /** @type {DataView[]} */ buffers = []) => {
    const then = open.get(answer?.id);
    open.delete(answer?.id);
    for (const buffer of buffers) pace.spend(buffer.byteLength);
    if (!asker.alive) {
      asker.alive = true;
      for (const callback of awaiting) callback();
    }
    then?.(answer, buffers);
  });
  asker.ask("hello", {}, () => {});
  return asker;
}
