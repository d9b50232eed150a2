/** A request to a process of the benchmark, and what it answers. */
export interface Ask {
  id: number;
  name: string;
  value: unknown;
}

export interface Reply {
  id: number;
  value?: unknown;
  error?: string;
}

type Answers = Readonly<Record<string, (value: never) => unknown>>;

/** Answers the parent's requests until it goes away, one function a name. */
export function answerParent(answers: Answers): void {
  const reply = (message: Reply): void => {
    process.send?.(message);
  };
  process.on('message', (message: Ask) => {
    const answer = answers[message.name] as ((value: unknown) => unknown) | undefined;
    Promise.resolve()
      .then(() => {
        if (answer === undefined) throw new TypeError(`there is no request ${message.name}`);
        return answer(message.value);
      })
      .then(
        (value) => reply({ id: message.id, value }),
        (error: unknown) => reply({ id: message.id, error: String((error as Error).stack ?? error) }),
      );
  });
  process.once('disconnect', () => process.exit(0));
}
