/** Local ICE credentials whose ufrag begins with the media process's name (RFC 8445 §5.3). */
import type { Random } from '../../core/random.ts';
import type { IceCredentials } from '../../media-contract/transport.ts';

/** Six bits an octet: RFC 8839 §5.4 asks for at least 24 bits of ufrag and 128 of password. */
const UFRAG_OCTETS = 8;
const PASSWORD_OCTETS = 24;
const ICE_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function makeCredentials(process: string, random: Random): IceCredentials {
  return {
    ufrag: `${process}${iceCharacters(random, UFRAG_OCTETS)}`,
    pwd: iceCharacters(random, PASSWORD_OCTETS),
  };
}

/** The part of a USERNAME that names the receiver (RFC 8445 §7.2.2); undefined if there is none. */
export function localUfragOf(username: string | undefined): string | undefined {
  const colon = username?.indexOf(':') ?? -1;
  return colon > 0 ? username!.slice(0, colon) : undefined;
}

function iceCharacters(random: Random, count: number): string {
  let text = '';
  for (const octet of random.bytes(count)) text += ICE_CHARACTERS[octet & 63];
  return text;
}
