import { type Fields, isNothing, isObject, objectAt } from '../documents.ts';
import type { Problems } from '../errors.ts';
import { isObjectId, randomHex } from '../ids.ts';
import { keepMasked } from '../masks.ts';
import { pointer, type Rules, type Write } from './rules.ts';

const OWNED = [
  'apiIdentifier',
  'asynchronous',
  '__linkedLookupCacheIds',
  'apim',
  'debugUntil',
  'draftExpiresAt',
  '_sourceId',
  '_templateId',
  '_connectorId',
];

const EXPORTS_WITHOUT_CONNECTION = new Set(['WebhookExport', 'SimpleExport', 'TopicExport']);
const IMPORTS_WITHOUT_CONNECTION = new Set(['ToolImport', 'AiAgentImport', 'GuardrailImport', 'TopicImport']);
const EDI_EXPORTS = new Set(['FTPExport', 'AS2Export', 'S3Export']);

/** Webhooks whose URL carries a token: those that verify nothing else. */
const TOKEN_VERIFIES: ReadonlySet<unknown> = new Set([undefined, null, '', 'secret_url']);

/** Exports. */
export const exports: Rules = {
  owned: OWNED,
  name: { required: true, longest: 300 },
  patchable: ['/assistantMetadata', '/debugUntil'].map(pointer),

  prepare({ document, existing }) {
    dropStack(document);
    const webhook = document['webhook'];
    if (!isObject(webhook)) return;
    if (existing) keepMasked('exports', document, existing);
    if (TOKEN_VERIFIES.has(webhook['verify']) && isNothing(webhook['token'])) {
      webhook['token'] = objectAt(existing, 'webhook')['token'] ?? randomHex(32);
    }
  },

  check(write, problems) {
    const { document } = write;
    const free =
      ['webhook', 'simple'].includes(String(document['type'])) ||
      EXPORTS_WITHOUT_CONNECTION.has(String(document['adaptorType']));
    needConnection(document, free, problems);
    checkListener(write, problems);
    const edi = EDI_EXPORTS.has(String(document['adaptorType']));
    const httpFile = document['adaptorType'] === 'HTTPExport' && isObject(document['file']);
    if (!isNothing(document['_ediProfileId']) && !edi && !httpFile) {
      problems.add('not_supported', 'This export takes no EDI profile.', '_ediProfileId');
    }
  },

  finish({ document, existing }) {
    document['apiIdentifier'] = existing?.['apiIdentifier'] ?? `e${randomHex(9)}`;
    document['asynchronous'] = true;
  },
};

/** Imports. */
export const imports: Rules = {
  owned: OWNED,
  name: { required: true, longest: 300 },
  patchable: ['/debugUntil'].map(pointer),

  prepare({ document }) {
    dropStack(document);
  },

  check({ document }, problems) {
    const adaptor = String(document['adaptorType']);
    needConnection(document, IMPORTS_WITHOUT_CONNECTION.has(adaptor), problems);
    if (adaptor === 'TopicImport' && !isNothing(document['_connectionId'])) {
      problems.add('not_supported', 'This import takes no connection.', '_connectionId');
    }
  },

  finish({ document, existing }) {
    document['apiIdentifier'] = existing?.['apiIdentifier'] ?? `i${randomHex(9)}`;
  },
};

/** The stack of a wrapper belongs to its connection; on a step it is silently dropped. */
function dropStack(document: Fields): void {
  const wrapper = document['wrapper'];
  if (isObject(wrapper)) delete wrapper['_stackId'];
}

function needConnection(document: Fields, free: boolean, problems: Problems): void {
  if (!free && isNothing(document['_connectionId'])) {
    problems.add('missing_required_field', 'Expected field: _connectionId to be present', '_connectionId');
  }
}

function checkListener({ account, document }: Write, problems: Problems): void {
  const id = document['_postParseListenerId'];
  if (!isObjectId(id)) return;
  const listener = account.store('exports').get(id);
  if (listener && objectAt(listener, 'webhook')['provider'] !== 'integrator-extension') {
    problems.add(
      'invalid_post_parse_listener',
      'The listener is not a webhook of an integrator extension.',
      '_postParseListenerId',
    );
  }
}
