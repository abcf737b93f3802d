/** What all widgets share in looks: the page's own colours and letters, unless a variable says otherwise. */
export default `
:host {
  --size: var(--sayso-target-size, 32px);
  --line: var(--sayso-border, color-mix(in srgb, currentColor 55%, transparent));
  --rim: 1px solid var(--sayso-border, color-mix(in srgb, currentColor 25%, transparent));
  font: var(--sayso-font, inherit);
  color: var(--sayso-color, inherit);
}
:host([hidden]), [hidden] { display: none !important }
* { box-sizing: border-box }
button, textarea {
  font: inherit;
  color: inherit;
  border: 1px solid transparent;
  border-radius: var(--sayso-radius, 8px);
  background: none;
}
button {
  min-block-size: var(--size);
  min-inline-size: var(--size);
  display: inline-grid;
  place-items: center;
  padding: 0;
}
button:enabled:not([aria-disabled=true]):hover {
  cursor: pointer;
  background: var(--sayso-hover, color-mix(in srgb, currentColor 10%, transparent));
}
:disabled, [aria-disabled=true] { opacity: .5 }
:focus-visible {
  outline: 2px solid var(--sayso-focus, currentColor);
  outline-offset: 2px;
}
@media (pointer: coarse) {
  :host { --size: var(--sayso-target-size, 44px) }
  textarea { font-size: max(16px, 1em) }
}
@media (forced-colors: active) {
  button { border-color: ButtonText }
}
[part=status]:not(.seen) {
  position: absolute;
  inline-size: 1px;
  overflow: hidden;
  clip-path: inset(50%);
}
`;
