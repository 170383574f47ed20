import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const WIDGETS = new URL("../../../signlang_widgets/widgets/", import.meta.url);
const files = /** @type {string[]} */ (readdirSync(WIDGETS, { recursive: true })).filter((name) =>
  name.endsWith(".js"),
);
const widgets = files.filter((name) => readFileSync(new URL(name, WIDGETS), "utf8").includes("\nexport default "));

test("each widget's script exports one object with initialize and render", async () => {
  assert.ok(widgets.length >= 6, widgets.join());
  for (const name of widgets) {
    const { default: widget } = await import(new URL(name, WIDGETS).href);
    assert.deepEqual([name, Object.keys(widget), typeof widget.initialize, typeof widget.render].flat(), [
      name,
      "initialize",
      "render",
      "function",
      "function",
    ]);
  }
});
