/** The look of a text field and of the buttons under it. */
export default `
label, [part=counter] { font-size: .8125em; opacity: .75 }
textarea {
  inline-size: 100%;
  min-block-size: 3.9em;
  max-block-size: 16em;
  padding: 7px 10px;
  resize: vertical;
  field-sizing: content;
  line-height: 1.4;
  background: var(--sayso-field, none);
  color: var(--sayso-field-text, inherit);
  border-color: var(--line);
}
textarea::placeholder { color: inherit; opacity: .7 }
[part=counter]:empty { display: none }
[part=actions] { display: flex; flex-wrap: wrap; gap: 4px }
[part=actions] button { padding: 4px 14px }
@media (forced-colors: none) {
  button[part~=submit] {
    background: var(--sayso-accent, CanvasText) !important;
    color: var(--sayso-on-accent, Canvas);
  }
}
button[part~=submit]:enabled:hover { opacity: .85 }
`;
