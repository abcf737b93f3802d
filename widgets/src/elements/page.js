/**
 * What a page decides for all its widgets.
 */
import { Client } from '../client/client.js';
import { SaysoElement } from './element.js';
import { speakOnly } from './strings.js';

/**
 * Say where the widgets send to. It may come before or after they are in the page.
 * @param {ConstructorParameters<typeof Client>[0] & {lang?: string}} options those of the client, and the language
 *   of all widgets where it is not that of the text around them
 */
export function configure({ lang, ...options }) {
  speakOnly(lang);
  const client = new Client(options);
  client.start();
  return (SaysoElement.client = client);
}
