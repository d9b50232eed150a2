import type { IGrantable } from 'aws-cdk-lib/aws-iam';

/** A wildcard that a binding's right can't do without. */
export interface Wildcard {
  /** As cdk-nag names it: `Resource::arn:<AWS::Partition>:...` or `Action::service:Begin*`. */
  readonly finding: `Resource::${string}` | `Action::${string}`;
  readonly reason: string;
}

/** What a function is given in one call: what it must know, and the least it must be allowed. */
export interface Binding {
  /** Environment variables. Never a secret's value. */
  readonly environment: Readonly<Record<string, string>>;
  /** Adds the rights. */
  grant(grantee: IGrantable): void;
  readonly wildcards?: readonly Wildcard[];
}

/** A binding that tells something and allows nothing. */
export function tell(environment: Binding['environment']): Binding {
  return { environment, grant: () => undefined };
}
