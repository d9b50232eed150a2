/** Addresses of the stand-ins by the service that each of them plays. */
export interface Endpoints {
  SECRETS_MANAGER: string;
  DYNAMODB: string;
  LAMBDA: string;
  EVENTBRIDGE?: string;
  SCHEDULER?: string;
}

/** What would lead the SDK to somebody's real account, or away from the addresses given here. */
const TAKEN_OUT = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_ENDPOINT_URL',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_USE_FIPS_ENDPOINT',
  'AWS_USE_DUALSTACK_ENDPOINT',
];

/** Points every client of the SDK in this process at the stand-ins, with nobody's credentials. */
export function pointAwsAt(endpoints: Endpoints, env: NodeJS.ProcessEnv): void {
  for (const variable of TAKEN_OUT) delete env[variable];
  for (const [service, endpoint] of Object.entries(endpoints)) {
    if (endpoint !== undefined) env[`AWS_ENDPOINT_URL_${service}`] = endpoint;
  }
  Object.assign(env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    // Files of the person at this machine, which may hold anything.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}
