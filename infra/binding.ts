import type { IGrantable } from 'aws-cdk-lib/aws-iam';

/** A wildcard that a binding's right can't do without. */
export interface Wildcard {
  /** The resource as cdk-nag names it: `arn:<AWS::Partition>:...`. */
  readonly resource: string;
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
