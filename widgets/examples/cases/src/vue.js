import { createApp, shallowReactive } from 'vue';
import { FIRST } from './page.js';
import Case from './case.vue';

export function mount(root, hear) {
  const state = shallowReactive({ ...FIRST });
  createApp(Case, { state, hear }).mount(root);
  return (more) => Object.assign(state, more);
}
