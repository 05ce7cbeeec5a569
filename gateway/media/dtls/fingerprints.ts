/** Which of a peer's `a=fingerprint` lines must match its certificate (RFC 8122 §5, §6.2). */
import type { Fingerprint } from '../../media-contract/transport.ts';
import type { FingerprintHash } from '../../native/contract.ts';

/** Strongest first. MD5 and MD2 are no proof of anything any more. */
const SUPPORTED: readonly FingerprintHash[] = ['sha-512', 'sha-384', 'sha-256', 'sha-224', 'sha-1'];

/**
 * Whether a certificate is one of those promised: under the strongest hash that is listed and
 * supported, one line has to match. A weaker line beside it proves nothing more.
 */
export function matchesFingerprints(
  promised: readonly Fingerprint[],
  fingerprintOf: (hash: FingerprintHash) => string,
): boolean {
  const listed = (hash: FingerprintHash) => promised.filter((line) => hashOf(line) === hash);
  const strongest = SUPPORTED.find((hash) => listed(hash).length > 0);
  if (strongest === undefined) return false;
  const actual = fingerprintOf(strongest);
  return listed(strongest).some((line) => line.value.toUpperCase() === actual);
}

/** Whether two descriptions promise the same certificate, so that its association goes on. */
export function promiseTheSame(a: readonly Fingerprint[], b: readonly Fingerprint[]): boolean {
  const lines = (list: readonly Fingerprint[]) =>
    new Set(list.map((line) => `${hashOf(line)} ${line.value.toUpperCase()}`));
  const first = lines(a);
  const second = lines(b);
  return first.size === second.size && [...first].every((line) => second.has(line));
}

function hashOf(line: Fingerprint): string {
  return line.hash.toLowerCase();
}
