/**
 * What a plain phone and a browser without sound say in SDP: one stream of PCMU each (RFC 8866).
 */

export interface Place {
  readonly address: string;
  readonly port: number;
}

/** What a WebRTC side tells of itself. */
export interface WebRtcFacts {
  readonly ufrag: string;
  readonly password: string;
  readonly fingerprint: { readonly hash: string; readonly value: string };
}

export function phoneDescription({ address, port }: Place): string {
  return written([
    'v=0',
    `o=phone ${port} 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0`,
    'a=rtpmap:0 PCMU/8000',
    'a=ptime:20',
    'a=sendrecv',
  ]);
}

export type BrowserCodec = 'pcmu' | 'opus';

/** The payload type under which a browser announces the codec. */
export const PAYLOAD_TYPES: { readonly [codec in BrowserCodec]: number } = { pcmu: 0, opus: 111 };
const ENCODINGS = { pcmu: 'PCMU/8000', opus: 'opus/48000/2' };

/** An offer leaves the DTLS role open; an answer takes the active one. */
export function browserDescription(
  facts: WebRtcFacts,
  kind: 'offer' | 'answer',
  codec: BrowserCodec = 'pcmu',
): string {
  const { ufrag, password, fingerprint } = facts;
  const payloadType = PAYLOAD_TYPES[codec];
  return written([
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    `m=audio 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    `a=rtpmap:${payloadType} ${ENCODINGS[codec]}`,
    'a=ptime:20',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:${fingerprint.hash} ${fingerprint.value}`,
    `a=setup:${kind === 'offer' ? 'actpass' : 'active'}`,
  ]);
}

/** Where plain RTP is expected. */
export function rtpPlaceIn(sdp: string): Place {
  const address = need(sdp, /^c=IN IP4 (\S+)/m);
  return { address, port: Number(need(sdp, /^m=audio (\d+)/m)) };
}

/** The gateway's side of ICE. */
export function iceSideIn(sdp: string): {
  readonly place: Place;
  readonly ufrag: string;
  readonly password: string;
} {
  const [, address = '', port = ''] =
    /^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/im.exec(sdp) ?? [];
  return {
    place: { address, port: Number(port) },
    ufrag: need(sdp, /^a=ice-ufrag:(\S+)/m),
    password: need(sdp, /^a=ice-pwd:(\S+)/m),
  };
}

function need(sdp: string, pattern: RegExp): string {
  const found = pattern.exec(sdp)?.[1];
  if (found === undefined) throw new Error(`no ${pattern} in description:\n${sdp}`);
  return found;
}

function written(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`;
}
