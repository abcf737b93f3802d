/** The look of <sayso-thumbs>. */
export default `
:host { display: inline }
[part=base] {
  display: inline-flex;
  align-items: center;
  gap: var(--sayso-gap, 2px);
  position: relative;
  vertical-align: middle;
}
svg {
  block-size: var(--sayso-icon-size, 18px);
  fill: none;
  stroke: currentColor;
  stroke-width: 1.6;
  stroke-linejoin: round;
  stroke-linecap: round;
}
[part~=down] svg { rotate: 180deg }
[part~=button][aria-pressed=true] { color: var(--sayso-accent, inherit) }
[part~=button][aria-pressed=true] svg { fill: currentColor }
[part=status] { font-size: .875em; margin-inline: 4px }
@media (prefers-reduced-motion: no-preference) {
  [part~=button][aria-pressed=true] svg { animation: pop .2s }
  @keyframes pop { 50% { scale: 1.15 } }
}
`;
