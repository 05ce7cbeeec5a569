/** A certificate of our own making, since browsers give no microphone to a page without TLS. */
import { isIP } from 'node:net';
import { generate } from 'selfsigned';

export interface TlsIdentity {
  readonly certificate: string;
  readonly key: string;
}

const VALID_DAYS = 825;
const DAY_MS = 86_400_000;
/** subjectAltName types (RFC 5280 §4.2.1.6). */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** Makes an ECDSA certificate for the names and addresses under which the gateway is reached. */
export async function makeSelfSigned(
  names: readonly string[],
  wallClockMs: number,
): Promise<TlsIdentity> {
  const altNames = names.map((name) =>
    isIP(name) === 0
      ? ({ type: DNS_NAME, value: name } as const)
      : ({ type: IP_ADDRESS, ip: name } as const),
  );
  const made = await generate([{ name: 'commonName', value: names[0] ?? 'causeway' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // A day of grace for clients whose clocks are behind.
    notBeforeDate: new Date(wallClockMs - DAY_MS),
    notAfterDate: new Date(wallClockMs + VALID_DAYS * DAY_MS),
    extensions: [{ name: 'subjectAltName', altNames }],
  });
  return { certificate: made.cert, key: made.private };
}
