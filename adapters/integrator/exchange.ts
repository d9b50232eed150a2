/** A request as it goes out. */
export interface Outgoing {
  /** In capitals. */
  method: string;
  /** Whole address, query included. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  signal: AbortSignal;
}

/** An answer with its whole body. */
export interface Answer {
  status: number;
  headers: {
    /** A header's value whatever the case of its name, `null` where it is missing. */
    get(name: string): string | null;
  };
  text: string;
}

/**
 * Sends one request and reads the whole answer. Never follows a redirect: the token must go to no other host.
 * Rejects with the network's error, or when the signal aborts.
 */
export type Exchange = (request: Outgoing) => Promise<Answer>;

/** What the platform's `fetch` is, called with an address, a text as body, and a signal. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** An exchange over a `fetch`, such as the platform's. */
export function exchangeOver(fetch: Fetch): Exchange {
  return async ({ url, method, headers, body, signal }) => {
    const init = { method, headers, signal, redirect: 'manual' } as const;
    const response = await fetch(url, body === undefined ? init : { ...init, body });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
}
