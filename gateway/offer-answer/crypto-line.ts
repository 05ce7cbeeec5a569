/** SDES key lines: read, chosen and written (RFC 4568 §9, RFC 6188, RFC 7714 §14). */
import type { SdpAttribute } from '../wire/sdp/session-description.ts';
import { attributeValues } from '../wire/sdp/session-description.ts';
import type { CryptoLine, CryptoSuite } from './description.ts';

/** Octets of master key and salt together (RFC 4568 §6.2, RFC 6188 §4, RFC 7714 §12). */
const KEY_OCTETS: { readonly [suite in CryptoSuite]: number } = {
  AES_CM_128_HMAC_SHA1_80: 30,
  AES_CM_128_HMAC_SHA1_32: 30,
  AES_256_CM_HMAC_SHA1_80: 46,
  AES_256_CM_HMAC_SHA1_32: 46,
  AEAD_AES_128_GCM: 28,
  AEAD_AES_256_GCM: 44,
};
/** RFC 6188 names its suites AES_256_CM_…; phones also write AES_CM_256_…. */
const ALIASES: { readonly [written: string]: CryptoSuite } = {
  AES_CM_256_HMAC_SHA1_80: 'AES_256_CM_HMAC_SHA1_80',
  AES_CM_256_HMAC_SHA1_32: 'AES_256_CM_HMAC_SHA1_32',
};
const MOST_CRYPTO_LINES = 16;
const LONGEST_MKI_OCTETS = 4;

/**
 * The lines that we can use. A line is dropped, and the call goes on with the others, when its
 * suite is unknown, its key has another size, it asks for several keys, or it has a session
 * parameter that we do not know and that does not start with `-` (§6.3.7).
 */
export function readCryptoLines(attributes: readonly SdpAttribute[]): CryptoLine[] {
  const values = attributeValues(attributes, 'crypto').slice(0, MOST_CRYPTO_LINES);
  return values.flatMap((value) => readCryptoLine(value) ?? []);
}

/**
 * The offered line to answer with: ours first, then without MKI before with, then the offer's
 * order.
 */
export function chooseCryptoLine(
  offered: readonly CryptoLine[],
  supported: readonly CryptoLine[],
): { readonly offered: CryptoLine; readonly ours: CryptoLine } | undefined {
  const pairs = offered.flatMap((line) => {
    const ours = supported.find(({ suite }) => suite === line.suite);
    return ours ? [{ offered: line, ours }] : [];
  });
  return pairs.find((pair) => pair.offered.mki === undefined) ?? pairs[0];
}

/** The attribute's value: tag, suite and the one inline key. */
export function formatCryptoLine({ tag, suite, key, mki }: CryptoLine): string {
  const suffix = mki === undefined ? '' : `|${mki.value}:${mki.length}`;
  return `${tag} ${suite} inline:${key}${suffix}`;
}

function readCryptoLine(value: string): CryptoLine | undefined {
  const [tag, written, keys, ...parameters] = value.split(/ +/);
  if (tag === undefined || written === undefined || keys === undefined) return undefined;
  const suite = suiteNamed(written);
  if (!/^\d{1,9}$/.test(tag) || suite === undefined) return undefined;
  if (!parameters.every((parameter) => parameter.startsWith('-'))) return undefined;
  const match = /^inline:([A-Za-z0-9+/]+={0,2})((?:\|[^|;]*)*)$/i.exec(keys);
  if (!match || Buffer.from(match[1]!, 'base64').length !== KEY_OCTETS[suite]) return undefined;
  const line = { tag: Number(tag), suite, key: match[1]! };
  return withKeyParameters(line, match[2]!.split('|').slice(1));
}

function suiteNamed(written: string): CryptoSuite | undefined {
  const name = written.toUpperCase();
  if (Object.hasOwn(KEY_OCTETS, name)) return name as CryptoSuite;
  return Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
}

/** §6.1: an optional lifetime, which only says when to re-key, then an optional `MKI:length`. */
function withKeyParameters(
  line: CryptoLine,
  parameters: readonly string[],
): CryptoLine | undefined {
  const rest = [...parameters];
  if (rest[0] !== undefined && /^(2\^)?\d{1,20}$/.test(rest[0])) rest.shift();
  if (rest.length === 0) return line;
  const match = /^(\d{1,10}):(\d{1,3})$/.exec(rest[0]!);
  if (!match || rest.length > 1) return undefined;
  const mki = { value: Number(match[1]), length: Number(match[2]) };
  const fits = mki.length >= 1 && mki.length <= LONGEST_MKI_OCTETS;
  return fits && mki.value < 256 ** mki.length ? { ...line, mki } : undefined;
}
