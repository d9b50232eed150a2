import type { Blocker, Warning } from '../model/problem.ts';

/** Collects what a plan has to say; nothing stops at the first problem. */
export class Findings {
  readonly blockers: Blocker[] = [];
  readonly warnings: Warning[] = [];

  block(code: Blocker['code'], message: string, place: Omit<Blocker, 'code' | 'message'> = {}): void {
    this.blockers.push({ code, message, ...place });
  }

  warn(code: string, message: string, place: Omit<Warning, 'code' | 'message'> = {}): void {
    this.warnings.push({ code, message, ...place });
  }

  /** Puts everything into an order that does not depend on the order the snapshot was read in. */
  sorted(): { blockers: Blocker[]; warnings: Warning[] } {
    const order = (a: Warning, b: Warning): number =>
      compare(a.code, b.code) ||
      compare(a.type, b.type) ||
      compare(a.sourceId, b.sourceId) ||
      compare(a.path, b.path) ||
      compare(a.message, b.message);
    return { blockers: this.blockers.sort(order), warnings: this.warnings.sort(order) };
  }
}

function compare(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
