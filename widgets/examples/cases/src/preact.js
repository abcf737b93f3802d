import { h, render } from 'preact';
import { FIRST } from './page.js';

export function mount(root, hear) {
  let state = FIRST;
  const show = () => {
    const { shown, children, ...props } = state;
    render(shown && h('sayso-thumbs', { ...props, 'onsayso-rate': hear }, children && h('b', { slot: 'up' }, 'Yes')), root);
  };
  show();
  return (more) => {
    state = { ...state, ...more };
    show();
  };
}
