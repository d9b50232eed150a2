/** What came back for a request. */
export interface Answer<T> {
  status: number;
  body: T;
}

/** Calls the service as any program outside would: by its address and a key. */
export interface ServiceClient {
  get<T>(path: string): Promise<Answer<T>>;
  post<T>(path: string, body: unknown): Promise<Answer<T>>;
}

export function createServiceClient(url: string, key: string): ServiceClient {
  const call = async <T>(path: string, init: RequestInit): Promise<Answer<T>> => {
    const response = await fetch(url + path, {
      ...init,
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
    });
    return { status: response.status, body: (await response.json()) as T };
  };
  return {
    get: (path) => call(path, { method: 'GET' }),
    post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }),
  };
}

/** The documents of a sandbox account that a clone may make or change, each as `<type> <id> <lastModified>`. */
export async function documentsOf(sandboxUrl: string, token: string): Promise<string[]> {
  const found: string[] = [];
  for (const collection of ['integrations', 'flows', 'exports', 'imports', 'scripts', 'connections']) {
    const response = await fetch(`${sandboxUrl}/v1/${collection}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    // integrator.io answers an empty collection with 204.
    const documents = response.status === 204 ? [] : ((await response.json()) as Record<string, unknown>[]);
    for (const { _id, lastModified } of documents) found.push(`${collection} ${_id} ${lastModified}`);
  }
  return found.sort();
}
