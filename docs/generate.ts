import { writeFileSync } from 'node:fs';
import { referencesMarkdown } from '../core/references/index.ts';
import { templatesMarkdown } from '../infra/template-docs.ts';

/** Writes the documentation that is made from the code's own tables. */
writeFileSync(new URL('references.md', import.meta.url), referencesMarkdown());
writeFileSync(new URL('templates.md', import.meta.url), templatesMarkdown());
