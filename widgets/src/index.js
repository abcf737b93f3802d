/** What a page with a bundler imports by the package's name. The elements are defined by `sayso-widgets/define/...`. */
export { createClient } from './client/index.js';
export { configure } from './elements/page.js';
export { registerStrings } from './elements/strings.js';
