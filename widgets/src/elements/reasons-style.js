/** The look of reasons to choose from. */
export default `
[part=reasons] { display: flex; flex-wrap: wrap; gap: 6px }
[part=reasons]:empty { display: none }
[part=reason] {
  padding: 3px 11px;
  font-size: .9375em;
  text-align: start;
  border-color: var(--sayso-border, color-mix(in srgb, currentColor 55%, transparent));
  border-radius: 1.2em;
}
[part=reason][aria-pressed=true] {
  border-color: var(--sayso-accent, currentColor);
  box-shadow: inset 0 0 0 1px var(--sayso-accent, currentColor);
  background: color-mix(in srgb, var(--sayso-accent, currentColor) 14%, transparent);
}
`;
