/** What an examination of this machine finds, and how it is told. */

export type Verdict = 'good' | 'warning' | 'bad';

export interface Finding {
  readonly name: string;
  readonly verdict: Verdict;
  readonly detail: string;
}

const MARKS: { readonly [verdict in Verdict]: string } = { good: '✓', warning: '!', bad: '✗' };

/** One line a finding. */
export function findingLines(findings: readonly Finding[]): string {
  return findings
    .map(({ name, verdict, detail }) => `${MARKS[verdict]} ${name.padEnd(20)} ${detail}\n`)
    .join('');
}

/** The exit code of an examination: only what is bad fails it. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 {
  return findings.some(({ verdict }) => verdict === 'bad') ? 1 : 0;
}
