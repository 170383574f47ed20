import assert from "node:assert/strict";
import test from "node:test";
import { AskedImages, imagesOf } from "../../../signlang_widgets/widgets/confusion_explorer/image_store.js";
import { handTurnedClock } from "../clock.js";
import { buffersOf, query } from "./tile_cases.js";

/** A page and a Python that answers when it is told to. @param {Record<string, any>} [state] */
function asking(state = {}) {
  const clock = handTurnedClock();
  /** @type {any[]} */
  const asked = [];
  /** @type {Map<string, (...args: any[]) => void>} */
  const listeners = new Map();
  /** @type {any} */
  const model = {
    alone: state.alone,
    get: (/** @type {string} */ name) => ({ figures: { tile: [1, 2, 2] }, ...state })[name],
    on: (/** @type {string} */ event, /** @type {any} */ callback) => listeners.set(event, callback),
    send: (/** @type {any} */ content) => void asked.push(content),
  };
  /** @param {any} question @param {any} told @param {DataView[]} [buffers] */
  const answer = (question, told, buffers = []) => listeners.get("msg:custom")?.({ ...told, id: question.id }, buffers);
  /** Image 10 * place at each place. @param {any} question @param {number} length */
  const answerTiles = ({ version, start, ...question }, length) => {
    const indices = Array.from({ length }, (_, i) => 10 * (start + i));
    answer(question, { version, start, length }, buffersOf(indices));
  };
  const store = new AskedImages(model, clock);
  return { clock, asked, model, store, answer, answerTiles };
}

const settled = () => new Promise((resolve) => queueMicrotask(() => resolve(undefined)));

test("asks once for what is on screen, keeps it, and asks no more", async () => {
  const { store, asked, answerTiles } = asking();
  let told = 0;
  store.listen(() => told++);
  store.want(query, 0, 6, 100);
  store.want(query, 0, 6, 100);
  const [{ id, ...question }] = asked;
  assert.deepEqual(question, { ask: "tiles", ...query, start: 0, stop: 30 });
  answerTiles(asked[0], 30);
  await settled();
  assert.equal(told, 1);
  assert.deepEqual(
    { ...store.at(query, 3), pixels: [...(store.at(query, 3)?.pixels ?? [])] },
    {
      ...{ index: 30, true: 1, predicted: 2, confidence: 0.5, pixels: [12, 13, 14, 15] },
    },
  );
  store.want({ ...query }, 3, 9, 100);
  assert.equal(asked.length, 1);
});

test("while the hand scrolls, only what is on screen at last is asked for", async () => {
  const { store, asked, answerTiles, clock } = asking();
  for (const first of [0, 50, 100, 150]) store.want(query, first, first + 6, 1000);
  clock.pass(1000);
  assert.deepEqual(
    asked.map(({ start }) => start),
    [0],
  );
  store.listen(() => store.want(query, 150, 156, 1000)); // as the gallery does when images have come
  answerTiles(asked[0], 30);
  await settled();
  clock.pass(1000);
  assert.deepEqual(
    asked.map(({ start }) => start),
    [0, 150],
  );
  answerTiles(asked[1], 30);
  assert.equal(store.at(query, 150)?.index, 1500);
});

test("an answer cut short is asked on from where it ended", async () => {
  const { store, asked, answerTiles, clock } = asking();
  store.want(query, 0, 9, 100);
  answerTiles(asked[0], 4);
  await settled();
  store.want(query, 0, 9, 100);
  clock.pass(1000);
  assert.equal(asked[1].start, 4);
});

test("the end of a cell is the end of a question", () => {
  const { store, asked } = asking();
  store.want(query, 0, 6, 7);
  assert.equal(asked[0].stop, 7);
});

test("what Python tells of another evaluation is dropped", async () => {
  const { store, asked, answer, clock } = asking();
  store.want(query, 0, 6, 100);
  store.wantPortrait(0, 7);
  const [tiles, portrait] = asked;
  answer(tiles, { version: 1, start: 0, length: 2 }, buffersOf([7, 8]));
  answer(portrait, { version: 1 });
  await settled();
  assert.equal(store.at(query, 0), undefined);
  assert.equal(store.portrait(0, 7), undefined);
  store.want(query, 0, 6, 100); // until the page hears of the new evaluation, asking again would be in vain
  store.want({ ...query, version: 1 }, 0, 6, 100);
  clock.pass(1000);
  assert.deepEqual(
    asked.slice(2).map(({ version }) => version),
    [1],
  );
});

test("what Python refuses is said, and not asked again at once", async () => {
  const { store, asked, answer, clock } = asking();
  store.wantPortrait(0, 99);
  answer(asked[0], { problem: "There is no image 99." });
  await settled();
  store.wantPortrait(0, 99);
  clock.pass(1000);
  assert.deepEqual([store.problem, asked.length], ["There is no image 99.", 1]);
});

test("the cell looked at longest ago goes first", () => {
  const { store, asked, answerTiles, clock } = asking({ figures: { tile: [1, 2000, 2000] } });
  const [a, b, c] = [0, 1, 2].map((i) => ({ ...query, pin: [i, i] }));
  for (const q of /** @type {any[]} */ ([a, b, c])) {
    store.want(q, 0, 7, 7);
    clock.pass(1000);
    answerTiles(asked.at(-1), 7);
    store.at(/** @type {any} */ (a), 0);
  }
  assert.deepEqual(
    /** @type {any[]} */ ([a, b, c]).map((q) => store.at(q, 0) !== undefined),
    [true, false, true],
  );
});

test("what came with the notebook is there before Python is", () => {
  const { version, ...sorted } = query; // a stored notebook sorts the names of a question
  const first = [{ ask: "tiles", length: 2, ...sorted, start: 0, version, buffers: buffersOf([7, 8]) }];
  const { store } = asking({ first });
  assert.deepEqual(
    [0, 1, 2].map((place) => store.at(query, place)?.index),
    [7, 8, undefined],
  );
});

test("an overdue answer is told, and forgotten once it comes", () => {
  const { store, asked, answerTiles, clock } = asking();
  store.want(query, 0, 6, 100);
  clock.pass(1400);
  assert.equal(store.late, false);
  clock.pass(200);
  assert.equal(store.late, true);
  answerTiles(asked[0], 30);
  assert.equal(store.late, false);
});

test("without Python nobody is asked, and what is lacking is said once", async () => {
  const { store, asked } = asking({ alone: true });
  let told = 0;
  store.listen(() => {
    told++;
    store.want(query, 0, 6, 100);
  });
  assert.equal(store.late, false);
  store.want(query, 0, 6, 100);
  await settled();
  await settled();
  assert.deepEqual([store.late, told, asked.length], [true, 1, 0]);
});

test("an opened image is asked for once an evaluation", () => {
  const { store, asked, answer } = asking();
  store.wantPortrait(0, 7);
  store.wantPortrait(0, 7);
  const [{ id, ...question }] = asked;
  assert.deepEqual(question, { ask: "portrait", version: 0, index: 7 });
  assert.equal(store.portrait(0, 7), undefined);
  const told = { version: 0, index: 7, near: [1, 2], top: [], letters: [1, 2], loss: 1, shape: [1, 2, 2] };
  answer(asked[0], told, [...buffersOf([0]).slice(4), ...buffersOf([7, 3, 4, 5])]);
  const near = store.portrait(0, 7)?.near?.map((tiles) => tiles.map(({ index }) => index));
  assert.deepEqual([store.portrait(0, 7)?.tile.index, near], [7, [[3], [4, 5]]]);
  store.wantPortrait(0, 7);
  assert.equal(asked.length, 1);
});

test("a page that holds its images asks nobody", () => {
  const { model } = asking({ preloaded: undefined });
  assert.ok(imagesOf(model) instanceof AskedImages);
});
