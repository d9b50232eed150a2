import type { Binding } from './binding.ts';
import { environment } from './environment.ts';
import type { ServiceOptions } from './service-props.ts';

/** What lets a function know its callers: the secret that lists them, and who checks that they are who they say. */
export function knowCallers(auth: ServiceOptions['auth'], secret: Binding): Binding {
  return { ...secret, environment: { ...secret.environment, ...variablesOf(auth) } };
}

function variablesOf(auth: ServiceOptions['auth']): Record<string, string> {
  if (auth === 'api-keys') return {};
  if (auth === 'iam') return { [environment.auth]: 'iam' };
  const { claim } = auth.jwt;
  return { [environment.auth]: 'jwt', ...(claim === undefined ? {} : { [environment.jwtClaim]: claim }) };
}
