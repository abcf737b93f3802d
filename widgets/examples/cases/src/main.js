import { open } from './page.js';

const FRAMEWORKS = {
  preact: () => import('./preact.js'),
  react: () => import('./react.js'),
  svelte: () => import('./svelte.js'),
  vue: () => import('./vue.js'),
};

const name = new URLSearchParams(location.search).get('framework');
open(async () => (await FRAMEWORKS[name]()).mount);
