/** Real offers by name, and what a leg of ours brings to them. */
import { readFileSync } from 'node:fs';
import type { Result } from '../../../../gateway/core/result.ts';
import type {
  Codec,
  LocalMedia,
  RemoteDescription,
  RemoteMedia,
  TransportParameters,
} from '../../../../gateway/offer-answer/description.ts';
import { parseRemoteDescription } from '../../../../gateway/offer-answer/remote-description.ts';

const directory = new URL('../../../fixtures/sdp/', import.meta.url);

export function succeeded<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.detail}`);
  return result.value;
}

export function faultOf(result: Result<unknown>): string | undefined {
  return result.ok ? undefined : result.fault.code;
}

export function fixture(name: string): string {
  return readFileSync(new URL(`${name}.sdp`, directory), 'utf8');
}

export function described(name: string): RemoteDescription {
  return understood(fixture(name));
}

export function understood(sdp: string): RemoteDescription {
  return succeeded(parseRemoteDescription(sdp));
}

/** The m-line at `index`, which must be a usable one. */
export function lineOf(description: RemoteDescription, index = 0): RemoteMedia {
  const line = description.lines[index];
  if (line === undefined || line.kind === 'unusable') throw new Error(`m-line ${index}`);
  return line;
}

/** The lines of an SDP that start with any of the prefixes, in order. */
export function linesOf(sdp: string, ...prefixes: string[]): string[] {
  return sdp.split('\r\n').filter((line) => prefixes.some((prefix) => line.startsWith(prefix)));
}

export function codec(name: string, payloadType: number, more: Partial<Codec> = {}): Codec {
  const clockRate = name === 'opus' ? 48_000 : 8000;
  const channels = name === 'opus' ? 2 : 1;
  return { name, payloadType, clockRate, channels, parameters: {}, feedback: [], ...more };
}

export const opus = codec('opus', 111, { parameters: { minptime: '10' } });
export const pcmu = codec('pcmu', 0);
export const pcma = codec('pcma', 8);
export const g722 = codec('g722', 9);
export const events8 = codec('telephone-event', 101, { parameters: { '0-16': '' } });
export const events48 = codec('telephone-event', 110, {
  clockRate: 48_000,
  parameters: { '0-16': '' },
});
export const audioCodecs = [opus, g722, pcmu, pcma, events8, events48];

export const webrtcTransport: TransportParameters = {
  address: '203.0.113.7',
  rtpPort: 10_000,
  rtcpPort: 10_000,
  mux: true,
  ice: {
    ufrag: 'm0ufrag',
    pwd: 'local-password-of-22-chars',
    lite: true,
    candidates: [
      {
        foundation: '1',
        component: 1,
        protocol: 'udp',
        priority: 2_130_706_431,
        address: '203.0.113.7',
        port: 10_000,
        type: 'host',
      },
    ],
    endOfCandidates: true,
  },
  fingerprints: [{ hash: 'sha-256', value: new Array(32).fill('AB').join(':') }],
  crypto: [],
};

export const rtpTransport: TransportParameters = {
  address: '203.0.113.7',
  rtpPort: 20_000,
  rtcpPort: 20_001,
  mux: false,
  fingerprints: [],
  crypto: [],
};

export const sdesTransport: TransportParameters = {
  ...rtpTransport,
  crypto: [
    { tag: 1, suite: 'AES_CM_128_HMAC_SHA1_80', key: Buffer.alloc(30, 1).toString('base64') },
    { tag: 2, suite: 'AES_CM_128_HMAC_SHA1_32', key: Buffer.alloc(30, 2).toString('base64') },
  ],
};

export function audio(transport: TransportParameters, more: Partial<LocalMedia> = {}): LocalMedia {
  return {
    kind: 'audio',
    codecs: audioCodecs,
    direction: 'sendrecv',
    transport,
    extensions: [],
    ...more,
  };
}

export const browserAudio = audio(webrtcTransport, {
  extensions: [{ id: 1, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' }],
  source: { ssrc: 1234, cname: 'ours' },
  stream: { stream: 'causeway', track: 'audio' },
});
