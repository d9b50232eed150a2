import { FlowferryError } from '../../core/model/problem.ts';

/** Gives the account's token; `refresh: true` when integrator.io refused the one given before. */
export type TokenProvider = (request: { refresh: boolean }) => Promise<string>;

/** Holds the token in use, and fetches it again once when it was refused, however many calls were refused with it. */
export class TokenKeeper {
  readonly #provider: TokenProvider | undefined;
  #current: Promise<string> | undefined;

  constructor(token: string | TokenProvider) {
    if (typeof token === 'string') this.#current = Promise.resolve(token);
    else this.#provider = token;
  }

  token(): Promise<string> {
    this.#current ??= this.#fetch(false);
    return this.#current;
  }

  /** The token to try after `refused` was refused; `undefined` where there is no way to another one. */
  async afterRefusal(refused: string): Promise<string | undefined> {
    if (this.#provider === undefined) return undefined;
    const seen = this.#current;
    if ((await this.token()) === refused && this.#current === seen) this.#current = this.#fetch(true);
    return this.token();
  }

  #fetch(refresh: boolean): Promise<string> {
    const fetched = this.#provide(refresh);
    fetched.catch(() => {
      if (this.#current === fetched) this.#current = undefined;
    });
    return fetched;
  }
  async #provide(refresh: boolean): Promise<string> {
    const token = await this.#provider?.({ refresh });
    if (token === undefined || !isToken(token))
      throw new FlowferryError('invalid_account', 'the token given is unusable');
    return token;
  }
}

/** Whether this can stand in a header. fetch would put a value that can't into its complaint. */
export function isToken(value: string): boolean {
  return /^[\x21-\x7e]+$/.test(value);
}
