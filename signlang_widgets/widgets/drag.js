// Dragging a number sideways: 0.1 a step, with Shift 1, with Alt 0.01.

/** @typedef {import("./view.js").View} View */

const PIXELS_A_STEP = 4;

/**
 * The pointer stays caught when it leaves the widget; a press that does not move is left alone (it places the focus).
 * @param {View} view @param {HTMLElement} el
 * @param {{begin: (cell: HTMLInputElement) => number, change: (cell: HTMLInputElement, value: number, gesture: object) => void}} hand
 */
export function dragSideways(view, el, hand) {
  /** @type {{cell: HTMLInputElement, x: number, value: number, moving: boolean} | null} */
  let drag = null;
  view.on(el, "pointerdown", (event) => {
    if (event.button !== 0 || !(event.target instanceof HTMLInputElement) || event.target.readOnly) return;
    drag = { cell: event.target, x: event.clientX, value: 0, moving: false };
  });
  view.on(el, "mousedown", (event) => {
    if (!drag || document.activeElement === event.target) return;
    event.preventDefault(); // no text selection under the drag; the focus is set by hand
    drag.cell.focus();
  });
  view.on(el, "pointermove", (event) => {
    if (!drag) return;
    const steps = Math.round((event.clientX - drag.x) / PIXELS_A_STEP);
    if (!drag.moving) {
      if (steps === 0) return;
      drag.moving = true;
      drag.value = hand.begin(drag.cell);
      drag.cell.setPointerCapture(event.pointerId);
      el.classList.add("slw-dragging");
    }
    const size = event.shiftKey ? 1 : event.altKey ? 0.01 : 0.1;
    hand.change(drag.cell, drag.value + steps * size, drag);
  });
  const end = () => {
    drag = null;
    el.classList.remove("slw-dragging");
  };
  view.on(el, "pointerup", end);
  view.on(el, "pointercancel", end);
}
