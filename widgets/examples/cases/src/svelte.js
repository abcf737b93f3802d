import { mount as mountComponent } from 'svelte';
import Case from './case.svelte';

export function mount(target, hear) {
  const { change } = mountComponent(Case, { target, props: { hear } });
  return change;
}
