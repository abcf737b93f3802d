/** The look of a text field and of the buttons under it. */
export default `
label, [part=counter] { font-size: .8125em; opacity: .75 }
textarea {
  display: block;
  inline-size: 100%;
  min-block-size: 3.9em;
  max-block-size: 16em;
  padding: 7px 10px;
  resize: vertical;
  field-sizing: content;
  line-height: 1.4;
  background: var(--sayso-field, transparent);
  color: var(--sayso-field-text, inherit);
  border: 1px solid var(--sayso-border, color-mix(in srgb, currentColor 55%, transparent));
}
textarea::placeholder { color: inherit; opacity: .7 }
[part=counter]:empty { display: none }
[part=actions] {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 4px;
}
[part=actions] button { padding: 4px 14px }
button[part~=submit] { background: var(--sayso-accent, color-mix(in srgb, currentColor 14%, transparent)) }
@supports (color: oklch(from red 0 0 0)) {
  button[part~=submit]:is(*, :hover) { background: var(--sayso-accent, currentColor) !important }
  [part~=submit] span {
    color: var(--sayso-on-accent, oklch(from var(--sayso-accent, currentColor) calc((.65 - l) * 999) 0 0));
  }
}
button[part~=submit]:enabled:hover { filter: opacity(.85) }
@media (pointer: coarse) {
  textarea { font-size: max(16px, 1em) }
}
@media (forced-colors: active) {
  button { border-color: ButtonText }
}
`;
