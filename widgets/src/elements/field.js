/**
 * A text field with its label, and a counter that shows near the limit. It cuts nothing off: who pastes too much
 * sees by how much.
 */
import { create } from './element.js';

const NEAR = 100;

export class Field {
  area = create('textarea', { id: 'words', rows: '2' });
  #label = create('label', { for: 'words', part: 'label' });
  #counter = create('span', { role: 'status', part: 'counter' });
  nodes = [this.#label, this.area, this.#counter];

  /**
   * @param {(text: string) => void} write is told of each change
   * @param {() => void} send
   * @param {string} part the name of the field for styling
   */
  constructor(write, send, part) {
    this.area.setAttribute('part', part);
    this.area.oninput = () => write(this.area.value);
    this.area.onkeydown = (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault(); // Firefox would press with it what has the focus next
      send();
    };
  }

  /** @param {string} text @param {string} label @param {string} left how many, with `{n}` for the number @param {number} max */
  show(text, label, left, max) {
    // Setting what is there already would move the caret to the end.
    if (this.area.value !== text) this.area.value = text;
    this.#label.textContent = label;
    const rest = max - text.length;
    // Read out in steps of ten, until every letter counts.
    const shown = rest < 10 ? rest : rest - (rest % 10);
    this.#counter.textContent = rest > NEAR ? '' : left.replace('{n}', `${shown}`);
  }
}
