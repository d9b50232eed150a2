import type { Document } from '../documents.ts';
import { GITHUB, SLACK } from './catalogue.ts';

/** What tells the connections of one account from those of the other: the ids and the secrets. */
export interface ConnectionSeed {
  /** 24 hexadecimal characters, but for the last two. */
  idPrefix: string;
  /** Part of every secret, so that a test can search for it. */
  secret: string;
  createdAt: string;
}

/** The connections by what they are for. Both accounts have all of them, with the same names and types. */
export const CONNECTION = {
  github: '01',
  slack: '02',
  usage: '03',
  warehouse: '04',
  salesforce: '05',
} as const;

/** The connections that the documented flows use. */
export function connections({ idPrefix, secret, createdAt }: ConnectionSeed): Document[] {
  const times = { createdAt, lastModified: createdAt };
  return [
    {
      _id: idPrefix + CONNECTION.github,
      type: 'http',
      name: 'GitHub',
      offline: false,
      http: {
        _httpConnectorId: GITHUB,
        formType: 'http',
        mediaType: 'json',
        baseURI: 'https://api.github.com',
        concurrencyLevel: 5,
        auth: {
          type: 'token',
          token: {
            location: 'header',
            headerName: 'Authorization',
            scheme: 'Bearer',
            token: `${secret}-github-token`,
          },
        },
      },
      ...times,
    },
    {
      _id: idPrefix + CONNECTION.slack,
      type: 'http',
      name: 'Slack',
      offline: false,
      http: {
        _httpConnectorId: SLACK,
        formType: 'http',
        mediaType: 'json',
        baseURI: 'https://slack.com/api',
        unencrypted: { workspace: 'team' },
        encrypted: { signingKey: `${secret}-slack-signing-key` },
        auth: {
          type: 'token',
          token: {
            location: 'header',
            headerName: 'Authorization',
            scheme: 'Bearer',
            token: `${secret}-slack-token`,
          },
        },
      },
      ...times,
    },
    {
      _id: idPrefix + CONNECTION.usage,
      type: 'http',
      name: 'Usage API',
      offline: false,
      http: {
        formType: 'http',
        mediaType: 'json',
        baseURI: 'https://usage.example.com',
        auth: { type: 'basic', basic: { username: 'reporting', password: `${secret}-usage-password` } },
      },
      ...times,
    },
    {
      _id: idPrefix + CONNECTION.warehouse,
      type: 'rdbms',
      name: 'Usage warehouse',
      offline: false,
      rdbms: {
        type: 'postgresql',
        host: 'warehouse.example.com',
        port: 5432,
        database: 'usage',
        user: 'loader',
        password: `${secret}-warehouse-password`,
      },
      ...times,
    },
    {
      _id: idPrefix + CONNECTION.salesforce,
      type: 'salesforce',
      name: 'Salesforce',
      offline: false,
      salesforce: {
        sandbox: false,
        oauth2FlowType: 'refreshToken',
        refreshToken: `${secret}-salesforce-refresh-token`,
        concurrencyLevel: 5,
      },
      ...times,
    },
  ];
}
