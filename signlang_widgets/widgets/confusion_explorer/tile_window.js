// Which tiles of a long gallery are on screen. A browser's page has an end (some 17 million pixels), a gallery has none: where
// it is longer, one step of the scroll bar stands for more than one pixel.

const LONGEST = 8_000_000;

/**
 * @typedef {{count: number, columns: number, tileHeight: number, boxHeight: number}} GalleryShape
 */

/** How high the scrolled content is. @param {GalleryShape} shape */
export function contentHeight({ count, columns, tileHeight, boxHeight }) {
  return Math.max(boxHeight, Math.min(LONGEST, Math.ceil(count / columns) * tileHeight));
}

/** The pixels of gallery that one pixel of scroll bar stands for. @param {GalleryShape} shape */
function stretch(shape) {
  const { count, columns, tileHeight, boxHeight } = shape;
  const travel = contentHeight(shape) - boxHeight;
  return travel > 0 ? (Math.ceil(count / columns) * tileHeight - boxHeight) / travel : 1;
}

/**
 * The places on screen, `first` to `last` (exclusive), and where in the content the row of `first` begins.
 * @param {GalleryShape} shape @param {number} scrollTop
 */
export function onScreen(shape, scrollTop) {
  const { count, columns, tileHeight, boxHeight } = shape;
  const at = scrollTop * stretch(shape);
  const row = Math.max(0, Math.floor(at / tileHeight));
  const rows = Math.ceil((at + boxHeight) / tileHeight) - row;
  return {
    first: Math.min(count, row * columns),
    last: Math.min(count, (row + rows) * columns),
    top: scrollTop + row * tileHeight - at,
  };
}

/** Where to scroll so that a place is on screen, moving as little as possible. @param {GalleryShape} shape @param {number} scrollTop @param {number} place */
export function scrollTo(shape, scrollTop, place) {
  const { columns, tileHeight, boxHeight } = shape;
  const factor = stretch(shape);
  const top = Math.floor(place / columns) * tileHeight;
  const at = scrollTop * factor;
  if (top < at) return top / factor;
  return top + tileHeight > at + boxHeight ? (top + tileHeight - boxHeight) / factor : scrollTop;
}

/** Where a key leads from a place, or null when it leads nowhere. @param {string} key @param {number} place @param {GalleryShape} shape */
export function steppedPlace(key, place, { count, columns, tileHeight, boxHeight }) {
  const page = Math.max(1, Math.floor(boxHeight / tileHeight)) * columns;
  const step = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -page,
    PageDown: page,
    Home: -count,
    End: count,
  }[key];
  return step === undefined ? null : Math.max(0, Math.min(count - 1, place + step));
}
