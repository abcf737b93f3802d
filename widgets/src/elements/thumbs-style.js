/** The look of <sayso-thumbs>: the page's own colours, unless a variable says otherwise. */
export default `
:host {
  display: inline-flex;
  vertical-align: middle;
  color: var(--sayso-color, inherit);
}
:host([hidden]) { display: none }
div {
  display: flex;
  align-items: center;
  gap: var(--sayso-gap, 2px);
  position: relative;
}
button {
  block-size: var(--sayso-target-size, 32px);
  aspect-ratio: 1;
  display: grid;
  place-items: center;
  padding: 0;
  border: 1px solid transparent;
  border-radius: var(--sayso-radius, 8px);
  background: none;
  color: inherit;
}
@media (pointer: coarse) {
  button { block-size: var(--sayso-target-size, 44px) }
}
button:hover:not(:disabled, [aria-disabled=true]) {
  cursor: pointer;
  background: var(--sayso-hover, color-mix(in srgb, currentColor 12%, transparent));
}
:focus-visible {
  outline: 2px solid var(--sayso-focus, currentColor);
  outline-offset: 1px;
}
:disabled { opacity: .5 }
svg {
  block-size: var(--sayso-icon-size, 18px);
  fill: none;
  stroke: currentColor;
  stroke-width: 1.75;
  stroke-linejoin: round;
}
button + button svg { rotate: 180deg }
[aria-pressed=true] { color: var(--sayso-accent, inherit) }
[aria-pressed=true] svg { fill: currentColor }
span:not(.failed) {
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  overflow: hidden;
  clip-path: inset(50%);
}
@media (prefers-reduced-motion: no-preference) {
  [aria-pressed=true] svg { animation: pop .2s }
  @keyframes pop { 50% { scale: 1.2 } }
}
@media (forced-colors: active) {
  [aria-pressed=true] {
    forced-color-adjust: none;
    background: Highlight;
    color: HighlightText;
  }
}
`;
