import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { AwsError, createAwsJsonServer, type Operation } from './aws-json.ts';
import { readIfThere, writePrivateFile } from './private-file.ts';
import { closeServer, listenOnLoopback, type Standin } from './server.ts';

export interface SecretsManagerOptions {
  /** Folder whose file `secrets.json` keeps what is stored at run time; in memory when left out. */
  folder?: string | undefined;
  /** Port on 127.0.0.1; any free one when left out. */
  port?: number | undefined;
  /** Secrets that are there from the start, by name. They are not written to the file; a stored one goes before them. */
  secrets?: Readonly<Record<string, string>> | undefined;
}

interface Secret {
  value: string;
  versionId: string;
  /** Epoch seconds. */
  createdAt: number;
  /** Whether it was given at the start, and so is not written to the file. */
  given: boolean;
}

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:';

/** Secrets Manager's protocol on loopback, as far as accounts, keys and hooks need it. */
export async function startSecretsManager(options: SecretsManagerOptions = {}): Promise<Standin> {
  const path = options.folder === undefined ? undefined : join(options.folder, 'secrets.json');
  const secrets = new Map<string, Secret>();
  for (const [name, value] of Object.entries(options.secrets ?? {}))
    secrets.set(name, newSecret(value, true));
  for (const [name, value] of await stored(path)) secrets.set(name, newSecret(value, false));

  let writing = Promise.resolve();
  /** Durable once it resolves; writes follow one another. */
  function keep(): Promise<void> {
    if (path === undefined) return Promise.resolve();
    writing = writing.then(() => {
      const kept = [...secrets].filter(([, { given }]) => !given).map(([name, { value }]) => [name, value]);
      return writePrivateFile(path, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
    });
    return writing;
  }

  const server = createAwsJsonServer(operationsOn(secrets, keep));
  const endpoint = await listenOnLoopback(server, options.port ?? 0);
  return {
    endpoint,
    async close() {
      await closeServer(server);
      await writing;
    },
  };
}

async function stored(path: string | undefined): Promise<[string, string][]> {
  const text = path === undefined ? undefined : await readIfThere(path);
  if (text === undefined) return [];
  const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
  return entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
}

function newSecret(value: string, given: boolean): Secret {
  return { value, versionId: randomUUID(), createdAt: Date.now() / 1000, given };
}

function operationsOn(secrets: Map<string, Secret>, keep: () => Promise<void>): Map<string, Operation> {
  const described = (name: string, { versionId, createdAt }: Secret) => ({
    ARN: ARN + name,
    Name: name,
    VersionId: versionId,
    VersionStages: ['AWSCURRENT'],
    CreatedDate: createdAt,
  });

  function find(input: Record<string, unknown>): { name: string; secret: Secret } {
    const given = text(input, 'SecretId');
    const name = given.startsWith(ARN) ? given.slice(ARN.length) : given;
    const secret = secrets.get(name);
    if (secret) return { name, secret };
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  async function write(name: string, value: string) {
    const secret = newSecret(value, false);
    secrets.set(name, secret);
    await keep();
    return described(name, secret);
  }

  return new Map<string, Operation>([
    [
      'GetSecretValue',
      (input) => {
        const { name, secret } = find(input);
        return { ...described(name, secret), SecretString: secret.value };
      },
    ],
    [
      'DescribeSecret',
      (input) => {
        const { name, secret } = find(input);
        return described(name, secret);
      },
    ],
    ['PutSecretValue', (input) => write(find(input).name, text(input, 'SecretString'))],
    ['UpdateSecret', (input) => write(find(input).name, text(input, 'SecretString'))],
    [
      'CreateSecret',
      (input) => {
        const name = text(input, 'Name');
        if (secrets.has(name)) {
          throw new AwsError(
            'ResourceExistsException',
            'The operation failed because the secret already exists.',
          );
        }
        return write(name, text(input, 'SecretString'));
      },
    ],
    [
      'DeleteSecret',
      async (input) => {
        const { name, secret } = find(input);
        secrets.delete(name);
        await keep();
        return { ...described(name, secret), DeletionDate: Date.now() / 1000 };
      },
    ],
  ]);
}

function text(input: Record<string, unknown>, name: string): string {
  const value = input[name];
  if (typeof value === 'string') return value;
  throw new AwsError('InvalidParameterException', `${name} must be a string.`);
}
