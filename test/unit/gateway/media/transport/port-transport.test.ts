import { describe, expect, test } from '@jest/globals';
import { RTP, SDES } from '../../../../../gateway/media-contract/transport.ts';
import {
  SimulatedKeyedPhone,
  sdesKey,
} from '../../../../sim/media/support/simulated-keyed-phone.ts';
import {
  audio,
  GATEWAY,
  PCMU,
  SimulatedMedia,
} from '../../../../sim/media/support/simulated-media.ts';
import { SimulatedPhone } from '../../../../sim/media/support/simulated-phone.ts';

const REMOTE = { address: '203.0.113.1', rtpPort: 4000 };
const PHONE = { host: '203.0.113.1', port: 4000, ssrc: 1, mark: 1 };

describe('a transport on ports of its own', () => {
  test('sends RTCP to the described port, else one above RTP’s', () => {
    const media = new SimulatedMedia({ seed: 1 });
    media.openLeg('told', RTP);
    media.openLeg('untold', RTP);
    const plan = [audio([PCMU])];
    media.do(
      { op: 'configure-leg', leg: 'told', remote: { ...REMOTE, rtcpPort: 4444 }, media: plan },
      { op: 'configure-leg', leg: 'untold', remote: REMOTE, media: plan },
    );
    media.advance(5_000);
    const to = media.network.sent.filter(({ bytes }) => bytes[1]! >= 200).map((sent) => sent.to);
    expect(new Set(to)).toEqual(new Set(['203.0.113.1:4444', '203.0.113.1:4001']));
  });

  test('under mux sends both to one port, from one port', () => {
    const media = new SimulatedMedia({ seed: 1 });
    const local = media.openLeg('leg', { ...RTP, rtcp: 'mux' });
    expect(local.rtcpPort).toBe(local.rtpPort);
    media.do({ op: 'configure-leg', leg: 'leg', remote: REMOTE, media: [audio([PCMU])] });
    media.advance(5_000);
    const ends = media.network.sent.map(({ from, to }) => `${from} ${to}`);
    expect(new Set(ends)).toEqual(new Set([`${GATEWAY}:${local.rtpPort} 203.0.113.1:4000`]));
  });

  test('follows authenticated media to a new address, and no replayed packet', () => {
    const media = new SimulatedMedia({ seed: 1 });
    const phone = new SimulatedKeyedPhone(media, PHONE, sdesKey(1), sdesKey(2));
    const local = media.openLeg('leg', SDES);
    const sdes = { local: sdesKey(2), remote: sdesKey(1) };
    media.do(
      { op: 'configure-leg', leg: 'leg', remote: { ...REMOTE, sdes }, media: [audio([PCMU])] },
      { op: 'set-source', leg: 'leg', source: { kind: 'echo' } },
    );
    phone.target = `${GATEWAY}:${local.rtpPort}`;
    media.advance(500);
    const replayed = media.network.sent.find(({ from }) => from === phone.address)!;
    media.network.send('192.0.2.66:6', phone.target, replayed.bytes, media.now);
    media.advance(100);
    expect(media.network.sent.some(({ to }) => to === '192.0.2.66:6')).toBe(false);
    media.network.translate(phone.address, '203.0.113.77:40000');
    const heard = phone.heard.length;
    media.advance(500);
    expect(phone.heard.length - heard).toBeGreaterThan(20);
  });

  test('does not take RTP on the RTCP port', () => {
    const media = new SimulatedMedia({ seed: 1 });
    const phone = new SimulatedPhone(media, PHONE);
    const local = media.openLeg('leg', RTP);
    media.do({ op: 'configure-leg', leg: 'leg', remote: REMOTE, media: [audio([PCMU])] });
    phone.target = `${GATEWAY}:${local.rtcpPort}`;
    media.advance(200);
    expect(media.eventsOf('leg-receiving')).toHaveLength(0);
  });
});
