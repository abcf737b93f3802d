/** The look of <sayso-comment>. */
export default `
:host { display: block }
[part=base], [part=form] { display: grid; gap: 6px; justify-items: start }
[part=form] { inline-size: 100% }
textarea { min-block-size: 5.3em }
[part=again] { text-decoration: underline }
`;
