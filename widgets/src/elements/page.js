/**
 * What a page decides for all its widgets.
 */
import { createClient } from '../client/client.js';
import { SaysoElement } from './element.js';
import { speakOnly } from './strings.js';

/**
 * Say where the widgets send to. It may come before or after they are in the page.
 * @param {import('../client/client.js').Options & {lang?: string}} options those of the client, and the language
 *   of all widgets where it is not that of the text around them
 */
export function configure({ lang, ...options }) {
  speakOnly(lang);
  return (SaysoElement.client = createClient(options));
}
