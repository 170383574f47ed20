import assert from "node:assert/strict";
import test from "node:test";
import { misfit, placeOf, sizeWords, stepOver } from "../../../signlang_widgets/widgets/steppers/output_size.js";

const moves = { stride: 1, padding: 0, dilation: 1 };

test("what fits is no problem, what does not shows the formula with its numbers", () => {
  const image = { height: 5, width: 7 };
  assert.equal(misfit(image, { height: 5, width: 7 }, moves, "kernel"), null);
  const words = misfit(image, { height: 3, width: 4 }, { ...moves, dilation: 3 }, "kernel");
  assert.match(
    words ?? "",
    /spans 7 cells, the padded image has 5: floor\(\(5 \+ 2·0 − 3·\(3 − 1\) − 1\) \/ 1\) \+ 1 = −1/,
  );
  assert.match(words ?? "", /The old setting stays/);
});

test("a ceil window that would begin outside is left out, and said", () => {
  const words = sizeWords(
    { height: 4, width: 4 },
    { height: 1, width: 1 },
    { stride: 4, padding: 0, dilation: 1 },
    true,
  );
  assert.match(words, /= 2, less the last/);
});

test("pointing at an image cell leads to a window that covers it", () => {
  const plan = { rows: 3, columns: 4, window: { height: 2, width: 3 }, moves: { stride: 2, padding: 1, dilation: 1 } };
  for (let y = 0; y < 5; y++)
    for (let x = 0; x < 7; x++) {
      const { top, left } = placeOf(plan, stepOver(plan, y, x));
      assert.ok(y >= top && y < top + 2 && x >= left && x < left + 3, `${y} ${x}`);
    }
});
