/**
 * What the tests see of a page: `change(props)` sets the state of the one element, `define()` loads the script,
 * `heard` has what the framework's own listener was told. With `?controlled` the host hands back what it heard.
 */

const options = new URLSearchParams(location.search);

/** @typedef {(root: Element, hear: (event: CustomEvent) => void) => (props: object) => void} Mount */

/** What every framework renders first. */
export const FIRST = {
  target: 'msg_1',
  shown: true,
  children: false,
  reasons: [
    { id: 'wrong', label: 'Not correct' },
    { id: 'unclear', label: 'Hard to follow' },
  ],
};

function define() {
  const script = document.createElement('script');
  Object.assign(script.dataset, { key: 'pk_test', url: '/fb' });
  script.src = '/fb/sayso.js';
  document.head.append(script);
  return new Promise((resolve) => script.addEventListener('load', resolve));
}

/** @param {() => Promise<Mount>} load */
export async function open(load) {
  const heard = [];
  const page = { heard, define, change: () => {}, ready: false };
  Object.assign(globalThis, { page });
  const mount = await load();
  if (!options.has('late')) await define();
  page.change = mount(document.querySelector('#app'), ({ detail }) => {
    heard.push(detail);
    if (options.has('controlled')) page.change({ value: detail.value });
  });
  page.ready = true;
}
