// A model as its views share it: changes show at once in every view and travel to Python through a throttle.
//
// Jupyter answers each message with an echo of what it was sent. A value set here but not sent yet would be overwritten by
// the echo of an older one, so unsent values are kept apart as drafts: while a trait has a draft, the draft is the truth.
// A model that cannot send, save or forget listeners (some front ends throw) costs what needs it, and no more.

import { Throttle } from "./throttle.js";

/**
 * The part of anywidget's model that the project uses; page.js has a stand-in for pages without a kernel.
 * @typedef {{
 *   get(name: string): any, set(name: string, value: any): void, save_changes(): void,
 *   on(name: string, callback: (...args: any[]) => void): void, off(name?: string | null, callback?: ((...args: any[]) => void) | null): void,
 *   send(content: any, callbacks?: any, buffers?: ArrayBuffer[]): void, alone?: boolean,
 * }} Model
 */

/**
 * One drawing of a model. `on` and `follow` are undone when the view goes.
 * @typedef {{
 *   model: Model, root: HTMLElement, send: () => void,
 *   on: (target: EventTarget, type: string, listener: (event: any) => void, options?: AddEventListenerOptions) => void,
 *   follow: (names: string, callback: () => void) => void,
 *   cleanup: (callback: () => void) => void,
 * }} View
 */

const EVERY = 50; // milliseconds between messages to Python: 20 a second at most

/** What a front end refuses is told once, in the console. @param {() => void} act */
function tried(act) {
  try {
    act();
  } catch (error) {
    console.warn("This front end cannot do everything:", error);
  }
}

/** @implements {Model} */
export class SharedModel {
  /** @param {Model} model @param {import("./throttle.js").Clock} [clock] */
  constructor(model, clock) {
    this.model = model;
    this.alone = Boolean(model.alone);
    /** @type {Map<string, any>} */
    this.drafts = new Map();
    /** @type {Map<string, Set<() => void>>} */
    this.listeners = new Map();
    this.throttle = new Throttle(EVERY, { clock });
    this.sending = false;
  }

  /** @param {string} name */
  get(name) {
    return this.drafts.has(name) ? this.drafts.get(name) : this.model.get(name);
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    this.drafts.set(name, value);
    this.tell(`change:${name}`);
  }

  save_changes() {
    this.throttle.run(() => this.push());
  }

  /** Sends at once what waits. */
  flush() {
    this.throttle.flush();
  }

  push() {
    this.sending = true;
    for (const [name, value] of this.drafts) tried(() => this.model.set(name, value));
    this.drafts.clear();
    this.sending = false;
    tried(() => this.model.save_changes());
  }

  /** @param {string} event @param {(...args: any[]) => void} callback */
  on(event, callback) {
    if (!event.startsWith("change:")) return this.model.on(event, callback);
    if (!this.listeners.has(event)) {
      this.listeners.set(event, new Set());
      this.relay(event);
    }
    this.listeners.get(event)?.add(callback);
  }

  /** @param {string | null} [event] @param {((...args: any[]) => void) | null} [callback] */
  off(event, callback) {
    if (event?.startsWith("change:")) this.listeners.get(event)?.delete(/** @type {() => void} */ (callback));
    else tried(() => this.model.off(event, callback));
  }

  /** @param {any} content @param {any} [callbacks] @param {ArrayBuffer[]} [buffers] */
  send(content, callbacks, buffers) {
    tried(() => this.model.send(content, callbacks, buffers));
  }

  /** @param {string} event */
  tell(event) {
    for (const callback of [...(this.listeners.get(event) ?? [])]) callback();
  }

  /** Listens to a trait of the real model once, for all views. @param {string} event */
  relay(event) {
    const name = event.slice("change:".length);
    this.model.on(event, () => this.sending || this.drafts.has(name) || this.tell(event));
  }
}
