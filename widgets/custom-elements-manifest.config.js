/**
 * What editors and frameworks read about the elements (custom-elements.json), out of the elements' own documentation.
 */
import { customElementVsCodePlugin } from 'custom-element-vs-code-integration';

const INHERITED = new Set(['SaysoElement', 'HTMLElement']);

/** Our classes name their tag themselves, and what is for us alone has no place in a public list. */
const publicElements = {
  name: 'public-elements',
  packageLinkPhase({ customElementsManifest }) {
    for (const declaration of customElementsManifest.modules.flatMap(({ declarations }) => declarations ?? [])) {
      const tag = declaration.members?.find(({ name, static: isStatic }) => name === 'tag' && isStatic)?.default;
      if (!tag?.startsWith("'sayso-")) continue;
      Object.assign(declaration, { tagName: tag.slice(1, -1), customElement: true });
      const documented = declaration.members.filter(
        ({ name, description, privacy, inheritedFrom, static: isStatic, readonly }) =>
          description && !isStatic && !readonly && privacy !== 'private' && !INHERITED.has(inheritedFrom?.name) && name !== 'surface',
      );
      declaration.members = documented;
    }
  },
};

export default {
  globs: ['src/elements/*.js'],
  outdir: 'package',
  plugins: [publicElements, customElementVsCodePlugin({ outdir: 'package', hideLogs: true, cssFileName: null })],
};
