import { type Fields, isNothing, isObject } from '../documents.ts';
import { isObjectId } from '../ids.ts';
import { checkAliases } from './aliases.ts';
import { pointer, type Rules } from './rules.ts';

/** All fields a client may write, those of integration apps included. */
const FIELDS = [
  'name',
  'description',
  'readme',
  'version',
  'tag',
  'flowGroupings',
  'apiGroupings',
  'aliases',
  'settings',
  'settingsForm',
  'preSave',
  'externalId',
  'syncs',
  'iLMIgnore',
  'install',
  'installSteps',
  'uninstall',
  'uninstallSteps',
  'changeEditionSteps',
  'initChild',
  'update',
  '_parentId',
  'sandbox',
];

/** Integrations: their groups get ids of their own, their registrations have calls of their own. */
export const integrations: Rules = {
  owned: [
    '_registeredConnectionIds',
    '_registeredLookupCacheIds',
    'mode',
    '_sourceId',
    '_templateId',
    '_connectorId',
  ],
  known: new Set(FIELDS),
  name: { required: true, longest: 200 },
  patchable: ['/settings', '/flowGroupings', '/apiGroupings'].map(pointer),

  check({ document }, problems) {
    checkAliases(document, problems);
    for (const list of ['flowGroupings', 'apiGroupings']) {
      const value = document[list];
      if (value === undefined || value === null) continue;
      if (!Array.isArray(value) || !value.every((it) => isObject(it) && !isNothing(it['name']))) {
        problems.add('invalid_value', `${list} must be a list of objects with names.`, list);
      }
    }
  },

  finish({ account, document, existing }) {
    document['flowGroupings'] ??= [];
    for (const list of ['flowGroupings', 'apiGroupings']) {
      const groups = document[list];
      if (!Array.isArray(groups)) continue;
      for (const group of groups as Fields[]) {
        if (!existing || !isObjectId(group['_id'])) group['_id'] = account.ids.next(Date.now());
      }
    }
    document['_registeredConnectionIds'] ??= [];
  },
};
