/**
 * The small form that asks why: a question, reasons to choose from, words of one's own, Send and Skip. Nothing is
 * required. It says what is done in it, and shows what it is told to.
 */
import { create, knob } from './element.js';
import { Field } from './field.js';

/**
 * @typedef {{id: string, label: string}} Reason
 * @typedef {{question: string, reasons: Reason[], chosen: string[], comment: string,
 *   words: import('./strings.js').Strings}} Content
 */

export const LONGEST = 5000;

export class Panel {
  #question = create('slot', { name: 'heading' });
  #reasons = create('div', { part: 'reasons' });
  #field;
  #send;
  #skip;
  /** What the reasons were made from. */
  #made = '';
  #report;

  /** @param {(action: {type: string, reason?: string, comment?: string}) => void} report */
  constructor(report) {
    this.#report = report;
    const send = () => report({ type: 'send' });
    this.#field = new Field((comment) => report({ type: 'write', comment }), send, 'comment');
    this.#send = knob('submit', send);
    this.#skip = knob('cancel', () => report({ type: 'skip' }));
    this.heading = create('p', { id: 'question', part: 'heading', tabindex: '-1' }, this.#question);
    this.element = create(
      'div',
      { role: 'group', part: 'panel', 'aria-labelledby': 'question' },
      this.heading,
      this.#reasons,
      ...this.#field.nodes,
      create('slot', { name: 'disclosure' }),
      create('div', { part: 'actions' }, this.#send, this.#skip),
    );
  }

  /** @param {Content} content */
  show({ question, reasons, chosen, comment, words }) {
    this.#question.textContent = question;
    // Made anew only where they differ, so that the one just pressed keeps the focus.
    const made = JSON.stringify(reasons);
    if (made !== this.#made) {
      this.#made = made;
      this.#reasons.replaceChildren(...reasons.map(({ id, label }) => this.#chip(id, label)));
    }
    reasons.forEach(({ id }, at) => (this.#reasons.children[at].ariaPressed = `${chosen.includes(id)}`));
    this.#field.show(comment, words.words, words.left, LONGEST);
    this.#send.textContent = words.send;
    this.#skip.textContent = words.skip;
  }

  /** @param {string} reason @param {string} label */
  #chip(reason, label) {
    return knob('reason', () => this.#report({ type: 'choose', reason }), document.createTextNode(label));
  }
}
