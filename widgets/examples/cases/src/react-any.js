import { FIRST } from './page.js';

/** The element in any version of React, in its strict mode. */
export const mounting =
  ({ createElement, StrictMode, useState }, { createRoot }) =>
  (root, hear) => {
    let change;
    function Case() {
      const [{ shown, children, ...props }, setProps] = useState(FIRST);
      change = (more) => setProps((now) => ({ ...now, ...more }));
      const child = children && createElement('b', { slot: 'up' }, 'Yes');
      return shown && createElement('sayso-thumbs', { ...props, 'onsayso-rate': hear }, child);
    }
    createRoot(root).render(createElement(StrictMode, null, createElement(Case)));
    return (more) => change(more);
  };
