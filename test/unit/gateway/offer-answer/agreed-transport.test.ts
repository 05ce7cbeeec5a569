/** What two transports come to. */
import { describe, expect, test } from '@jest/globals';
import {
  acceptedTransport,
  answeredTransport,
  isSameAssociation,
} from '../../../../gateway/offer-answer/agreed-transport.ts';
import { makeAnswer } from '../../../../gateway/offer-answer/answer.ts';
import { type DtlsSetup, transportPresets } from '../../../../gateway/offer-answer/description.ts';
import { startNegotiation } from '../../../../gateway/offer-answer/negotiation.ts';
import * as ours from './examples.ts';

const offered = (setup: DtlsSetup | undefined) => {
  const line = ours.lineOf(ours.described('baresip-dtls-offer'));
  const { setup: _, ...transport } = line.transport;
  return { ...line, transport: { ...transport, ...(setup && { setup }) } };
};
const { dtls, rtp, webrtc } = transportPresets;

describe('Our DTLS role in an answer (RFC 5763 §5)', () => {
  test.each([
    ['actpass', 'passive'],
    ['active', 'passive'],
    ['passive', 'active'],
    [undefined, 'passive'],
  ] as const)('to %p is %s', (setup, role) => {
    const agreed = answeredTransport(dtls, offered(setup), ours.webrtcTransport, undefined);
    expect(agreed?.local.setup).toBe(role);
    expect(agreed?.remote.setup).toBe(role === 'active' ? 'passive' : 'active');
  });

  test('stays while the association goes on, and is open again with a new one (RFC 8842)', () => {
    const media = ours.audio(ours.webrtcTransport);
    const offer = ours.fixture('baresip-dtls-offer').replace('actpass', 'passive');
    const start = startNegotiation(dtls, false, '1');
    const first = ours.succeeded(makeAnswer(start, ours.understood(offer), [media])).agreed[0]!;
    expect(first.local.setup).toBe('active');
    const role = (line: ReturnType<typeof offered>) =>
      answeredTransport(dtls, line, ours.webrtcTransport, first)?.local.setup;
    expect(role(offered('actpass'))).toBe('active');
    expect(role(offered('active'))).toBe('passive');
    const anew = offered('actpass');
    const { fingerprints } = ours.webrtcTransport;
    expect(role({ ...anew, transport: { ...anew.transport, fingerprints } })).toBe('passive');
  });
});

test('a plain transport has no trace of ICE and DTLS that were offered beside it', () => {
  const line = ours.lineOf(ours.described('baresip-ice-offer'));
  const agreed = answeredTransport(rtp, line, ours.webrtcTransport, undefined);
  for (const end of [agreed?.local, agreed?.remote]) {
    expect(end).not.toHaveProperty('ice');
    expect(end).not.toHaveProperty('setup');
    expect(end).toMatchObject({ fingerprints: [], crypto: [], mux: false });
  }
});

test('a muxed transport sends RTCP where RTP goes, whatever a=rtcp said', () => {
  const line = ours.lineOf(ours.described('chromium-audio-offer'));
  const agreed = answeredTransport(webrtc, line, ours.webrtcTransport, undefined);
  expect(line.transport.rtcpPort).toBe(9);
  expect(agreed?.remote.rtcpPort).toBe(line.transport.rtpPort);
  const accepted = acceptedTransport(webrtc, ours.webrtcTransport, line);
  expect(accepted?.remote).toMatchObject({ mux: true, rtcpPort: line.transport.rtpPort });
});

test('an association is the same as long as fingerprints and tls-id are', () => {
  const one = { hash: 'sha-256', value: 'AA' };
  const two = { hash: 'sha-1', value: 'BB' };
  expect(isSameAssociation({ fingerprints: [one, two] }, { fingerprints: [two, one] })).toBe(true);
  expect(isSameAssociation({ fingerprints: [one] }, { fingerprints: [two] })).toBe(false);
  const id = (tlsId: string) => ({ fingerprints: [one], tlsId });
  expect(isSameAssociation(id('a'), id('b'))).toBe(false);
});
