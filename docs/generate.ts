import { writeFileSync } from 'node:fs';
import { referencesMarkdown } from '../core/references/index.ts';

/** Writes the documentation that is made from the code's own tables. */
writeFileSync(new URL('references.md', import.meta.url), referencesMarkdown());
