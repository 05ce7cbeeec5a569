/** SDES keys (RFC 4568, RFC 6188) between the form that SDP carries and media's own. */
import type { Random } from '../core/random.ts';
import type { SdesKey, SrtpSuite } from '../media-contract/transport.ts';
import type { CryptoLine } from '../offer-answer/description.ts';

/** Octets of the master key and the master salt (RFC 4568 §6.2, RFC 6188 §4, RFC 7714 §12). */
const SIZES: { readonly [suite in SrtpSuite]: readonly [key: number, salt: number] } = {
  AES_CM_128_HMAC_SHA1_80: [16, 14],
  AES_CM_128_HMAC_SHA1_32: [16, 14],
  AES_256_CM_HMAC_SHA1_80: [32, 14],
  AES_256_CM_HMAC_SHA1_32: [32, 14],
  AEAD_AES_128_GCM: [16, 12],
  AEAD_AES_256_GCM: [32, 12],
};

/** One fresh line for each suite, best first, tagged from 1. */
export function makeCryptoLines(random: Random, suites: readonly SrtpSuite[]): CryptoLine[] {
  return suites.map((suite, index) => {
    const [key, salt] = SIZES[suite];
    return {
      tag: index + 1,
      suite,
      key: Buffer.from(random.bytes(key + salt)).toString('base64'),
    };
  });
}

export function sdesKeyOf(line: CryptoLine): SdesKey {
  const [keyLength] = SIZES[line.suite];
  const octets = Buffer.from(line.key, 'base64');
  const { suite, mki } = line;
  return {
    suite,
    keyHex: octets.subarray(0, keyLength).toString('hex'),
    saltHex: octets.subarray(keyLength).toString('hex'),
    ...(mki && { mkiHex: mki.value.toString(16).padStart(2 * mki.length, '0') }),
  };
}
