/** What all widgets share in looks: the page's own colours and letters, unless a variable says otherwise. */
export default `
:host {
  font: var(--sayso-font, inherit);
  color: var(--sayso-color, inherit);
}
:host([hidden]), [hidden] { display: none !important }
* { box-sizing: border-box }
button, textarea {
  font: inherit;
  color: inherit;
  letter-spacing: inherit;
  border-radius: var(--sayso-radius, 8px);
}
button {
  min-block-size: var(--sayso-target-size, 32px);
  min-inline-size: var(--sayso-target-size, 32px);
  display: inline-grid;
  place-items: center;
  margin: 0;
  padding: 0;
  border: 1px solid transparent;
  background: none;
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
[part=status]:not(.seen) {
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  overflow: hidden;
  clip-path: inset(50%);
}
@media (pointer: coarse) {
  button {
    min-block-size: var(--sayso-target-size, 44px);
    min-inline-size: var(--sayso-target-size, 44px);
  }
}
`;
