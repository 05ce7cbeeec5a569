/** What peers say in SDP: browsers as recorded, phones by a description of their own making. */
import { readFileSync } from 'node:fs';

const FIXTURES = new URL('../../fixtures/sdp/', import.meta.url);

/** An SDP that a real browser made. */
export function recorded(name: string): string {
  return readFileSync(new URL(`${name}.sdp`, FIXTURES), 'utf8');
}

export interface PhoneMedia {
  readonly port?: number;
  readonly address?: string;
  /** Static audio codecs by payload type, best first. */
  readonly codecs?: readonly ('pcmu' | 'pcma' | 'g722' | 'opus')[];
  readonly direction?: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  /** An SDES key in base64. */
  readonly key?: string;
  readonly version?: number;
}

const PAYLOAD_TYPES = { pcmu: 0, pcma: 8, g722: 9, opus: 96 } as const;
const RATES = { pcmu: 'PCMU/8000', pcma: 'PCMA/8000', g722: 'G722/8000', opus: 'opus/48000/2' };

/** An offer or an answer as phones write them, events included. */
export function phoneSdp(media: PhoneMedia = {}): string {
  const { port = 40_000, address = '127.0.0.1', codecs = ['pcmu'], version = 1 } = media;
  const payloadTypes = [...codecs.map((codec) => PAYLOAD_TYPES[codec]), 101];
  const profile = media.key === undefined ? 'RTP/AVP' : 'RTP/SAVP';
  const lines = [
    'v=0',
    `o=phone 1 ${version} IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} ${profile} ${payloadTypes.join(' ')}`,
    ...codecs.map((codec) => `a=rtpmap:${PAYLOAD_TYPES[codec]} ${RATES[codec]}`),
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-16',
  ];
  if (media.key !== undefined) {
    lines.push(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${media.key}`);
  }
  lines.push(`a=${media.direction ?? 'sendrecv'}`);
  return `${lines.join('\r\n')}\r\n`;
}

/** The audio payload types of a description's first m-line, in order. */
export function payloadTypesOf(sdp: string): number[] {
  const line = /^m=audio \d+ \S+ (.*?)\r?$/m.exec(sdp);
  return (line?.[1] ?? '').split(' ').map(Number);
}

export function directionOf(sdp: string): string | undefined {
  return /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(sdp)?.[1];
}
