import { isNothing, objectAt } from '../documents.ts';
import { isObjectId } from '../ids.ts';
import { pointer, type Rules } from './rules.ts';

const PROVENANCE = ['_sourceId', '_templateId', '_connectorId'];

/** Scripts. Lists leave their content out. */
export const scripts: Rules = {
  owned: [...PROVENANCE, 'debugUntil'],
  known: new Set([
    'name',
    'description',
    'content',
    'postResponseHookToProcessOnChildRecord',
    '_integrationId',
    'externalId',
    'settings',
    'settingsForm',
    'preSave',
    'sandbox',
  ]),
  name: { required: true, longest: 100 },
  patchable: ['/debugUntil'].map(pointer),
  check({ document }, problems) {
    const content = document['content'];
    if (content !== undefined && content !== null && typeof content !== 'string') {
      problems.add('invalid_value', 'The content must be text.', 'content');
    }
  },
};

/** Async helpers: the export that asks for the status must not be asynchronous itself. */
export const asynchelpers: Rules = {
  owned: PROVENANCE,
  name: { required: true, longest: 300 },
  patchable: [],
  check({ account, document }, problems) {
    const id = objectAt(objectAt(document, 'http'), 'status')['_exportId'];
    const field = 'http.status._exportId';
    if (isNothing(id)) problems.add('missing_required_field', 'A status export is required.', field);
    if (!isObjectId(id)) return;
    const status = account.store('exports').get(id);
    if (status && !isNothing(objectAt(status, 'http')['_asyncHelperId'])) {
      problems.add('invalid_value', 'The status export uses an async helper itself.', field);
    }
  },
};

/** Lookup caches: the data they hold has calls of its own. */
export const lookupcaches: Rules = {
  owned: [...PROVENANCE, '_userId', 'size', 'sizeInMB'],
  known: new Set([
    'name',
    'description',
    '_integrationId',
    '_stackId',
    'includeDataInTemplatesAndCloning',
    'externalId',
    'settings',
    'settingsForm',
    'preSave',
  ]),
  name: { required: true, longest: 300 },
  patchable: ['/name', '/description'].map(pointer),
  finish({ document, existing, account }) {
    document['_userId'] = account.userId;
    document['size'] = existing?.['size'] ?? 0;
  },
};
