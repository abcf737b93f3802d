/** The look of <sayso-suggestion>. */
export default `
:host { display: block }
[part=base] {
  position: relative;
  padding: 12px;
  line-height: 1.5;
  background: var(--sayso-surface, none);
  color: var(--sayso-surface-text, inherit);
  border: var(--rim);
  border-radius: calc(var(--sayso-radius, 8px) + 4px);
}
:host([no-edit]) [part=edit] { display: none }
:host([view=none]) [part=base] { padding: 0; background: none; border: 0 }
[part~=text] {
  margin-block-end: 10px;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
[part~=before], [part~=after] { padding-inline-start: 1.25em }
[part~=before]::before, [part~=after]::before {
  content: "\\2212" / "";
  position: absolute;
  margin-inline-start: -1.25em;
}
[part~=after]::before { content: "+" / "" }
ins, del { border-radius: 3px }
ins {
  background: var(--sayso-ins, color-mix(in srgb, #2da44e 22%, transparent));
  text-underline-offset: 3px;
}
del + ins { margin-inline-start: 2px }
del { background: var(--sayso-del, color-mix(in srgb, #f85149 18%, transparent)) }
textarea { display: block; max-block-size: 24em; margin-block-end: 10px }
[part=base]:has(textarea:not([hidden])) :is([part~=inline], [part~=after]) { display: none }
[part=actions] { gap: 8px; align-items: center }
[part=actions] button:not([part~=submit]) { border: var(--rim) }
[part=status] { margin-inline: 2px 4px; font-size: .9375em }
[part=reasons] { align-items: center; margin-block-start: 10px }
[part=ask] { flex-basis: 100%; font-size: .9375em }
`;
