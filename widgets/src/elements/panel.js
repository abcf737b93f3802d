/**
 * The small form that asks why: a question, reasons to choose from, words of one's own, Send and Skip. Nothing is
 * required. It says what is done in it, and shows what it is told to.
 */
import { Chips } from './chips.js';
import { create, knob } from './element.js';
import { Field } from './field.js';

/**
 * @typedef {import('./reasons.js').Reason} Reason
 * @typedef {{question: string, reasons: Reason[], chosen: string[], comment: string,
 *   words: import('./strings.js').Strings}} Content
 */

export const LONGEST = 5000;

export class Panel {
  #question = create('slot', { name: 'heading' });
  #chips;
  #field;
  #send;
  #skip;

  /** @param {(action: {type: string, reason?: string, comment?: string}) => void} report */
  constructor(report) {
    const send = () => report({ type: 'send' });
    this.#chips = new Chips((reason) => report({ type: 'choose', reason }));
    this.#field = new Field((comment) => report({ type: 'write', comment }), send, 'comment');
    this.#send = knob('submit', send);
    this.#skip = knob('cancel', () => report({ type: 'skip' }));
    this.heading = create('p', { id: 'question', part: 'heading', tabindex: '-1' }, this.#question);
    this.element = create(
      'div',
      { role: 'group', part: 'panel', 'aria-labelledby': 'question' },
      this.heading,
      this.#chips.element,
      ...this.#field.nodes,
      create('slot', { name: 'disclosure' }),
      create('div', { part: 'actions' }, this.#send, this.#skip),
    );
  }

  /** @param {Content} content */
  show({ question, reasons, chosen, comment, words }) {
    this.#question.textContent = question;
    this.#chips.show(reasons, chosen);
    this.#field.show(comment, words.words, words.left, LONGEST);
    this.#send.textContent = words.send;
    this.#skip.textContent = words.skip;
  }
}
