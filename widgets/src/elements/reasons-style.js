/** The look of reasons to choose from, and of whatever stays pressed with forced colours. */
export default `
[part=reasons] { display: flex; flex-wrap: wrap; gap: 6px; overflow-wrap: anywhere }
[part=reasons]:empty { display: none }
[part=reason] {
  padding: 3px 11px;
  font-size: .9375em;
  text-align: start;
  border-color: var(--line);
  border-radius: 1.2em;
}
[part=reason][aria-pressed=true] {
  --line: var(--sayso-accent, currentColor);
  box-shadow: inset 0 0 0 1px var(--line);
  background: color-mix(in srgb, var(--line) 14%, transparent);
}
@media (forced-colors: active) {
  [aria-pressed=true] {
    forced-color-adjust: none;
    background: Highlight !important;
    color: HighlightText !important;
  }
}
`;
