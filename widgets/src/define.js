/**
 * The only module with a side effect: takes the key from its script tag, registers the element, starts to send.
 */
import { Client } from './client.js';
import { SaysoElement } from './element.js';
import { SaysoThumbs } from './thumbs-element.js';

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
const { key, url } = script?.dataset ?? {};

if (script && key) {
  const client = new Client({ key, url: url ?? new URL(script.src).origin });
  SaysoElement.client = client;
  if (SaysoThumbs.define()) client.start();
} else console.warn('sayso: the script tag needs data-key="pk_..."');
