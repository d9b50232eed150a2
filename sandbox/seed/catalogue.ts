/** A few entries of the connector catalogue. Their ids are the same in every account. */
export const HTTP_CONNECTORS: readonly { _id: string; name: string; legacyId: string; baseURIs: string[] }[] =
  [
    {
      _id: '61c0a10000000000000000a1',
      name: 'GitHub',
      legacyId: 'github',
      baseURIs: ['https://api.github.com'],
    },
    {
      _id: '61c0a10000000000000000b1',
      name: 'Slack',
      legacyId: 'slack',
      baseURIs: ['https://slack.com/api'],
    },
  ];

/** The catalogue's id of GitHub. */
export const GITHUB = '61c0a10000000000000000a1';

/** The catalogue's id of Slack. */
export const SLACK = '61c0a10000000000000000b1';
