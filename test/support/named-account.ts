/** An account of the sandbox that is known by its name alone: token and user follow from it. */
export function namedAccount<T extends object>(name: string, documents: T) {
  return { name, token: `token-${name}`, userId: name, documents };
}
