import { keepMasked } from '../masks.ts';
import { pointer, type Rules } from './rules.ts';

const PROVENANCE = ['_sourceId', '_templateId', '_connectorId'];

/** Collections about which little more is known than that they exist. */
export const plain: Rules = {
  owned: PROVENANCE,
  name: { required: true, longest: 300 },
  patchable: ['/name', '/description', '/disabled'].map(pointer),
};

/** The same, where a document may do without a name. */
export const nameless: Rules = { ...plain, name: { required: false, longest: 300 } };

/** On-premise agents: their state is reported by the agent. */
export const agents: Rules = {
  ...nameless,
  owned: [...PROVENANCE, 'online', 'lastHeartbeatAt', 'accessToken'],
};

/** Stacks: each has a token of its own. */
export const stacks: Rules = { ...plain, owned: [...PROVENANCE, 'systemToken'] };

/** iClients: a mask means "keep what is there", leaving the field out loses it. */
export const iclients: Rules = {
  ...nameless,
  patchable: [pointer('/oauth2/failPath')],
  prepare({ document, existing }) {
    if (existing) keepMasked('iclients', document, existing);
  },
};
