import { describe, expect, test } from '@jest/globals';
import { RTP, SDES } from '../../../../../gateway/media-contract/transport.ts';
import { sdesKey } from '../../../../sim/media/support/simulated-keyed-phone.ts';
import {
  audio,
  GATEWAY,
  PCMU,
  SimulatedMedia,
} from '../../../../sim/media/support/simulated-media.ts';

const REMOTE = { address: '203.0.113.1', rtpPort: 4000, rtcpPort: 4001 };

function refused(media: SimulatedMedia) {
  const reply = media.execute({ op: 'statistics', leg: 'leg' });
  return reply.op === 'statistics' ? reply.statistics.refused : undefined;
}

describe('the transport of a leg', () => {
  test('counts what is no RTP, whoever sent it', () => {
    const media = new SimulatedMedia({ seed: 1 });
    const { rtpPort } = media.openLeg('leg', RTP);
    media.do({ op: 'configure-leg', leg: 'leg', remote: REMOTE, media: [audio([PCMU])] });
    const send = (bytes: Uint8Array) =>
      media.network.send('203.0.113.1:4000', `${GATEWAY}:${rtpPort}`, bytes, media.now);
    send(Uint8Array.of(0x80, 0, 1));
    send(Uint8Array.of(0x80, 200, 0, 0));
    send(Uint8Array.of(0, 1, 0, 0));
    media.advance(5);
    expect(refused(media)).toEqual({
      'rtp.malformed': 1,
      'rtcp.malformed': 1,
      'datagram.unexpected': 1,
    });
  });

  test('with keys lets nothing through that is not authentic, and nothing at all before them', () => {
    const media = new SimulatedMedia({ seed: 1 });
    const { rtpPort } = media.openLeg('leg', SDES);
    const send = () => {
      const bytes = new Uint8Array(60);
      bytes[0] = 0x80;
      media.network.send('203.0.113.1:4000', `${GATEWAY}:${rtpPort}`, bytes, media.now);
      media.advance(2);
    };
    send();
    expect(refused(media)).toEqual({ 'srtp.no_key': 1 });
    const sdes = { local: sdesKey(1), remote: sdesKey(2) };
    const remote = { ...REMOTE, sdes };
    media.do({ op: 'configure-leg', leg: 'leg', remote, media: [audio([PCMU])] });
    send();
    expect(refused(media)).toEqual({ 'srtp.no_key': 1, 'srtp.unauthenticated': 1 });
    expect(media.eventsOf('leg-receiving')).toHaveLength(0);
  });

  test('is connected once it can send, and says so once', () => {
    const media = new SimulatedMedia({ seed: 1 });
    media.openLeg('leg', SDES);
    const configure = (more: object) =>
      media.do({
        op: 'configure-leg',
        leg: 'leg',
        remote: { ...REMOTE, ...more },
        media: [audio([PCMU])],
      });
    configure({});
    expect(media.eventsOf('leg-connected')).toHaveLength(0);
    configure({ sdes: { local: sdesKey(1), remote: sdesKey(2) } });
    configure({ sdes: { local: sdesKey(1), remote: sdesKey(3) } });
    expect(media.eventsOf('leg-connected')).toHaveLength(1);
  });
});
