// A photograph from its bytes, pixel by pixel: three channels in colour, any other number as their mean.

/**
 * @param {HTMLCanvasElement} canvas @param {Uint8Array} pixels plane after plane @param {number[]} shape channels, height, width
 */
export function paintPicture(canvas, pixels, [channels, height, width]) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(width, height);
  const plane = height * width;
  for (let i = 0; i < plane; i++) {
    let mean = 0;
    for (let c = 0; c < channels; c++) mean += pixels[c * plane + i] / channels;
    for (let c = 0; c < 3; c++) picture.data[4 * i + c] = channels === 3 ? pixels[c * plane + i] : mean;
    picture.data[4 * i + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
}

/** How many whole screen pixels a pixel takes so that the longer side comes near `side`; one at least. @param {number[]} shape @param {number} side */
export function pixelScale([, height, width], side) {
  return Math.max(1, Math.floor(side / Math.max(height, width)));
}

/** @param {HTMLCanvasElement} canvas @param {number[]} shape @param {number} scale */
export function sizePicture(canvas, [, height, width], scale) {
  Object.assign(canvas.style, { width: `${width * scale}px`, height: `${height * scale}px` });
}
