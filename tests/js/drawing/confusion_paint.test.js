import assert from "node:assert/strict";
import test from "node:test";
import { matrixLayout } from "../../../signlang_widgets/widgets/drawing/confusion_paint.js";

const measure = (/** @type {string} */ text) => 7 * text.length;
const names = (/** @type {number} */ n, name = "M") => Array.from({ length: n }, () => name);

test("2 to 200 classes fit into a phone and a page", () => {
  for (const room of [320, 520, 880])
    for (const classes of [2, 24, 26, 100, 200]) {
      const layout = matrixLayout(room, names(classes), measure, true);
      assert.ok(layout.width <= room || layout.cell === 1, `${classes} classes in ${room}: ${layout.width}`);
      assert.ok(layout.cell >= 1 && layout.cell <= 64);
      assert.ok(layout.cell * layout.every >= 14 - 1e-9); // letters do not overlap
    }
});

test("figures stand beside the matrix where a line of text fits, and letters stand upright where they can", () => {
  assert.equal(matrixLayout(560, names(24), measure, true).figures, true);
  assert.equal(matrixLayout(560, names(24), measure, false).figures, false);
  assert.equal(matrixLayout(320, names(24), measure, true).figures, false);
  assert.equal(matrixLayout(560, names(24), measure, true).upright, true);
  assert.equal(matrixLayout(560, names(10, "automobile"), measure, true).upright, false);
});
