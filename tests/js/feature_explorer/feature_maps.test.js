import assert from "node:assert/strict";
import test from "node:test";
import {
  differenceOf,
  endsOf,
  layerEnds,
  layersOf,
  levelAt,
  orderOf,
  scaleOf,
  softmax,
} from "../../../signlang_widgets/widgets/feature_explorer/feature_maps.js";
import { spotUnder, tilingOf } from "../../../signlang_widgets/widgets/feature_explorer/mosaic.js";
import { filled, shifted, stroked } from "../../../signlang_widgets/widgets/feature_explorer/painting.js";

/** Two maps of 2 x 3 and a vector of 4, as Python packs them; the views do not begin at byte 0. */
function message() {
  const bytes = new Uint8Array([9, 9, 0, 51, 102, 153, 204, 255, 255, 0, 0, 0, 0, 0, 0, 85, 170, 255]);
  const ranges = new Uint8Array(new Float32Array([7, 0, 5, -1, 1, 10, 13]).buffer);
  return {
    layers: {
      maps: { shape: [2, 2, 3], step: 1, at: 0, range: 0, broken: 0 },
      row: { shape: [1, 1, 4], step: 1, at: 12, range: 4, broken: 0 },
    },
    data: new DataView(bytes.buffer, 2),
    ranges: new DataView(ranges.buffer, 4),
  };
}

test("values come out of bytes and ranges", () => {
  const layers = layersOf(message());
  const maps = /** @type {import("../../../signlang_widgets/widgets/feature_explorer/feature_maps.js").Layer} */ (
    layers.get("maps")
  );
  assert.deepEqual([maps.count, maps.rows, maps.columns, maps.strip], [2, 2, 3, false]);
  assert.deepEqual(
    [0, 1, 5].map((cell) => levelAt(maps, 0, cell)),
    [0, 1, 5],
  );
  assert.equal(levelAt(maps, 1, 0), 1);
  assert.deepEqual(endsOf(maps, 1), { low: -1, high: 1 });
  assert.deepEqual(layerEnds(maps), { low: -1, high: 5 });
  const row = /** @type {import("../../../signlang_widgets/widgets/feature_explorer/feature_maps.js").Layer} */ (
    layers.get("row")
  );
  assert.deepEqual([row.count, row.rows, row.columns, row.strip], [4, 1, 1, true]);
  assert.deepEqual(
    [0, 1, 2, 3].map((tile) => levelAt(row, tile, 0)),
    [10, 11, 12, 13],
  );
  assert.deepEqual([...differenceOf(maps, maps)], new Array(12).fill(0));
});

test("tiles are sorted by their largest value, of whatever sign", () => {
  const [maps, row] = layersOf(message()).values();
  assert.deepEqual(orderOf(maps, "channel"), [0, 1]);
  maps.ranges = new Float32Array([0, 1, -3, 1]);
  assert.deepEqual(orderOf(maps, "strength"), [1, 0]);
  assert.deepEqual(orderOf(row, "strength"), [3, 2, 1, 0]);
});

test("a scale is symmetric for signed layers and begins at 0 for others", () => {
  const [map, layer, network] = [
    { low: 0, high: 1 },
    { low: -2, high: 1 },
    { low: -8, high: 3 },
  ];
  assert.deepEqual(scaleOf("map", map, layer, network), { low: -1, high: 1 });
  assert.deepEqual(scaleOf("layer", map, layer, network), { low: -2, high: 2 });
  assert.deepEqual(scaleOf("network", map, map, network), { low: 0, high: 8 });
  assert.deepEqual(scaleOf("map", { low: 0, high: 0 }, map, network), { low: 0, high: 1 });
});

test("softmax of large scores stays finite", () => {
  const shares = softmax([1000, 1000, 0]);
  assert.deepEqual(shares, [0.5, 0.5, 0]);
});

test("every pixel of every tile is found where it was laid", () => {
  const layer = { count: 30, rows: 5, columns: 7, strip: false };
  const tiling = tilingOf(layer, 2, 300);
  assert.equal(tiling.tileWidth, 7 * tiling.zoom);
  assert.ok(tiling.across * tiling.stepX <= 300 + tiling.stepX - tiling.tileWidth);
  for (const slot of [0, 1, tiling.across, 29]) {
    const x = (slot % tiling.across) * tiling.stepX + 6.5 * tiling.zoom;
    const y = Math.floor(slot / tiling.across) * tiling.stepY + 2.5 * tiling.zoom;
    assert.deepEqual(spotUnder(tiling, 30, x, y), { slot, row: 2, column: 6 });
  }
  assert.equal(spotUnder(tiling, 30, 1, tiling.tileHeight + 1), null);
  assert.equal(spotUnder(tiling, 1, tiling.stepX + 1, 1), null);
});

test("tools of the brush", () => {
  const size = { channels: 2, height: 3, width: 4 };
  const picture = Uint8Array.from({ length: 24 }, (_, i) => i);
  const painted = filled(picture, size, { row: 0, column: 3, side: 2 }, 200);
  assert.deepEqual(
    [...painted.keys()].filter((i) => painted[i] === 200),
    [3, 7, 15, 19],
  );
  assert.deepEqual(filled(painted, size, { row: 1, column: 1, side: 9 }, picture), picture);
  const line = stroked(picture, size, { row: 2, column: 0 }, { row: 0, column: 2 }, 1, 99);
  assert.deepEqual([line[8], line[5], line[2], line[0]], [99, 99, 99, 0]);
  const moved = shifted(picture, size, 1, -2);
  assert.deepEqual([...moved.subarray(0, 12)], [2, 3, 3, 3, 2, 3, 3, 3, 6, 7, 7, 7]);
  assert.equal(picture[0], 0);
});
