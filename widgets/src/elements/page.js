/**
 * What a page decides for all its widgets.
 */
import { createClient } from '../client/client.js';
import { forgetDrafts } from './draft.js';
import { SaysoElement } from './element.js';
import { speakOnly } from './strings.js';

/**
 * Say where the widgets send to. It may come before or after they are in the page.
 * @param {import('../client/client.js').Options & {lang?: string}} options those of the client, and the language
 *   of all widgets where it is not that of the text around them
 */
export function configure({ lang, ...options }) {
  speakOnly(lang);
  const client = createClient(options);
  const { reset } = client;
  client.reset = () => {
    reset();
    forgetDrafts();
    SaysoElement.client = undefined; // so that all widgets show what is remembered afresh: nothing
    SaysoElement.client = client;
  };
  return (SaysoElement.client = client);
}
