// Dragging a number sideways: a tenth of what a key changes, with Shift ten times that, with Alt a tenth of it.

/** @typedef {import("../common/view.js").View} View */

const PIXELS_A_STEP = 4;
const SLIP = 4; // pixels that a hand slips while it clicks

/**
 * The pointer stays caught when it leaves the widget; a press that does not move is left alone (it places the focus).
 * @param {View} view @param {HTMLElement} el
 * @param {{begin: (cell: HTMLInputElement) => number, editing: (cell: HTMLInputElement) => boolean, step: () => number, change: (cell: HTMLInputElement, value: number, gesture: object) => void}} hand
 */
export function dragSideways(view, el, hand) {
  /** @type {{cell: HTMLInputElement, x: number, value: number, step: number, moving: boolean} | null} */
  let drag = null;
  view.on(el, "pointerdown", (event) => {
    if (event.button !== 0 || !(event.target instanceof HTMLInputElement) || event.target.readOnly) return;
    drag = { cell: event.target, x: event.clientX, value: 0, step: 0, moving: false };
  });
  view.on(el, "mousedown", (event) => {
    if (!drag || hand.editing(drag.cell)) return;
    event.preventDefault(); // the number stays chosen as a whole, ready to be typed over; the focus is set by hand
    drag.cell.focus();
  });
  view.on(el, "pointermove", (event) => {
    if (!drag) return;
    const steps = Math.round((event.clientX - drag.x) / PIXELS_A_STEP);
    if (!drag.moving) {
      if (Math.abs(event.clientX - drag.x) < SLIP) return;
      drag.moving = true;
      drag.step = hand.step();
      drag.value = hand.begin(drag.cell);
      drag.cell.setPointerCapture(event.pointerId);
      el.classList.add("slw-dragging");
    }
    const size = event.shiftKey ? 10 : event.altKey ? 0.1 : 1;
    hand.change(drag.cell, drag.value + steps * drag.step * size, drag);
  });
  const end = () => {
    drag = null;
    el.classList.remove("slw-dragging");
  };
  view.on(el, "pointerup", end);
  view.on(el, "pointercancel", end);
}
