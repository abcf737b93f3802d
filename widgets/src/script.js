/**
 * The only module with a side effect: takes the key from its script tag, registers the element, starts to send.
 */
import { Client } from './client/client.js';
import { SaysoElement } from './elements/element.js';
import { SaysoThumbs } from './elements/thumbs.js';

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
const { key, url } = script?.dataset ?? {};

if (script && key) {
  const client = new Client({ key, url: url ?? new URL(script.src).origin });
  SaysoElement.client = client;
  if (SaysoThumbs.define()) client.start();
} else console.warn('sayso: the script tag needs data-key="pk_..."');
