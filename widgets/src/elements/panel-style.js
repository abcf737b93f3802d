/** The look of the panel that asks why. */
export default `
[part=panel] {
  display: grid;
  gap: 10px;
  inline-size: min(26em, 100%);
  margin-block: 6px;
  padding: 12px;
  font-size: .9375em;
  line-height: 1.4;
  text-align: start;
  background: var(--sayso-surface, none);
  color: var(--sayso-surface-text, inherit);
  border: var(--rim);
  border-radius: calc(var(--sayso-radius, 8px) + 4px);
}
[popover] {
  position-area: block-end span-inline-end;
  position-try-fallbacks: flip-block;
  inset: auto;
  margin: 6px 8px;
  inline-size: min(26em, 100vw - 16px);
  background: var(--sayso-surface, Canvas);
  color: var(--sayso-surface-text, CanvasText);
  box-shadow: 0 4px 16px #0003;
}
[popover]:not(:popover-open) { display: none }
[part=heading] { margin: 0; font-weight: 600 }
`;
