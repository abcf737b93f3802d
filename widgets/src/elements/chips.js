/**
 * Reasons to choose from, each a button that stays pressed.
 */
import { create, knob } from './element.js';

/** @typedef {import('./reasons.js').Reason} Reason */

export class Chips {
  element = create('div', { part: 'reasons' });
  /** What they were made from. */
  #made = '';
  #choose;

  /** @param {(reason: string) => void} choose is told of each press */
  constructor(choose) {
    this.#choose = choose;
  }

  /** @param {Reason[]} reasons @param {string[]} chosen their ids @param {...Node} lead what stands before them */
  show(reasons, chosen, ...lead) {
    // Made anew only where they differ, so that the one just pressed keeps the focus.
    const made = JSON.stringify([reasons, lead.map((node) => node.textContent)]);
    if (made !== this.#made) {
      this.#made = made;
      this.element.replaceChildren(...lead, ...reasons.map((one) => this.#chip(one)));
    }
    reasons.forEach(({ id }, at) => (this.element.children[lead.length + at].ariaPressed = `${chosen.includes(id)}`));
  }

  /** @param {Reason} reason */
  #chip({ id, label }) {
    return knob('reason', () => this.#choose(id), new Text(label));
  }
}
