// Tiles as Python sends them, for the tests of who keeps and sorts them.

/** @param {number[]} indices @param {number} [side] bytes a picture */
export function buffersOf(indices, side = 4) {
  const views = [
    Int32Array.from(indices),
    Int32Array.from(indices, () => 1),
    Int32Array.from(indices, () => 2),
    Float32Array.from(indices, () => 0.5),
    Uint8Array.from({ length: indices.length * side }, (_, i) => i),
  ];
  return views.map((view) => new DataView(view.buffer));
}

/** @type {import("../../../signlang_widgets/widgets/confusion_explorer/tiles.js").Query} */
export const query = { version: 0, pin: [1, 2], pairs: false, sort: "loss", descending: true };
