import type { Known } from './values.ts';

/** A request as it goes over the wire. */
export interface FuzzRequest {
  method: string;
  /** As it stands in the request line, query included. */
  path: string;
  headers: Record<string, string[]>;
  body: Buffer;
  /** API Gateway says whether it encoded a body; `undefined`: as it does by itself. */
  isBase64Encoded?: boolean | undefined;
}

export interface FuzzAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A service that can be sent anything. */
export interface World {
  known: Known;
  /** What must never be answered or logged. */
  secrets: readonly string[];
  /** Flows of the blueprint that can be cloned. */
  flowIds: readonly string[];
  send(request: FuzzRequest): Promise<FuzzAnswer>;
  /** Brings back the accounts that requests have deleted. */
  restore(): Promise<void>;
  /** What the service said of its own troubles, and all that it logged: asked for at the end. */
  troubles(): readonly string[];
  logged(): string;
  close(): Promise<void>;
}
