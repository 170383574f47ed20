import assert from "node:assert/strict";
import test from "node:test";
import {
  contentHeight,
  onScreen,
  scrollTo,
  steppedPlace,
} from "../../../signlang_widgets/widgets/confusion_explorer/tile_window.js";

const small = { count: 37, columns: 3, tileHeight: 100, boxHeight: 250 };
const huge = { count: 1_000_003, columns: 3, tileHeight: 100, boxHeight: 250 };

test("only the rows on screen exist", () => {
  assert.equal(contentHeight(small), 1300);
  assert.deepEqual(onScreen(small, 0), { first: 0, last: 9, top: 0 });
  assert.deepEqual(onScreen(small, 120), { first: 3, last: 12, top: 100 });
  assert.deepEqual(onScreen(small, 1050), { first: 30, last: 37, top: 1000 });
  assert.deepEqual(onScreen({ ...small, count: 0 }, 0), { first: 0, last: 0, top: 0 });
});

test("the bottom of the scroll bar is the last image, however many there are", () => {
  for (const shape of [small, huge]) {
    const bottom = contentHeight(shape) - shape.boxHeight;
    assert.equal(onScreen(shape, bottom).last, shape.count);
  }
  assert.ok(contentHeight(huge) < 10_000_000);
});

test("every place can be scrolled to", () => {
  for (const shape of [small, huge])
    for (const place of [0, 5, 36, Math.floor(shape.count / 2), shape.count - 1]) {
      const { first, last } = onScreen(shape, scrollTo(shape, 77, place));
      assert.ok(first <= place && place < last, `${place} in ${first}..${last}`);
    }
  assert.equal(scrollTo(small, 100, 4), 100); // on screen already: nothing moves
});

test("keys step by image, row and screen, and stop at the ends", () => {
  const from = (/** @type {number} */ place) => (/** @type {string} */ key) => steppedPlace(key, place, small);
  assert.deepEqual(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].map(from(10)), [9, 11, 7, 13]);
  assert.deepEqual(["PageUp", "PageDown", "Home", "End", "x"].map(from(10)), [4, 16, 0, 36, null]);
  assert.deepEqual(["ArrowUp", "ArrowLeft"].map(from(1)), [0, 0]);
});
